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
