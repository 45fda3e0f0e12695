"""Migrations lead to exactly the tables the code declares, on both databases."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from app.migrations import METADATA, of_ours, upgrade
from conversation.database import open_engine
from conversation.events import ConversationStarted
from conversation.signals import LocalSignals
from conversation.sql import SqlLog


async def test_a_migrated_database_is_as_declared(database_url: str) -> None:
    await upgrade(database_url)
    await upgrade(database_url)

    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"include_object": of_ours})
        return list(compare_metadata(context, METADATA))

    engine = open_engine(database_url)
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
    log = SqlLog(engine, LocalSignals())
    await log.append("c1", ConversationStarted("k", "widget", "demo", "zh"), cause="start")
    assert (await log.load("c1")).seq == 1
    await log.close()
    await engine.dispose()
