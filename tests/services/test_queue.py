"""The queue as time goes by: overflow, ageing, and what is said of place and wait."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from heapq import heapify, heappop, heappush
from pathlib import Path
from random import Random
from typing import Any

import pytest

from conversation.database import open_engine
from conversation.events import Prioritised
from conversation.log import Log, Search
from conversation.model import Holder
from conversation.signals import LocalSignals
from conversation.sql import SqlLog, metadata
from desk.rules.people import Group
from desk.service.desk import Desk
from desk.store.staff import Staff
from tests.services.test_desk import BOB, desk_on, open_desk, open_routing, wait_in_queue


@dataclass
class Clock:
    """The time that the log writes."""

    now: datetime = datetime(2026, 3, 2, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
async def timed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[SqlLog, Clock, LocalSignals]]:
    """A log whose facts happen when our clock says."""
    clock, signals, engine = Clock(), LocalSignals(), open_engine(f"sqlite+aiosqlite:///{tmp_path / 'log.db'}")
    async with engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    monkeypatch.setattr("conversation.sql.append.utc_now", clock)
    log = SqlLog(engine, signals)
    yield log, clock, signals
    await log.close()
    await engine.dispose()


async def test_overflow_goes_to_the_other_group_after_a_while(timed: tuple[SqlLog, Clock, LocalSignals]) -> None:
    log, clock, _ = timed
    full = Group("full", {}, overflow_seconds=60, overflow_to="support")
    routing = await open_routing(log, BOB, groups=(full,))
    clock.now = datetime.now(UTC)
    await wait_in_queue(log, "new", group="full")
    clock.pass_by(-61)
    await wait_in_queue(log, "old", group="full")
    assert await routing.route() == 1
    assert (await log.load("old")).holder == Holder("agent", BOB.id)


async def test_everybody_is_served_while_vips_keep_coming(timed: tuple[SqlLog, Clock, LocalSignals]) -> None:
    """Ageing: one agent, and VIPs who come as fast as they are served; an old wait has its turn after ten minutes."""
    log, clock, _ = timed
    ann = Staff("ann", "ann", "Ann", "agent", ("en",), (), 1)
    desk = await open_desk(log, ann)
    await wait_in_queue(log, "busy")
    await desk.routing.route()
    await wait_in_queue(log, "old")
    held = "busy"
    for minute in range(30):
        clock.pass_by(60)
        await wait_in_queue(log, f"vip{minute}")
        await log.append(f"vip{minute}", Prioritised("x", 2), cause="p")
        await desk.close(held, ann, f"x{minute}", "")
        assert await desk.routing.route() == 1
        (now,) = await log.find(Search(agent="ann", status="open"))
        held = now.id
        if held == "old":
            break
    assert (held, minute) == ("old", 9)  # the VIP who came ten minutes later stands behind


async def test_place_and_expected_wait_are_what_a_simulated_queue_takes(
    timed: tuple[SqlLog, Clock, LocalSignals],
) -> None:
    """Three places, 60 handlings of two to six minutes: the place told is the turn, the wait told is about the wait."""
    log, clock, signals = timed
    dice, ann = Random(7), Staff("ann", "ann", "Ann", "agent", ("en",), (), 3)
    desk = await open_routing_desk(log, ann, signals)
    for n in range(33):
        await wait_in_queue(log, f"c{n}")
        clock.pass_by(1)
    told: dict[str, Mapping[str, Any]] = {}
    for n in range(33):
        signals.subscribe(f"queue:c{n}", partial(told.__setitem__, f"c{n}"))
    ends = [(120.0 + dice.random() * 240, f"c{n}") for n in range(3)]
    await desk.routing.route()
    heapify(ends)
    promised: dict[str, tuple[float, float]] = {}
    ratios: list[float] = []
    while ends:
        seconds, done = heappop(ends)
        clock.now = Clock.now + timedelta(seconds=seconds)
        await desk.close(done, ann, "x", "")
        waiting = [one.now.id for one in desk.routing.floor.queue()]
        assert await desk.routing.route() == min(1, len(waiting))
        await desk.routing.tell_places()
        assert [told[id]["position"] for id in waiting[1:]] == list(range(1, len(waiting)))
        places = [await desk.place(id) for id in waiting[1:4]]
        assert [place and place.position for place in places] == list(range(1, len(waiting)))[:3]
        for id in waiting[1:]:
            if told[id]["wait_seconds"] is not None and len(desk.routing.floor.handling("")) > 5:
                promised.setdefault(id, (seconds, told[id]["wait_seconds"]))
        if waiting:
            heappush(ends, (seconds + 120 + dice.random() * 240, waiting[0]))
            if (then := promised.get(waiting[0])) and seconds > then[0]:
                ratios.append(then[1] / (seconds - then[0]))
    assert len(ratios) > 15
    assert 0.8 < sum(ratios) / len(ratios) < 1.25


async def open_routing_desk(log: Log, agent: Staff, signals: LocalSignals) -> Desk:
    return desk_on(log, await open_routing(log, agent, signals=signals))
