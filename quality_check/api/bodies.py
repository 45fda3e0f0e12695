"""What quality's doors take in."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field


def _with_offset(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a time needs its offset, such as Z")
    if not 2000 <= at.year <= 2200:
        raise ValueError("between the years 2000 and 2200")
    return at


Moment = Annotated[datetime, AfterValidator(_with_offset)]
Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Text = Annotated[str, Field(max_length=2000)]
Points = Annotated[float, Field(ge=0, le=100)]


class Body(BaseModel):
    """Nothing that is not known."""

    model_config = ConfigDict(extra="forbid")


class Span(Body):
    """Of conversations that ended in since <= t < until; all filters but the time are optional."""

    since: Moment | None = None
    until: Moment | None = None
    subject: Annotated[str, Field(max_length=64)] | None = None
    group: Annotated[str, Field(max_length=64)] | None = None
    channel: Annotated[str, Field(max_length=40)] | None = None
    language: Annotated[str, Field(max_length=8)] | None = None


class ListFilter(Span):
    """Which inspections."""

    rule: Annotated[str, Field(max_length=60)] | None = None
    standing: Literal["machine", "reviewed", "appealed", "decided"] | None = None
    fatal: bool | None = None
    seen: bool | None = None
    below: Points | None = None
    above: Points | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    offset: Annotated[int, Field(ge=0, le=1_000_000)] = 0
