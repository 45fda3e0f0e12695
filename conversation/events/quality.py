"""Facts of quality inspection: what the rules found, the score, and what people made of it. Never for the customer.

Places are characters of a message in the log, never a copy of its words, so that erasure reaches them.
"""

from dataclasses import dataclass
from typing import Annotated

from conversation.events.fact import WORDS, Audience, Fact


@dataclass(frozen=True, slots=True)
class Spot:
    """Characters `start` to `end` of the message at `seq`."""

    seq: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class RuleHit:
    """A rule of the rubric that applies, named in both languages, and where."""

    rule: str
    zh: str
    en: str
    severity: str
    points: float
    fatal: bool
    spots: tuple[Spot, ...] = ()


@dataclass(frozen=True, slots=True)
class Flagged(Fact):
    """While the conversation runs: these rules of version `rubric` hit for certain since the message at `message`."""

    audience = Audience.STAFF
    message: int
    rubric: int
    hits: tuple[RuleHit, ...]


@dataclass(frozen=True, slots=True)
class Scored(Fact):
    """The ended conversation was inspected; `subject` is the agent's id or `bot`, `score` 0 to 100 or None."""

    audience = Audience.STAFF
    inspection: str
    rubric: int
    card: int
    subject: str
    score: float | None
    fatal: bool
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BotFaulted(Fact):
    """Inspection took points for what the bot said at `message`; `rule` is the one that cost most."""

    audience = Audience.STAFF
    message: int
    rule: str


@dataclass(frozen=True, slots=True)
class Reviewed(Fact):
    """A person went through the score line by line; `score` is what they came to."""

    audience = Audience.STAFF
    inspection: str
    review: str
    by: str
    name: str
    score: float | None
    comment: Annotated[str, WORDS] = ""


@dataclass(frozen=True, slots=True)
class ScoreAcknowledged(Fact):
    """The agent has read their score."""

    audience = Audience.STAFF
    inspection: str
    agent: str
    comment: Annotated[str, WORDS] = ""


@dataclass(frozen=True, slots=True)
class ScoreAppealed(Fact):
    """The agent disagrees with these lines of their score."""

    audience = Audience.STAFF
    inspection: str
    appeal: str
    agent: str
    rules: tuple[str, ...]
    reason: Annotated[str, WORDS]


@dataclass(frozen=True, slots=True)
class AppealDecided(Fact):
    """`outcome` is accepted, partly or rejected; `score` holds from here on."""

    audience = Audience.STAFF
    inspection: str
    appeal: str
    by: str
    outcome: str
    score: float | None
    reason: Annotated[str, WORDS] = ""


@dataclass(frozen=True, slots=True)
class Coached(Fact):
    """A supervisor gave the agent something to learn from this conversation."""

    audience = Audience.STAFF
    card: str
    agent: str
    by: str
    name: str
    text: Annotated[str, WORDS]
