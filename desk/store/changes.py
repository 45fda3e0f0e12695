"""The audit of everything that is no fact of a conversation."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import JSON, Column, Integer, String, Table, insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from conversation.database import writing
from desk.store.tables import Moment, metadata

changes: Final = Table(
    "changes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("by", String(64), nullable=False),
    Column("name", String(64), nullable=False),
    Column("act", String(40), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("detail", JSON, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Change:
    """Who did what to which subject; `detail` says how it is since."""

    id: int
    at: datetime
    by: str
    name: str
    act: str
    subject: str
    detail: Mapping[str, Any]


class Changes:
    """Only ever grows."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def record(self, by: str, name: str, act: str, subject: str, detail: Mapping[str, Any]) -> None:
        """One more."""
        row = {"at": datetime.now(UTC), "by": by, "name": name, "act": act, "subject": subject, "detail": dict(detail)}
        async with writing(self._engine) as connection:
            await connection.execute(insert(changes).values(row))

    async def latest(self, before: int | None, limit: int) -> list[Change]:
        """Latest first."""
        query = select(changes).order_by(changes.c.id.desc()).limit(limit)
        if before is not None:
            query = query.where(changes.c.id < before)
        async with self._engine.connect() as connection:
            return [Change(**row._mapping) for row in await connection.execute(query)]
