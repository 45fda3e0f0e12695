"""Reports: what is counted as it comes is what is counted from zero, on any log and in any order of hands."""

import asyncio
import json
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise, product
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from app.migrations import upgrade
from conversation.database import Transactions, open_engine, writing
from conversation.events import (
    AgentAssigned,
    AgentReplied,
    BotMessage,
    BotReplied,
    ConversationClosed,
    ConversationStarted,
    Event,
    Fact,
    HandedBack,
    HandoffRequested,
    MessageReceived,
    Rated,
    RatingAsked,
    ReturnedToQueue,
    Tagged,
    Transferred,
)
from conversation.log import Log
from conversation.memory import MemoryLog
from desk.rules.percentiles import SHOWN, step_of, width_of
from desk.rules.premises import Premises
from desk.rules.reports import CLOCK, SLOT_SECONDS, Row, clock_key, count
from desk.service.reports import Reports
from desk.store.agent_time import AgentTimes, Spell
from desk.store.reports import ReportRows, rows
from desk.store.staff import Roster, Staff

FACTS: tuple[Fact, ...] = (
    MessageReceived("hello"),
    BotReplied((BotMessage("hi"),), "en"),
    HandoffRequested("asked", "sales"),
    AgentAssigned("Mei", "a1"),
    AgentAssigned("Bob", "a2"),
    AgentReplied("Mei", "a1", "yes"),
    Transferred("a1", group="support"),
    ReturnedToQueue("a1"),
    HandedBack("customer"),
    ConversationClosed("a1"),
    RatingAsked(),
    Rated(4),
    Tagged("a1", ("vip",)),
)
SPAN = datetime.now(UTC) - timedelta(days=1), datetime.now(UTC) + timedelta(days=1)
UTC_ZONE = ZoneInfo("UTC")


BYS = ("hour", "day", "agent", "group", "channel")


async def _begin(log: Log, name: str) -> None:
    await log.append(name, ConversationStarted("k", "widget", "demo", "en"), cause="start")


async def _all(log: Log) -> list[Event]:
    return await log.read(dict.fromkeys(range(8), 0), 10_000)


async def _tell(log: Log, name: str, *facts: Fact) -> None:
    await _begin(log, name)
    for n, fact in enumerate(facts):
        await log.append(name, fact, cause=f"f{n}")


@pytest.fixture
async def reports(engine: AsyncEngine) -> AsyncIterator[Reports]:
    """On a store of its own, with an empty log."""
    transactions = Transactions(engine)
    yield _reports(MemoryLog(), transactions)
    transactions.close()


def _reports(log: Log, transactions: Transactions) -> Reports:
    times, roster = AgentTimes(transactions.engine), Roster(transactions.engine)
    return Reports(log, ReportRows(transactions), times, roster, Premises())


Step = st.tuples(st.integers(0, 4), st.sampled_from(FACTS))


