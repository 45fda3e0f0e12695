"""The numbers on the wall, at most two seconds old."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from conversation.codec import timestamp
from desk.ports import Presence
from desk.rules.people import ON_DUTY
from desk.rules.premises import Premises
from desk.rules.risk import Risk, at_risk
from desk.service.reports import Reports
from desk.service.routing import Routing

FRESH_SECONDS: Final = 0.9  # whoever asks each second gets new ones each time
RISKS: Final = 50


class Wallboard:
    """Counts once for everybody who looks within the same second."""

    def __init__(self, routing: Routing, reports: Reports, presence: Presence, premises: Premises) -> None:
        self._routing = routing
        self._reports = reports
        self._presence = presence
        self._premises = premises
        self._counting = asyncio.Lock()
        self._counted: tuple[float, Mapping[str, Any]] | None = None

    async def now(self) -> Mapping[str, Any]:
        """As docs/desk.md, Supervision, says."""
        async with self._counting:
            clock = asyncio.get_running_loop().time()
            if self._counted is None or clock - self._counted[0] >= FRESH_SECONDS:
                self._counted = (clock, await self._count(datetime.now(UTC)))
            return self._counted[1]

    async def _count(self, at: datetime) -> dict[str, Any]:
        figures = await self._routing.figures()
        queue, today = figures.told(at), await self._today(at)
        loads, present = self._routing.floor.loads(), await self._presence.all()
        since = await self._presence.since()
        agents = [
            {
                "id": one.id,
                "name": one.name,
                "state": present.get(one.id, "offline"),
                "since": timestamp(since[one.id]) if one.id in since else None,
                "load": sum(loads.get(one.id, {}).values()),
                "capacity": one.capacity,
            }
            for one in await self._routing.staff()
            if one.capacity
        ]
        return {
            "at": timestamp(at),
            "waiting": queue["waiting"],
            "longest_wait_seconds": queue["longest_wait_seconds"],
            "groups": queue["groups"],
            "agents": agents,
            "states": figures.agents,
            "utilisation": _utilisation(agents),
            "at_risk": [asdict(risk) for risk in self._risks(at)],
            "today": today,
        }

    def _risks(self, at: datetime) -> list[Risk]:
        floor = self._routing.floor
        waits = [(one.now, one.now.waiting_since) for one in floor.queue() if one.now.waiting_since]
        replies = [(floor.held[id], since) for id, since in floor.unanswered.items() if id in floor.held]
        levels = self._premises.levels
        return at_risk(waits, replies, (levels.service_level_seconds, levels.no_reply_seconds), at)[:RISKS]

    async def _today(self, at: datetime) -> dict[str, Any]:
        zone = ZoneInfo(self._premises.hours.timezone)
        midnight = at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
        report = await self._reports.figures(midnight, at + timedelta(hours=1), "channel", zone)
        total = report["total"]
        return {
            **{
                name: total[name]
                for name in ("volume", "answered", "abandoned", "service_level", "csat", "containment")
            },
            "ratings": total["rated"],
            "mean_wait_seconds": total["wait_seconds"],
            "service_level_seconds": self._premises.levels.service_level_seconds,
        }


def _utilisation(agents: Sequence[Mapping[str, Any]]) -> float | None:
    """The share of the places of those at work (online or busy) that are taken; None when nobody is."""
    working = [one for one in agents if one["state"] in ON_DUTY]
    places = sum(one["capacity"] for one in working)
    return sum(one["load"] for one in working) / places if places else None
