"""The numbers on the wall, at most two seconds old."""

import asyncio
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from conversation.codec import timestamp
from desk.ports import Presence
from desk.service.reports import Reports
from desk.service.routing import Routing

FRESH_SECONDS: Final = 1.0


class Wallboard:
    """Counts once for everybody who looks within the same second."""

    def __init__(self, routing: Routing, reports: Reports, presence: Presence, timezone: str) -> None:
        self._routing = routing
        self._reports = reports
        self._presence = presence
        self._zone = ZoneInfo(timezone)
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
        loads, present = self._routing.floor.loads(), await self._presence.all()
        agents = [
            {
                "id": one.id,
                "name": one.name,
                "state": present.get(one.id, "offline"),
                "load": sum(loads.get(one.id, {}).values()),
                "capacity": one.capacity,
            }
            for one in await self._routing.staff()
            if one.capacity
        ]
        return {
            "at": timestamp(at),
            "waiting": figures.waiting,
            "longest_wait_seconds": figures.longest_wait_seconds,
            "groups": [asdict(group) for group in figures.groups],
            "agents": agents,
            "states": figures.agents,
            "today": await self._today(at),
        }

    async def _today(self, at: datetime) -> dict[str, Any]:
        midnight = at.astimezone(self._zone).replace(hour=0, minute=0, second=0, microsecond=0)
        report = await self._reports.figures(midnight, at + timedelta(hours=1), "channel", self._zone)
        total = report["total"]
        return {
            **{
                name: total[name]
                for name in ("volume", "answered", "abandoned", "service_level", "csat", "containment")
            },
            "ratings": total["rated"],
            "mean_wait_seconds": total["wait_seconds"],
            "service_level_seconds": self._reports.service_level_seconds,
        }
