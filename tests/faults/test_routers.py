"""Several processes route, take, close and give back on one database at once: read back, every step was allowed."""

import asyncio
import sys
from collections import Counter

from app.migrations import upgrade
from conversation.database import open_engine
from conversation.events import AgentAssigned, ConversationClosed, Event
from conversation.log import PARTITIONS, Log, Search
from conversation.model import Conversation, fold
from conversation.signals import LocalSignals
from conversation.sql import SqlLog
from tests.servers.router import Everyone
from tests.services.test_desk import open_routing

PROCESSES, ACTS, CAPACITY, AGENTS = 3, 150, 2, 4


async def test_processes_that_route_at_once_break_no_rule(database_url: str) -> None:
    await upgrade(database_url)
    await _run_all(database_url)
    engine = open_engine(database_url)
    log = SqlLog(engine, LocalSignals())
    events = await _everything(log)
    assert len(events) > PROCESSES * ACTS / 2
    _check(events)
    await _serve_the_rest(log)
    await log.close()
    await engine.dispose()


async def _run_all(url: str) -> None:
    words = [str(ACTS), str(CAPACITY), str(AGENTS)]
    running = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.servers.router", url, f"p{n}", str(n), *words,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        )
        for n in range(PROCESSES)
    ]  # fmt: skip
    for one in running:
        assert one.stdout is not None
        assert await one.stdout.readline() == b"ready\n"
    done = await asyncio.gather(*(one.communicate(b"go\n") for one in running))
    assert [one.returncode for one in running] == [0] * PROCESSES, done


async def _everything(log: Log) -> list[Event]:
    return await log.read(dict.fromkeys(range(PARTITIONS), 0), 100_000)


def _check(events: list[Event]) -> None:
    """Whoever the router gave one had room, counting what they took by hand; and only who waited was given."""
    folded: dict[str, Conversation] = {}
    loads: Counter[str] = Counter()
    given = 0
    for event in events:
        before = folded.get(event.conversation, Conversation(event.conversation))
        if isinstance(event.fact, AgentAssigned):
            assert before.holder.kind == "queue", event
            if event.fact.by == "router":
                given += 1
                assert loads[event.fact.agent] < CAPACITY, event
        after = folded[event.conversation] = fold(before, event)
        for now, by in ((before, -1), (after, 1)):
            if now.status == "open" and now.holder.kind == "agent":
                loads[now.holder.agent] += by
    assert given > PROCESSES * ACTS / 20


async def _serve_the_rest(log: Log) -> None:
    """Nobody is forgotten: as agents end what they hold, everybody who waits is served, the longest wait first."""
    routing = await open_routing(log, *Everyone(AGENTS, CAPACITY).staff)
    while await log.count(Search(status="open")):
        for now in await log.find(Search(status="open", holder="agent"), limit=1000):
            fact = ConversationClosed(now.holder.agent)
            await log.append(now.id, fact, cause=f"end:{now.seq}", only_while=now.holder)
        await routing.floor.refresh()
        first = [one.now.id for one in routing.floor.queue()][: AGENTS * CAPACITY]
        await routing.route()
        held = {now.id for now in await log.find(Search(status="open", holder="agent"), limit=1000)}
        assert held == set(first)
