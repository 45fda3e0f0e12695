"""Facts of agent assist: what was suggested, what became of it, and how far a guide was followed. Staff's alone."""

from dataclasses import dataclass
from typing import Annotated

from conversation.events.fact import WORDS, Audience, Fact


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something an agent may say or read; `source` is past, canned, bot, faq, article or similar, `ref` names it there.

    `score` (0 to 1) is how likely it is to be of use; `whole` is what the text is quoted from, "" when it is all.
    """

    source: str
    ref: str
    score: float
    text: Annotated[str, WORDS]
    title: Annotated[str, WORDS] = ""
    link: Annotated[str, WORDS] = ""
    whole: Annotated[str, WORDS] = ""


@dataclass(frozen=True, slots=True)
class Suggested(Fact):
    """For the customer's message at `message`, to the agent who holds the conversation; best first."""

    audience = Audience.STAFF
    message: int
    agent: str
    suggestions: tuple[Suggestion, ...]


@dataclass(frozen=True, slots=True)
class SuggestionJudged(Fact):
    """What an agent did with number `number` (from 0) of the suggestions at seq `suggested`.

    `verdict` is shown, picked, dismissed or wrong.
    """

    audience = Audience.STAFF
    agent: str
    suggested: int
    number: int
    verdict: str


@dataclass(frozen=True, slots=True)
class SuggestionSettled(Fact):
    """The agent answered (at seq `reply`), and this became of the suggestions: `outcome` is used, edited or ignored.

    `number` is the one that was used, -1 when none; `distance` (0 to 1) is how much of it was changed;
    `seconds` is how long the answer took from the suggestion on.
    """

    audience = Audience.STAFF
    agent: str
    suggested: int
    reply: int
    number: int
    outcome: str
    distance: float
    seconds: float


@dataclass(frozen=True, slots=True)
class GuideChosen(Fact):
    """The agent follows this guide from here on; "" is none."""

    audience = Audience.STAFF
    agent: str
    guide: str


@dataclass(frozen=True, slots=True)
class StepMarked(Fact):
    """The agent ticked a step of a guide, or took the tick back."""

    audience = Audience.STAFF
    agent: str
    guide: str
    step: str
    done: bool
