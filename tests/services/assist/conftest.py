"""The room on the real log."""

from collections.abc import AsyncIterator

import pytest

from agent_assist.rules.models import Models
from app.migrations import upgrade
from conversation.database import open_engine
from conversation.signals import LocalSignals
from conversation.sql import SqlLog
from tests.services.assist.room import Room


@pytest.fixture
async def room(database_url: str) -> AsyncIterator[Room]:
    """The room on a fresh database."""
    await upgrade(database_url)
    engine = open_engine(database_url)
    log = SqlLog(engine, LocalSignals())
    made = Room(log, Models())
    yield made
    made.memory.close()
    await log.close()
    await engine.dispose()
