"""What quality's doors take in."""

from datetime import datetime, timedelta
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator

from conversation.events import Spot
from quality_check.rules.judging import Verdict
from web.fields import storable

LONGEST: Final = timedelta(days=1100)


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
    """Unknown fields, and characters that no store keeps, are refused."""

    model_config = ConfigDict(extra="forbid")
    _can_be_stored = field_validator("*")(storable)


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


class SheetFilter(ListFilter):
    """The same to take away: headings and values in the language `words`, else as fields are called on the wire."""

    words: Literal["zh", "en"] | None = None
    timezone: Annotated[str, Field(max_length=64)] = "UTC"


Choices = Annotated[
    dict[Annotated[str, Field(max_length=60)], Annotated[str, Field(max_length=60)]], Field(max_length=100)
]
Number = Annotated[int, Field(ge=0, le=10_000)]
Seq = Annotated[int, Field(ge=1, le=2**63 - 1)]
Person = Annotated[str, Field(min_length=1, max_length=64)]
People = Annotated[list[Person], Field(max_length=50)]
Days = Annotated[int, Field(ge=1, le=90)]


class Place(Body):
    """Characters of a message."""

    seq: Annotated[int, Field(ge=0, le=2**63 - 1)]
    start: Annotated[int, Field(ge=0, le=1_000_000)]
    end: Annotated[int, Field(ge=0, le=1_000_000)]


class Missed(Body):
    """A rule the engine did not find, and where it should have."""

    rule: Annotated[str, Field(max_length=60)]
    spots: Annotated[list[Place], Field(max_length=20)] = []


class VerdictBody(Body):
    """What a person says of a score: its lines right or wrong by number, answers, missed rules."""

    lines: Annotated[dict[Number, bool], Field(max_length=1000)] = {}
    answers: Choices = {}
    missed: Annotated[list[Missed], Field(max_length=50)] = []

    def verdict(self) -> Verdict:
        """As rules take it."""
        missed = [(one.rule, tuple(Spot(at.seq, at.start, at.end) for at in one.spots)) for one in self.missed]
        return Verdict(self.lines, self.answers, missed)


class ReviewBody(VerdictBody):
    """A whole review."""

    comment: Text = ""


class Comment(Body):
    """What somebody adds."""

    comment: Text = ""


class AppealBody(Body):
    """Why the agent disagrees, with which lines, and which messages (by seq) show it."""

    id: Id
    lines: Annotated[list[Number], Field(max_length=100)] = []
    turns: Annotated[list[Seq], Field(max_length=100)] = []
    reason: Annotated[str, Field(min_length=1, max_length=2000)]


class DecisionBody(Body):
    """The final word; `verdict` is needed for `partly`."""

    outcome: Literal["accepted", "partly", "rejected"]
    decision: Annotated[str, Field(min_length=1, max_length=2000)]
    verdict: VerdictBody | None = None


class CoachBody(Body):
    """A card for the agent."""

    id: Id
    rule: Annotated[str, Field(max_length=60)] = ""
    text: Annotated[str, Field(min_length=1, max_length=2000)]


class AssignBody(Body):
    """Scores to review, given to somebody."""

    inspections: Annotated[list[Id], Field(min_length=1, max_length=200)]
    reviewer: Person
    days: Days | None = None


class PlanBody(Body):
    """A sampling plan."""

    name: Annotated[str, Field(min_length=1, max_length=100)]
    active: bool = True
    how: Literal["random", "per_agent", "risk", "new"] = "random"
    count: Annotated[int, Field(ge=1, le=500)] = 10
    every: Literal["day", "week"] = "week"
    reviewers: Annotated[list[Person], Field(min_length=1, max_length=50)]
    agents: People = []
    about: Literal["agent", "bot", "any"] = "agent"
    group: Annotated[str, Field(max_length=64)] = ""
    channel: Annotated[str, Field(max_length=40)] = ""
    below: Points | None = None
    days: Days = 3
    second: Annotated[float, Field(ge=0, le=1)] = 0.0
    new_days: Annotated[int, Field(ge=1, le=730)] = 60


class SessionBody(Body):
    """A calibration session."""

    id: Id
    title: Annotated[str, Field(min_length=1, max_length=100)]
    inspections: Annotated[list[Id], Field(min_length=1, max_length=50)]
    reviewers: Annotated[list[Person], Field(min_length=2, max_length=20)]
    expert: Annotated[str, Field(max_length=64)] = ""


class DraftBody(Body):
    """A whole rubric or scorecard in YAML."""

    text: Annotated[str, Field(max_length=1_000_000)]
    note: Annotated[str, Field(max_length=500)] = ""


class RuleBody(Body):
    """One rule in YAML."""

    text: Annotated[str, Field(min_length=1, max_length=50_000)]


class ExampleBody(Body):
    """A message that is an example of something."""

    name: Annotated[str, Field(pattern=r"\S", max_length=60)]
    seq: Annotated[int, Field(ge=1, le=2**63 - 1)]


class ProposalBody(Body):
    """Which examples, and how many of the last conversations they are held against."""

    name: Annotated[str, Field(pattern=r"\S", max_length=60)]
    last: Annotated[int, Field(ge=1, le=1000)] = 300


class TrialBody(Body):
    """How many of the last conversations the draft is tried on."""

    last: Annotated[int, Field(ge=1, le=20_000)] = 500


class OverviewFilter(Span):
    """Figures over time; times are needed."""

    since: Moment
    until: Moment
    by: Literal["day", "week"] = "day"
    timezone: Annotated[str, Field(max_length=64)] = "UTC"
    site: Annotated[str, Field(max_length=64)] | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not timedelta(0) < self.until - self.since <= LONGEST:
            raise ValueError(f"until is after since, and at most {LONGEST.days} days")
        return self


class ReportFilter(OverviewFilter):
    """The same to print; `words` is the report's language."""

    words: Literal["zh", "en"] = "zh"