def test_rebuilt_equals_live(kefu_db: str) -> None:
    """Whatever happens in whatever order, cut into batches of any size, told twice, and rebuilt."""
    with asyncio.Runner() as runner:
        transactions = Transactions(open_engine(kefu_db))
        at_work = {(int(SPAN[0].timestamp()) // SLOT_SECONDS + 9, "a1", "online"): Spell(600.0, 150.0, 150.0, 600.0)}
        runner.run(AgentTimes(transactions.engine).add(at_work))

        @settings(max_examples=60, deadline=None)
        @given(steps=st.lists(Step, max_size=40), cuts=st.sets(st.integers(0, 60)))
        def compare(steps: list[tuple[int, Fact]], cuts: set[int]) -> None:
            runner.run(_compare(transactions, steps, cuts))

        compare()
        transactions.close()
        runner.run(transactions.engine.dispose())


async def _compare(transactions: Transactions, steps: list[tuple[int, Fact]], cuts: set[int]) -> None:
    await ReportRows(transactions).clear()
    log = MemoryLog()
    reports = _reports(log, transactions)
    for n, (which, fact) in enumerate(steps):
        await _begin(log, f"c{which}")
        await log.append(f"c{which}", fact, cause=f"f{n}")
    heard = [event for event in await _all(log) if type(event.fact) in reports.HEARS]
    for first, last in pairwise([0, *sorted(cut for cut in cuts if cut < len(heard)), len(heard)]):
        await reports.take(heard[first:last])
        await reports.take(heard[first:last])
    live = [row async for row in reports.each(*SPAN)]
    told = [_rounded(await reports.figures(*SPAN, by, UTC_ZONE)) for by in BYS]
    assert await reports.rebuild() == len({which for which, _ in steps})
    assert [row async for row in reports.each(*SPAN)] == live
    assert [_rounded(await reports.figures(*SPAN, by, UTC_ZONE)) for by in BYS] == told
    assert all(sum(row["volume"] for row in one["rows"]) == len(live) for one in told)
    assert all(one["total"]["occupancy"] == 0.25 for one in told)


def _rounded(figures: dict[str, Any]) -> Any:
    """A sum of floats depends on the order of the rows."""
    return json.loads(json.dumps(figures), parse_float=lambda text: round(float(text), 6))


async def test_a_rebuild_beside_a_house_that_counts_loses_nothing(reports: Reports) -> None:
    """The house goes on counting what is said while everything is counted anew."""
    log = reports._log
    for n in range(300):
        await _tell(log, f"c{n}", FACTS[2], FACTS[3], FACTS[5])
    await reports.take(await _all(log))
    rebuilding, told = asyncio.create_task(reports.rebuild()), 0
    while not rebuilding.done():
        done = await log.append(f"c{told % 300}", MessageReceived("and?"), cause=f"m{told}")
        await reports.take(done.events)
        told += 1
    assert await rebuilding == 300
    live = [row async for row in reports.each(*SPAN)]
    assert sum(row.messages for row in live) == 300 + told
    assert {(row.agent, row.answered, row.channel) for row in live} == {("a1", True, "widget")}
    assert told


async def test_occupancy_by_hour_day_agent_and_group_and_by_no_channel(reports: Reports) -> None:
    """An hour without a new conversation has one too; who is in two groups counts in both, and once in the total."""
    for id, groups in (("a1", ("sales", "support")), ("a2", ("sales",)), ("a3", ())):
        await reports._roster.add(Staff(id, id, id, "agent", ("en",), groups, 4), "")
    await _tell(reports._log, "c", *FACTS[2:6])
    await reports.take(await _all(reports._log))
    eight = datetime(2026, 1, 31, 8, tzinfo=UTC)
    slot = int(eight.timestamp()) // SLOT_SECONDS
    at_work = {
        (slot, "a1", "online"): Spell(1000.0, 500.0, 0.0, 0.0),
        (slot + 1, "a1", "busy"): Spell(1000.0, 1000.0, 0.0, 0.0),
        (slot + 1, "a1", "break"): Spell(700.0, 700.0, 0.0, 0.0),
        (slot + 2, "a2", "online"): Spell(1000.0, 0.0, 0.0, 0.0),
        (slot + 2, "a3", "online"): Spell(1000.0, 900.0, 0.0, 0.0),
    }
    await reports._times.add(at_work)
    by: dict[str, dict[str, float | None]] = {}
    for one in BYS:
        found = await reports.figures(eight, SPAN[1], one, ZoneInfo("Asia/Shanghai"))
        by[one] = {row["key"]: row["occupancy"] for row in found["rows"] if row["occupancy"] is not None}
        assert found["total"]["occupancy"] == 0.6
        assert found["total"]["volume"] == 1
    assert by == {
        "hour": {"2026-01-31T16:00+08:00": 0.75, "2026-01-31T17:00+08:00": 0.45},
        "day": {"2026-01-31": 0.6},
        "agent": {"a1": 0.75, "a2": 0.0, "a3": 0.9},
        "group": {"": 0.9, "sales": 0.5, "support": 0.75},
        "channel": {},
    }


async def test_a_row_tells_a_conversations_story() -> None:
    log = MemoryLog()
    await _tell(log, "left", HandoffRequested("asked"), HandedBack("customer"))
    await _tell(log, "bot", MessageReceived("q"), BotReplied((BotMessage("a"),), "en"))
    served = (FACTS[2], FACTS[3], FACTS[5], FACTS[6], FACTS[4], FACTS[9], FACTS[11], MessageReceived("again"))
    await _tell(log, "served", *served)
    counted: dict[str, Row] = {}
    for event in await log.read(dict.fromkeys(range(8), 0), 100):
        row = count(counted.get(event.conversation, Row(event.conversation)), event)
        counted[event.conversation] = count(row, event)
    assert (counted["left"].abandoned, counted["left"].answered) == (True, False)
    assert (counted["bot"].bot_replied, counted["bot"].handed_over) == (True, False)
    told = counted["served"]
    assert (told.agent, told.group, told.transfers, told.reopened, told.rating) == ("a2", "support", 1, 1, 4)
    assert told.first_response_seconds is not None
    assert told.closed_at is None


@pytest.fixture
async def transactions(database_url: str) -> AsyncIterator[Transactions]:
    """Of a store of its own, on either database."""
    await upgrade(database_url)
    opened = Transactions(open_engine(database_url))
    yield opened
    opened.close()
    await opened.engine.dispose()


ZONES = ("Asia/Shanghai", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe")


async def test_the_store_puts_percentiles_together_by_local_hours_and_days(transactions: Transactions) -> None:
    """Over a year of half hours, with the hours that clocks skip and tell twice."""
    start = datetime(2025, 12, 31, 23, 30, tzinfo=UTC)
    first = int(start.timestamp()) // SLOT_SECONDS
    at = [start + timedelta(seconds=SLOT_SECONDS * n) for n in range(366 * 48)]
    made = [Row(f"c{n}", n + 1, first + n, one, answered=True, wait_seconds=n % 3) for n, one in enumerate(at)]
    async with writing(transactions.engine) as connection:
        await connection.execute(insert(rows), [row._asdict() for row in made])
    reports = _reports(MemoryLog(), transactions)
    for zone, by in product(map(ZoneInfo, ZONES), ("hour", "day")):
        told = await reports.spread(start, start + timedelta(366), by, zone, "wait_seconds")
        assert {row["key"]: row["count"] for row in told["rows"]} == Counter(
            clock_key(row.slot, zone, by) for row in made
        )


Wait = st.tuples(
    st.integers(0, 150),
    st.sampled_from(("a1", "a2", "")),
    st.one_of(st.none(), st.integers(0, 9), st.floats(0, 4e7, width=32)),
)


def test_percentiles_are_those_of_all_values(database_url: str) -> None:
    """The database gives the few steps in which they lie; here each value is counted, over three days around the night
    when clocks are set back."""
    with asyncio.Runner() as runner:
        runner.run(upgrade(database_url))
        transactions = Transactions(open_engine(database_url))

        @settings(max_examples=60, deadline=None)
        @given(waits=st.lists(Wait, max_size=120), zone=st.sampled_from(ZONES), by=st.sampled_from(BYS))
        def compare(waits: list[tuple[int, str, float | None]], zone: str, by: str) -> None:
            runner.run(_compare_percentiles(transactions, waits, ZoneInfo(zone), by))

        compare()
        transactions.close()
        runner.run(transactions.engine.dispose())


async def _compare_percentiles(
    transactions: Transactions, waits: list[tuple[int, str, float | None]], zone: ZoneInfo, by: str
) -> None:
    changed = (
        datetime(2026, 4, 4, tzinfo=UTC) if zone.key.startswith("Australia") else datetime(2026, 10, 31, tzinfo=UTC)
    )
    first = int(changed.timestamp()) // SLOT_SECONDS
    made = [
        Row(
            f"c{n}",
            n + 1,
            first + slot,
            changed + timedelta(seconds=slot * SLOT_SECONDS),
            agent=agent,
            wait_seconds=wait,
        )
        for n, (slot, agent, wait) in enumerate(waits)
    ]
    counts: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for row in made:
        if row.wait_seconds is not None:
            key = getattr(row, by) if by not in CLOCK else clock_key(row.slot, zone, by)
            counts[key][step_of(row.wait_seconds)] += 1
    await ReportRows(transactions).clear()
    await ReportRows(transactions).replace(made)
    told = await _reports(MemoryLog(), transactions).spread(changed, changed + timedelta(4), by, zone, "wait_seconds")
    assert told["rows"] == [{"key": key, **_counted(some)} for key, some in sorted(counts.items())]
    assert told["total"] == _counted(sum(counts.values(), Counter[int]()))


def _counted(counts: Counter[int]) -> dict[str, Any]:
    """What they say, out of all the counts."""
    return {"count": counts.total(), **{name: _percentile(counts, share) for name, share in SHOWN}}


def _percentile(counts: Counter[int], share: float) -> float | None:
    wanted, seen = share * counts.total(), 0
    for step, held in sorted(counts.items()):
        if seen + held >= wanted:
            return step + width_of(step) * (wanted - seen) / held
        seen += held
    return None


async def test_the_stores_steps_are_the_rules_steps(transactions: Transactions) -> None:
    waits = [0.0, 0.6, 59.9, 60.0, 64.99, 599.5, 600.0, 7_199.9, 7_200.0, 90_000.5, 4e7]
    start = datetime(2026, 1, 1, tzinfo=UTC)
    made = [
        Row(f"c{n}", n + 1, int(start.timestamp()) // SLOT_SECONDS, start, answered=True, wait_seconds=wait)
        for n, wait in enumerate(waits)
    ]
    async with writing(transactions.engine) as connection:
        await connection.execute(insert(rows), [row._asdict() for row in made])
    told = await _reports(MemoryLog(), transactions).spread(
        start, start + timedelta(1), "day", UTC_ZONE, "wait_seconds"
    )
    assert told["rows"][0]["key"] == "2026-01-01"
    assert told["total"]["count"] == len(waits)
