"""Real servers and stores for the tests."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from conversation.database import open_engine
from conversation.log import Log
from conversation.memory import MemoryLog
from conversation.signals import LocalSignals
from conversation.sql import SqlLog, metadata
from tests.servers.postgres import PostgresServer
from tests.servers.redis import RedisServer

settings.register_profile("kefu", deadline=None)  # a busy machine is no finding
settings.load_profile("kefu")


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL for the whole run, started by whoever needs it first."""
    server = PostgresServer()
    yield server
    server.remove()


@pytest.fixture
async def postgres_url(postgres: PostgresServer) -> str:
    """A fresh database on a running server."""
    await postgres.ensure()
    return await postgres.database()


@pytest.fixture
async def redis_server() -> AsyncIterator[RedisServer]:
    """A Redis of the test's own."""
    server = RedisServer()
    await server.start()
    yield server
    server.remove()


@pytest.fixture(params=["memory", "sqlite", "postgres"])
async def log(request: pytest.FixtureRequest, tmp_path: Path, postgres: PostgresServer) -> AsyncIterator[Log]:
    """An empty log of each kind."""
    if request.param == "memory":
        yield MemoryLog()
        return
    url = f"sqlite+aiosqlite:///{tmp_path / 'log.db'}"
    if request.param == "postgres":
        await postgres.ensure()
        url = await postgres.database()
    engine = open_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    opened = SqlLog(engine, LocalSignals())
    yield opened
    await opened.close()
    await engine.dispose()
