"""Reports: what is counted as it comes is what is counted from zero, on any log and in any order of hands."""

import asyncio
from collections import Counter
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert

from app.migrations import upgrade
from conversation.database import Transactions, open_engine, writing
from conversation.events import (
    AgentAssigned,
    AgentReplied,
    BotMessage,
    BotReplied,
    ConversationClosed,
    ConversationStarted,
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
from desk.rules.percentiles import step_of
from desk.rules.premises import Premises
from desk.rules.reports import SLOT_SECONDS, Row, count
from desk.service.reports import Reports
from desk.store.reports import ReportRows, rows
from tests.servers.postgres import PostgresServer

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


async def _tell(log: Log, name: str, *facts: Fact) -> None:
    await log.append(name, ConversationStarted("k", "widget", "demo", "en"), cause="start")
    for n, fact in enumerate(facts):
        await log.append(name, fact, cause=f"f{n}")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(talks=st.lists(st.lists(st.sampled_from(FACTS), max_size=12), min_size=1, max_size=5))
def test_rebuilt_equals_live(talks: list[list[Fact]], tmp_path_factory: object) -> None:
    asyncio.run(_compare(talks, tmp_path_factory.mktemp("reports")))  # type: ignore[attr-defined]


async def _compare(talks: list[list[Fact]], folder: Path) -> None:
    url = f"sqlite+aiosqlite:///{folder / 'kefu.db'}"
    await upgrade(url)
    engine, log = open_engine(url), MemoryLog()
    transactions = Transactions(engine)
    reports = Reports(log, ReportRows(transactions), Premises())
    for n, facts in enumerate(talks):
        await _tell(log, f"c{n}", *facts)
    for event in await log.read(dict.fromkeys(range(8), 0), 10_000):
        if type(event.fact) in reports.HEARS:
            await reports.take([event])
    live = [row async for row in reports.each(*SPAN)]
    figures = await reports.figures(*SPAN, "agent", UTC_ZONE)
    await reports.rebuild()
    assert [row async for row in reports.each(*SPAN)] == live
    assert await reports.figures(*SPAN, "agent", UTC_ZONE) == figures
    assert figures["total"]["volume"] == len(talks)
    transactions.close()
    await engine.dispose()


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


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
async def test_the_stores_steps_are_the_rules_steps(kind: str, tmp_path: Path, postgres: PostgresServer) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'kefu.db'}"
    if kind == "postgres":
        await postgres.ensure()
        url = await postgres.database()
    await upgrade(url)
    engine = open_engine(url)
    waits = [0.0, 0.6, 59.9, 60.0, 64.99, 599.5, 600.0, 7_199.9, 7_200.0, 90_000.5, 4e7]
    start = datetime(2026, 1, 1, tzinfo=UTC)
    made = [
        Row(f"c{n}", n + 1, int(start.timestamp()) // SLOT_SECONDS, start, answered=True, wait_seconds=wait)
        for n, wait in enumerate(waits)
    ]
    async with writing(engine) as connection:
        await connection.execute(insert(rows), [asdict(row) for row in made])
    transactions = Transactions(engine)
    found = await ReportRows(transactions).steps(start, start + timedelta(1), "channel", "wait_seconds")
    assert {step: count for _, step, count in found} == Counter(map(step_of, waits))
    told = await Reports(MemoryLog(), ReportRows(transactions), Premises()).spread(
        start, start + timedelta(1), "day", UTC_ZONE, "wait_seconds"
    )
    assert told["rows"][0]["key"] == "2026-01-01"
    assert told["total"]["count"] == len(waits)
    transactions.close()
    await engine.dispose()
