"""The room on the real log."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agent_assist.rules.models import Models
from app.migrations import upgrade
from conversation.database import open_engine
from conversation.signals import LocalSignals
from conversation.sql import SqlLog
from tests.servers.postgres import PostgresServer
from tests.services.assist.room import Room


@pytest.fixture(params=["sqlite", "postgres"])
async def room(request: pytest.FixtureRequest, tmp_path: Path, postgres: PostgresServer) -> AsyncIterator[Room]:
    """The room on a fresh database."""
    url = f"sqlite+aiosqlite:///{tmp_path / 'kefu.db'}"
    if request.param == "postgres":
        await postgres.ensure()
        url = await postgres.database()
    await upgrade(url)
    engine = open_engine(url)
    log = SqlLog(engine, LocalSignals())
    made = Room(log, Models())
    yield made
    made.memory.close()
    await log.close()
    await engine.dispose()
