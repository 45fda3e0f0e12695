"""The database's shape over time (Alembic)."""

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from agent_assist.store.answers import metadata as assist_tables
from bot.store import examples, inbox, versions  # noqa: F401  (they declare tables)
from bot.store.tables import metadata as bot_tables
from conversation.database import open_engine
from conversation.sql import metadata as log_tables
from demo_shop import store as _shop  # noqa: F401  (it declares tables)
from demo_shop.tables import metadata as shop_tables
from desk.store import access, agent_time, changes, deliveries, keys, mails, reports, search, shelf, staff, tickets  # noqa: F401  (they declare tables)
from desk.store.tables import metadata as desk_tables
from knowledge.store import entries, ranking, uses  # noqa: F401  (they declare tables)
from knowledge.store.tables import metadata as knowledge_tables
from quality_check.store import editions, inspections, work  # noqa: F401  (they declare tables)
from quality_check.store.tables import metadata as quality_tables

METADATA: Final = [log_tables, bot_tables, desk_tables, shop_tables, quality_tables, knowledge_tables, assist_tables]


def of_ours(_item: object, name: str | None, _kind: str, *_: object) -> bool:
    """Is it declared alike for both databases? Full-text search is not: a table of its own, or an index."""
    return not (name or "").startswith(("search_terms", "ix_search_messages_terms"))


def config_for(connection: Connection | None = None) -> Config:
    """Alembic's configuration, bound to a connection."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    return config


async def upgrade(url: str) -> None:
    """Bring a database to the present shape; a present one is left alone."""
    engine = open_engine(url)
    async with engine.connect() as connection:
        await connection.execution_options(writes=True)
        async with connection.begin():
            await connection.run_sync(lambda sync: command.upgrade(config_for(sync), "head"))
    await engine.dispose()
