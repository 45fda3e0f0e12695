"""What quality's doors work with, and how things look on the wire."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from fastapi import Request

from conversation.codec import timestamp
from conversation.log import Log
from quality_check.service.rulebook import Rulebook
from quality_check.service.scoring import Scoring
from quality_check.service.watch import Watch
from quality_check.store.editions import Editions
from quality_check.store.inspections import Inspection, InspectionStore, Line


class Person(Protocol):
    """A member of staff."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def role(self) -> str: ...


Asks = Callable[[Request], Awaitable[Person]]
"""Who is signed in. Raises Refused."""


@dataclass(frozen=True, slots=True)
class Quality:
    """The room."""

    log: Log
    rulebook: Rulebook
    watch: Watch
    scoring: Scoring
    editions: Editions
    inspections: InspectionStore


def shown(one: Inspection) -> dict[str, Any]:
    """An inspection in a list."""
    names = (
        *("id", "conversation", "rubric", "card", "subject", "group", "channel", "site", "language", "csat"),
        *("messages", "machine", "score", "fatal", "band", "standing", "current"),
    )
    rules = dict.fromkeys(line.rule for line in one.hits if line.counts)
    moments = {name: moment(getattr(one, name)) for name in ("at", "ended_at", "seen_at")}
    return {**{name: getattr(one, name) for name in names}, **moments, "rules": list(rules)}


def line_of(line: Line) -> dict[str, Any]:
    """One hit with its places."""
    spots = [{"seq": spot.seq, "start": spot.start, "end": spot.end} for spot in line.spots]
    names = ("rule", "points", "fatal", "severity", "found", "right")
    return {**{name: getattr(line, name) for name in names}, "spots": spots}


def moment(at: datetime | None) -> str | None:
    """A time on the wire."""
    return timestamp(at) if at else None
