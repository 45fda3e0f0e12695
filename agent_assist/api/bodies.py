"""What assist's doors take in."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from web.fields import Seq

Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]


class Body(BaseModel):
    """Nothing that is not known."""

    model_config = ConfigDict(extra="forbid")


class Judgement(Body):
    """What an agent did with a suggestion."""

    id: Id
    suggested: Seq
    number: Annotated[int, Field(ge=0, le=20)]
    verdict: Literal["shown", "picked", "dismissed", "wrong"]


class Typed(Body):
    """What stands in the box so far."""

    text: Annotated[str, Field(max_length=2000)]


class Polish(Body):
    """A text, and how it should become better."""

    text: Annotated[str, Field(min_length=1, max_length=4000)]
    way: Literal["tidy", "shorter", "politer"]
    language: Literal["zh", "en"]


class Translate(Body):
    """A text, and the language it should be in."""

    text: Annotated[str, Field(min_length=1, max_length=4000)]
    language: Literal["zh", "en"]


class Refusal(Body):
    """A proposal that is not wanted, by its answer."""

    text: Annotated[str, Field(min_length=1, max_length=4000)]


class Choice(Body):
    """The guide to follow; "" is none."""

    id: Id
    guide: Annotated[str, Field(max_length=64)]


class Tick(Body):
    """A step done, or not done after all."""

    id: Id
    guide: Annotated[str, Field(min_length=1, max_length=64)]
    step: Annotated[str, Field(min_length=1, max_length=64)]
    done: bool
