"""Figures over time, all from the log."""

from collections import Counter
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from conversation.events import Fact
from conversation.log import PARTITIONS, Log
from desk.rules.percentiles import spread
from desk.rules.premises import Premises
from desk.rules.reports import HEARS, Row, Sums, by_clock, clock_key
from desk.store.reports import ReportRows

PAGE: Final = 5000


class Reports:
    """Counts facts as they come; `rebuild` counts them all again."""

    HEARS: Final[frozenset[type[Fact]]] = frozenset(HEARS)

    def __init__(self, log: Log, rows: ReportRows, premises: Premises) -> None:
        self._log = log
        self._rows = rows
        self._premises = premises
        self.take = rows.take

    async def rebuild(self) -> int:
        """From zero; returns how many facts were counted."""
        await self._rows.clear()
        cursors = dict.fromkeys(range(PARTITIONS), 0)
        counted = 0
        while events := await self._log.read(cursors, PAGE):
            cursors = dict.fromkeys(range(PARTITIONS), events[-1].seq)
            heard = [event for event in events if isinstance(event.fact, HEARS)]
            await self._rows.take(heard)
            counted += len(heard)
        return counted

    async def figures(self, since: datetime, until: datetime, by: str, zone: ZoneInfo) -> dict[str, Any]:
        """Figures by `hour`, `day`, `agent`, `group` or `channel`, and their total."""
        unit = "slot" if by in ("hour", "day") else by
        sums = await self._rows.sums(since, until, unit, self._premises.levels.service_level_seconds)
        merged = by_clock(sums, zone, by) if unit == "slot" else dict(sorted(sums))
        total = sum(merged.values(), Sums())
        return {"rows": [{"key": key, **one.figures()} for key, one in merged.items()], "total": total.figures()}

    async def spread(self, since: datetime, until: datetime, by: str, zone: ZoneInfo, measure: str) -> dict[str, Any]:
        """Percentiles of `wait_seconds`, `first_response_seconds` or `handling_seconds`; keys as `figures`."""
        clock = by in ("hour", "day")
        counts: dict[str, Counter[int]] = {}
        for key, step, count in await self._rows.steps(since, until, "slot" if clock else by, measure):
            counts.setdefault(clock_key(key, zone, by) if clock else key, Counter())[step] += count
        total = sum(counts.values(), Counter[int]())
        return {"rows": [{"key": key, **spread(one)} for key, one in sorted(counts.items())], "total": spread(total)}

    def each(self, since: datetime, until: datetime) -> AsyncIterator[Row]:
        """One row per conversation."""
        return self._rows.each(since, until)
