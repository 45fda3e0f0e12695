"""A conversation as the rules see it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

Role = Literal["customer", "agent", "bot"]
Scalar = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Mark:
    """What a model says of one message: its label, and how sure it is (0 to 1)."""

    model: str
    label: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Turn:
    """One message; `at` is seconds since some fixed moment, None when nobody noted it; `marks` are models' words.

    `until`, of what was spoken, is when it ended.
    """

    role: Role
    text: str
    at: float | None = None
    marks: tuple[Mark, ...] = ()
    until: float | None = None


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Characters `start` to `end` of turn number `turn` (from 1), and the words there."""

    turn: int
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Opinion:
    """A language model's answer about a whole conversation: yes or no, why, and the turns that show it."""

    asks: str
    holds: bool
    reason: str
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Conversation:
    """A whole conversation; `attributes` are what else is known from the start, such as channel or csat.

    `learned` is what became known after so many of its turns, in order. `line` is where it stands in its file.
    `expected` are the rules a person says apply, None when nobody said. `opinions` are a language model's, by question.
    """

    id: str
    turns: tuple[Turn, ...]
    attributes: Mapping[str, Scalar] = field(default_factory=dict)
    expected: tuple[str, ...] | None = None
    opinions: Mapping[str, Opinion] = field(default_factory=dict)
    learned: Sequence[tuple[int, Mapping[str, Scalar]]] = ()
    line: int = 0


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that applies, and the places that made it so, in order."""

    rule: str
    score: float
    fatal: bool
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a model makes of a conversation as a whole: its label, how sure it is (0 to 1), the turns that show it."""

    model: str
    label: str
    confidence: float
    places: tuple[Place, ...] = ()
