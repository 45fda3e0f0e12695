"""Figures over time, all from the log."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from conversation.events import ConversationStarted, Fact
from conversation.log import PARTITIONS, Log, partition_of
from desk.rules.percentiles import Rung, spread
from desk.rules.premises import Premises
from desk.rules.reports import CLOCK, HEARS, Row, Sums, clock_key, count, put_together
from desk.store.agent_time import AgentTimes
from desk.store.reports import ReportRows
from desk.store.staff import Roster

PAGE: Final = 5000
AT_ONCE: Final = 100


class Reports:
    """Counts facts as they come; `rebuild` counts them all again, but not the agents' time, which is in no fact."""

    HEARS: Final[frozenset[type[Fact]]] = frozenset(HEARS)

    def __init__(self, log: Log, rows: ReportRows, times: AgentTimes, roster: Roster, premises: Premises) -> None:
        self._log = log
        self._rows = rows
        self._times = times
        self._roster = roster
        self._premises = premises
        self.take = rows.take

    async def rebuild(self) -> int:
        """From zero, also beside a house that goes on counting; returns how many conversations were counted.

        Each conversation is counted whole, and again when more of it was counted meanwhile.
        """
        await self._rows.clear()
        cursors = dict.fromkeys(range(PARTITIONS), 0)
        counted = 0
        while events := await self._log.read(cursors, PAGE):
            cursors |= {partition_of(event.conversation): event.seq for event in events}
            begun = [event.conversation for event in events if isinstance(event.fact, ConversationStarted)]
            counted += len(begun)
            while begun:
                some, begun = begun[:AT_ONCE], begun[AT_ONCE:]
                begun += await self._rows.replace(await asyncio.gather(*map(self._whole, some)))
        return counted

    async def _whole(self, conversation: str) -> Row:
        row = Row(conversation)
        for event in await self._log.history(conversation):
            if isinstance(event.fact, HEARS):
                row = count(row, event)
        return row

    async def figures(self, since: datetime, until: datetime, by: str, zone: ZoneInfo) -> dict[str, Any]:
        """Figures by `hour`, `day`, `agent`, `group` or `channel`, and their total."""
        clock = by in CLOCK
        in_time = self._premises.levels.service_level_seconds
        sums = await self._rows.sums(since, until, "slot" if clock else by, in_time)
        spent_by = "slot" if clock else "state" if by == "channel" else "staff"
        times = await self._times.duty(since, until, spent_by)
        shown = put_together([*sums, *(await self._shared(times, by))], by, zone)
        total = sum((one for _, one in (*sums, *times)), Sums())
        return {"rows": [{"key": key, **one.figures()} for key, one in shown.items()], "total": total.figures()}

    async def _shared(self, times: Sequence[tuple[Any, Sums]], by: str) -> Sequence[tuple[Any, Sums]]:
        """Time on duty by a report's keys: each group of an agent has all of their time, a channel has none."""
        if by == "channel":
            return ()
        if by != "group":
            return times
        groups = {one.id: one.groups or ("",) for one in await self._roster.all(gone=True)}
        return [(group, one) for staff, one in times for group in groups.get(staff, ("",))]

    async def spread(self, since: datetime, until: datetime, by: str, zone: ZoneInfo, measure: str) -> dict[str, Any]:
        """Percentiles of `wait_seconds`, `first_response_seconds` or `handling_seconds`; keys as `figures`."""
        named = cache(lambda key: key if key is None or by not in CLOCK else clock_key(key, zone, by))
        rungs: defaultdict[str | None, list[Rung]] = defaultdict(list)
        for key, rung in await self._rows.rungs(since, until, by, zone, measure):
            rungs[named(key)].append(rung)
        total = spread(rungs.pop(None, ()))
        return {"rows": [{"key": key, **spread(some)} for key, some in sorted(rungs.items())], "total": total}

    def each(self, since: datetime, until: datetime) -> AsyncIterator[Row]:
        """One row per conversation."""
        return self._rows.each(since, until)
