"""What all facts share: an audience, and a place in the log."""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from functools import cache
from typing import Any, ClassVar, Final, get_type_hints


class Audience(IntEnum):
    """Circles of people, each inside the next: a view for one shows what is marked with it or a lower one."""

    CUSTOMER = 0
    STAFF = 1
    HOUSE = 2  # the services alone, never a person


WORDS: Final = "words"


@dataclass(frozen=True, slots=True)
class Fact:
    """What all facts share: an audience. Facts carry no time and no place; `Event` adds those."""

    audience: ClassVar[Audience]


@dataclass(frozen=True, slots=True)
class Event:
    """A fact and its place: seq (one growing number for the whole log), conversation, cause and UTC time."""

    seq: int
    conversation: str
    cause: str
    at: datetime
    fact: Fact
    redacted: bool = False

    @property
    def kind(self) -> str:
        """The fact's name, as stored and shown."""
        return type(self.fact).__name__


@cache
def hidden_from(kind: type[object], audience: Audience) -> frozenset[str]:
    """Names of `kind`'s fields that `audience` may not see."""
    return frozenset(name for name, marks in _marks(kind).items() if any(mark > audience for mark in marks - {WORDS}))


@cache
def written_by_people(kind: type[object]) -> frozenset[str]:
    """Names of `kind`'s fields that erasure blanks."""
    return frozenset(name for name, marks in _marks(kind).items() if WORDS in marks)


def _marks(kind: type[object]) -> dict[str, frozenset[Any]]:
    hints = get_type_hints(kind, include_extras=True)
    return {name: frozenset(getattr(hint, "__metadata__", ())) for name, hint in hints.items()}
