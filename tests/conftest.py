"""Real servers and stores for the tests."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from sqlalchemy.ext.asyncio import AsyncEngine

from app.migrations import upgrade
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


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file of the present shape, to be copied: migrations take as long as many a test."""
    file = tmp_path_factory.mktemp("migrated") / "kefu.db"
    asyncio.run(upgrade(f"sqlite+aiosqlite:///{file}"))
    return file


@pytest.fixture
def kefu_db(migrated: Path, tmp_path: Path) -> str:
    """The URL of a copy of the test's own: `tmp_path / "kefu.db"`, where a house with `var=tmp_path` keeps it."""
    return f"sqlite+aiosqlite:///{shutil.copy(migrated, tmp_path)}"


@pytest.fixture
async def engine(kefu_db: str) -> AsyncIterator[AsyncEngine]:
    """It, opened."""
    opened = open_engine(kefu_db)
    yield opened
    await opened.dispose()


@pytest.fixture
async def sql_log(engine: AsyncEngine) -> AsyncIterator[SqlLog]:
    """The log on it."""
    opened = SqlLog(engine, LocalSignals())
    yield opened
    await opened.close()


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
