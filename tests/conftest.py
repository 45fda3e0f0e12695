"""Real servers and stores for the tests."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from conversation.log import Log
from conversation.memory import MemoryLog
from conversation.signals import LocalSignals
from conversation.sql import SqlLog, metadata, open_engine


@pytest.fixture(params=["memory", "sqlite"])
async def log(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Log]:
    """An empty log of each kind."""
    if request.param == "memory":
        yield MemoryLog()
        return
    engine = open_engine(f"sqlite+aiosqlite:///{tmp_path / 'log.db'}")
    async with engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    opened = SqlLog(engine, LocalSignals())
    yield opened
    await opened.close()
    await engine.dispose()
