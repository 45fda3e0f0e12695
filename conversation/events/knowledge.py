"""Facts of the library: what answered a customer, how it was judged, and what it could not answer."""

from dataclasses import dataclass

from conversation.events.fact import Audience, Fact


@dataclass(frozen=True, slots=True)
class SourceGiven(Fact):
    """The bot answered with passage `number` of a library entry; `sure` (0 to 1) is how probable it was right."""

    audience = Audience.STAFF
    entry: str
    number: int
    title: str
    sure: float
    page: int | None = None


@dataclass(frozen=True, slots=True)
class SourceJudged(Fact):
    """The customer said whether the answer from a library entry helped."""

    audience = Audience.STAFF
    entry: str
    helpful: bool


@dataclass(frozen=True, slots=True)
class QuestionMissed(Fact):
    """Neither the bot nor the library had an answer to the message at `seq`; `sure` is what the best guess had."""

    audience = Audience.STAFF
    seq: int
    sure: float
