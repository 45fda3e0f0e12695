"""A conversation as assist reads it: who said what, and each moment at which an agent has to say or do something."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

Role = Literal["customer", "agent", "bot", "tool"]

ASKED_CHARACTERS: Final = 600
EARLIER_CHARACTERS: Final = 600
TOLD_CHARACTERS: Final = 1500
ACTIONS_KEPT: Final = 3


@dataclass(frozen=True, slots=True)
class Turn:
    """Words, an action, or both; a tool's turn is what a system answered to the agent."""

    role: Role
    text: str = ""
    action: str = ""


@dataclass(frozen=True, slots=True)
class Dialogue:
    """A whole conversation; `attributes` are plain things known of it, such as its task or channel."""

    id: str
    turns: tuple[Turn, ...]
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Moment:
    """What is on the table: the customer's words since the last answer, that answer, what the customer said before,
    how many answers there were, the last actions (newest last), the last tool's result, the attributes, all answers,
    newest first, the customer's newest message, and how many of theirs came since the last answer and in all."""

    asked: str = ""
    said: str = ""
    earlier: str = ""
    nth: int = 0
    actions: tuple[str, ...] = ()
    result: str = ""
    attributes: tuple[str, ...] = ()
    told: str = ""
    newest: str = ""
    burst: int = 0
    heard: int = 0


class Listener:
    """Follows a conversation turn by turn in constant space, so that length costs nothing."""

    def __init__(self, attributes: Mapping[str, str] | None = None) -> None:
        self._attributes = tuple(f"{name}={value}" for name, value in sorted((attributes or {}).items()))
        self._asked = self._said = self._earlier = self._result = self._told = ""
        self._actions: tuple[str, ...] = ()
        self._nth = self._burst = self._heard = 0
        self._newest = ""

    def hear(self, turn: Turn) -> None:
        """One more turn."""
        if turn.role == "customer":
            self._asked = f"{self._asked} {turn.text}".strip()[-ASKED_CHARACTERS:]
            self._newest = turn.text[:ASKED_CHARACTERS]
            self._burst, self._heard = self._burst + 1, self._heard + 1
            return
        if turn.action:
            self._actions = (*self._actions, turn.action)[-ACTIONS_KEPT:]
        if turn.role == "tool":
            self._result = turn.text[:ASKED_CHARACTERS]
        elif turn.text:
            self._earlier = f"{self._asked} {self._earlier}".strip()[:EARLIER_CHARACTERS]
            self._asked, self._said, self._result = "", turn.text[:ASKED_CHARACTERS], ""
            self._told = f"{turn.text} {self._told}".strip()[:TOLD_CHARACTERS]
            self._nth, self._burst, self._newest = self._nth + 1, 0, ""

    @property
    def moment(self) -> Moment:
        """What is on the table now."""
        before = (self._asked, self._said, self._earlier, self._nth, self._actions, self._result, self._attributes)
        return Moment(*before, self._told, self._newest, self._burst, self._heard)


def moment_after(turns: Sequence[Turn], attributes: Mapping[str, str] | None = None) -> Moment:
    """What is on the table after these turns."""
    listener = Listener(attributes)
    for turn in turns:
        listener.hear(turn)
    return listener.moment


def agent_moments(dialogue: Dialogue) -> Iterator[tuple[Moment, Turn]]:
    """Each of the agent's turns, and what was on the table just before it."""
    listener = Listener(dialogue.attributes)
    for turn in dialogue.turns:
        if turn.role == "agent":
            yield listener.moment, turn
        listener.hear(turn)


def answers_of(dialogue: Dialogue) -> list[tuple[Moment, str]]:
    """What agents answered to what was asked."""
    return [(moment, turn.text) for moment, turn in agent_moments(dialogue) if moment.asked and turn.text]


def customer_moments(dialogue: Dialogue) -> Iterator[tuple[Moment, bool]]:
    """What is on the table after each of the customer's turns, and whether it was answered before the next one."""
    listener = Listener(dialogue.attributes)
    following = [*dialogue.turns[1:], None]
    for turn, after in zip(dialogue.turns, following, strict=True):
        listener.hear(turn)
        if turn.role == "customer":
            yield listener.moment, after is not None and after.role != "customer"
