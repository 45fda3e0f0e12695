"""What the library's doors take in."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from knowledge.store.entries import State
from web.fields import Seq

Tag = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40, pattern=r"^[^,\x00-\x1f]+$")]
Folder = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200, pattern=r"^[^\\\x00-\x1f]*$")]
Link = Annotated[str, Field(max_length=500, pattern=r"^(https?://\S+)?$")]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500, pattern=r"^[^\x00]*$")]
Answer = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=8000, pattern=r"^[^\x00]*$")]
Version = Annotated[int, Field(ge=1, le=2**31 - 1)]


class Body(BaseModel):
    """Nothing that is not known."""

    model_config = ConfigDict(extra="forbid")


class Days(Body):
    """From when to when something is valid, both days included."""

    since: date | None = None
    until: date | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.since and self.until and self.until < self.since:
            raise ValueError("until lies before since")
        return self


class OptionsBody(Days):
    """As Options."""

    folder: Folder = ""
    tags: Annotated[list[Tag], Field(max_length=20)] = []
    language: Literal["", "zh", "en"] = ""
    audience: Literal["public", "staff"] = "public"
    link: Link = ""
    publish: bool = True


class PairBody(OptionsBody):
    """A question and its answer; `gaps` are the unanswered questions that it answers."""

    question: Words
    answer: Answer
    gaps: Annotated[list[Seq], Field(max_length=1000)] = []


class PairChange(PairBody):
    """The next version; `version` is the one it follows."""

    version: Version


class EntryChange(Days):
    """What is said about an entry."""

    version: Version
    title: Words
    folder: Folder
    tags: Annotated[list[Tag], Field(max_length=20)]
    language: Literal["zh", "en"]
    audience: Literal["public", "staff"]
    link: Link = ""


class Move(Body):
    """Publish, take back, put away, remove."""

    version: Version
    state: Literal["draft", "published", "archived", "removed"]


class Restore(Body):
    """Make version `to` the next one."""

    version: Version
    to: Version


class UseBody(Body):
    """An agent used or opened an entry; `id` is the client's own, so that a repeat counts once."""

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
    entry: Annotated[str, Field(max_length=64)]
    kind: Literal["used", "clicked", "helpful", "unhelpful"]


class Dismiss(Body):
    """Questions that need no answer."""

    seqs: Annotated[list[Seq], Field(min_length=1, max_length=1000)]


class Listing(Body):
    """Which entries."""

    state: State | Literal["all"] = "all"
    folder: Folder = ""
    tag: Annotated[str, Field(max_length=40)] = ""
    q: Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")] = ""
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    offset: Annotated[int, Field(ge=0, le=1_000_000)] = 0


class Question(Body):
    """What somebody asks or looks for; a test box may ask as a customer."""

    q: Words
    audience: Literal["public", "staff"] = "staff"
    language: Literal["", "zh", "en"] = ""
    folder: Folder = ""
    tag: Annotated[str, Field(max_length=40)] = ""
    limit: Annotated[int, Field(ge=1, le=50)] = 10
