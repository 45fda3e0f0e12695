"""What quality's doors work with, and who may see what."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from conversation.log import Log
from quality_check.api.bodies import Span
from quality_check.rules.judging import BadVerdict
from quality_check.service.calibration import Calibration
from quality_check.service.examples import Examples
from quality_check.service.plans import Plans
from quality_check.service.reviews import Actor, NotNow, Reviews
from quality_check.service.rulebook import Rulebook
from quality_check.service.scoring import Scoring
from quality_check.service.trials import Trials
from quality_check.service.watch import Watch
from quality_check.store.editions import Editions
from quality_check.store.figures import Figures
from quality_check.store.inspections import Inspection, InspectionStore, matching
from web.errors import Refused
from web.permissions import demand, may
from web.staff import Person, Record

Names = Callable[[], Awaitable[Mapping[str, str]]]
"""Everybody's name by id."""

Prints = Callable[[Mapping[str, Any], Mapping[str, str], str, datetime, datetime], bytes]
"""A report to print: the overview, people's names, the language, since and until."""


@dataclass(frozen=True, slots=True)
class Quality:
    """The room."""

    log: Log
    rulebook: Rulebook
    watch: Watch
    scoring: Scoring
    editions: Editions
    inspections: InspectionStore
    figures: Figures
    reviews: Reviews
    plans: Plans
    calibration: Calibration
    trials: Trials
    examples: Examples
    names: Names
    prints: Prints
    records: Record

    async def visible(self, id: str, me: Person) -> Inspection:
        """An inspection this person may see: all with permission, else their own. Raises Refused."""
        found = await self.inspections.find(id)
        if found is None:
            raise Refused("not_found", "there is no such inspection")
        if not may(me.role, "quality.read") and found.subject != me.id:
            raise Refused("forbidden", "this is a colleague's score")
        return found


def wanted(me: Person, asked: Span, *leave: str) -> list[Any]:
    """Conditions of a list's filters. Who may read only their own sees nothing else."""
    filters = asked.model_dump(exclude=set(leave))
    if not may(me.role, "quality.read"):
        demand(me.role, "quality.own")
        filters["subject"] = me.id
    elif asked.subject == "me":
        filters["subject"] = me.id
    return matching(filters)


def actor(me: Person) -> Actor:
    """Who acts, for the services."""
    return Actor(me.id, me.name)


def refused(error: Exception) -> Refused:
    """What to tell the caller."""
    if isinstance(error, BadVerdict):
        return Refused("invalid", str(error), error.field)
    assert isinstance(error, NotNow)
    return Refused("conflict", str(error))
