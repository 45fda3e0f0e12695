"""Watches how agents spend their time."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from desk.ports import Presence
from desk.rules.people import ON_DUTY
from desk.rules.reports import SLOT_SECONDS, share
from desk.service.routing import Routing
from desk.store.agent_time import AgentTimes, Key, Spell

KEEP_SECONDS: Final = 30.0
LONGEST: Final = 5.0  # a pause of the house is nobody's working time


class AgentTime:
    """Looks each second in the routing process and writes twice a minute; a crash loses at most that."""

    def __init__(self, routing: Routing, presence: Presence, store: AgentTimes) -> None:
        self._routing = routing
        self._presence = presence
        self._store = store
        self._spells: defaultdict[Key, Spell] = defaultdict(Spell)
        self._seen_at: datetime | None = None
        self._kept_at: datetime | None = None

    async def watch(self, at: datetime) -> None:
        """Count the time since the last look to the present states."""
        passed = (at - self._seen_at).total_seconds() if self._seen_at else 0.0
        self._seen_at = at
        if 0 < passed <= LONGEST:
            await self._count(at, passed)
        self._kept_at = self._kept_at or at
        if not 0 <= (at - self._kept_at).total_seconds() < KEEP_SECONDS:
            await self.keep()
            self._kept_at = at

    async def _count(self, at: datetime, passed: float) -> None:
        loads, present = self._routing.floor.loads(), await self._presence.all()
        slot = int(at.timestamp()) // SLOT_SECONDS
        for one in await self._routing.staff():
            if (state := present.get(one.id, "offline")) != "offline":
                load = sum(loads.get(one.id, {}).values())
                busy = passed if load else 0.0
                self._spells[slot, one.id, state] += Spell(passed, busy, load * passed, one.capacity * passed)

    async def keep(self) -> None:
        """Write down what was counted; while the store is away, it is kept for the next time."""
        spells, self._spells = self._spells, defaultdict(Spell)
        try:
            await self._store.add(spells)
        except Exception:
            for key, spell in spells.items():
                self._spells[key] += spell
            raise

    async def figures(self, since: datetime, until: datetime) -> list[dict[str, Any]]:
        """By agent: seconds in each state; of those online or busy, the shares with somebody in hand and of places."""
        found: defaultdict[str, dict[str, Spell]] = defaultdict(dict)
        for staff, state, spell in await self._store.sums(since, until):
            found[staff][state] = spell
        return [{"agent": staff, **_shown(spells)} for staff, spells in sorted(found.items())]


def _shown(spells: Mapping[str, Spell]) -> dict[str, Any]:
    working = sum((spells.get(state, Spell()) for state in ON_DUTY), Spell())
    return {
        "seconds": {state: spell.seconds for state, spell in sorted(spells.items())},
        "occupancy": share(working.busy_seconds, working.seconds),
        "utilisation": share(working.load_seconds, working.place_seconds),
    }
