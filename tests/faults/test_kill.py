"""kill -9 in the middle of a load: what was acknowledged is there once, in order."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator

import pytest

from app.migrations import upgrade
from conversation.database import open_engine
from conversation.events import ConversationStarted, MessageReceived
from conversation.log import LogUnavailable
from conversation.signals import LocalSignals
from conversation.sql import SqlLog
from tests.servers.postgres import PostgresServer

WRITER = """
import asyncio, sys
from conversation.events import ConversationStarted, MessageReceived
from conversation.signals import LocalSignals
from conversation.database import open_engine
from conversation.sql import SqlLog

async def write(log, name):
    await log.append(name, ConversationStarted("k", "widget", "demo", "zh"), cause="start")
    for n in range(100000):
        await log.append(name, MessageReceived(str(n)), cause=f"m{n}")
        print(name, n, flush=True)

async def main():
    log = SqlLog(open_engine(sys.argv[1]), LocalSignals())
    await asyncio.gather(*(write(log, f"c{n}") for n in range(8)))

asyncio.run(main())
"""


async def said(log: SqlLog, name: str) -> list[int]:
    facts = [event.fact for event in await log.history(name)]
    return [int(fact.text) for fact in facts if isinstance(fact, MessageReceived)]


async def test_the_writer_is_killed(kefu_db: str, sql_log: SqlLog) -> None:
    writer = await asyncio.create_subprocess_exec(sys.executable, "-c", WRITER, kefu_db, stdout=asyncio.subprocess.PIPE)
    assert writer.stdout is not None
    acknowledged: dict[str, int] = {}
    async for line in writer.stdout:
        name, n = line.split()
        acknowledged[name.decode()] = int(n)
        if sum(acknowledged.values()) > 400:
            break
    os.kill(writer.pid, signal.SIGKILL)
    async for line in writer.stdout:
        if line.endswith(b"\n") and len(line.split()) == 2:
            name, n = line.split()
            acknowledged[name.decode()] = int(n)
    await writer.wait()
    for conversation, last in acknowledged.items():
        stored = await said(sql_log, conversation)
        assert stored == list(range(len(stored)))
        assert len(stored) > last


@pytest.fixture
async def server() -> AsyncIterator[PostgresServer]:
    """A PostgreSQL to be killed."""
    server = PostgresServer(durable=True)
    await server.start()
    yield server
    server.remove()


async def test_postgresql_is_killed_and_comes_back(server: PostgresServer) -> None:
    url = await server.database()
    await upgrade(url)
    engine = open_engine(url)
    log = SqlLog(engine, LocalSignals())
    refused, progress = asyncio.Event(), asyncio.Event()

    async def write(name: str) -> None:
        n = 0
        while n < 60:
            try:
                await log.append(name, ConversationStarted("k", "widget", "demo", "zh"), cause="start")
                await log.append(name, MessageReceived(str(n)), cause=f"m{n}")
                n += 1
            except LogUnavailable:
                refused.set()
                await asyncio.sleep(0.05)
            if n == 20:
                progress.set()

    async def strike() -> None:
        await progress.wait()
        server.kill()
        await refused.wait()
        await server.start()

    async with asyncio.timeout(300):
        await asyncio.gather(strike(), *(write(f"c{n}") for n in range(8)))
    for number in range(8):
        assert await said(log, f"c{number}") == list(range(60))
    await log.close()
    await engine.dispose()
