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
async def postgres_url(tmp_path: Path, postgres: PostgresServer) -> str:
    """A fresh database on a running server."""
    return await _fresh("postgres", tmp_path, postgres)


@pytest.fixture
async def redis_server() -> AsyncIterator[RedisServer]:
    """A Redis of the test's own."""
    server = RedisServer()
    await server.start()
    yield server
    server.remove()


@pytest.fixture(params=["sqlite", "postgres"])
async def database_url(request: pytest.FixtureRequest, tmp_path: Path, postgres: PostgresServer) -> str:
    """A fresh database of each kind."""
    return await _fresh(request.param, tmp_path, postgres)


async def _fresh(kind: str, folder: Path, postgres: PostgresServer) -> str:
    if kind == "sqlite":
        return f"sqlite+aiosqlite:///{folder / 'kefu.db'}"
    await postgres.ensure()
    return await postgres.database()


@pytest.fixture(params=["memory", "sqlite", "postgres"])
async def log(request: pytest.FixtureRequest, tmp_path: Path, postgres: PostgresServer) -> AsyncIterator[Log]:
    """An empty log of each kind."""
    if request.param == "memory":
        yield MemoryLog()
        return
    engine = open_engine(await _fresh(request.param, tmp_path, postgres))
    async with engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    opened = SqlLog(engine, LocalSignals())
    yield opened
    await opened.close()
    await engine.dispose()
