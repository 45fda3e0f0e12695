"""Small things that staff keep: canned replies, views, drafts, reminders, contacts' profiles, rules."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import JSON, Column, Index, String, Table, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncEngine

from conversation.database import writing
from desk.store.tables import Moment, metadata

FRESH: Final = timedelta(seconds=1)

shelf: Final = Table(
    "shelf",
    metadata,
    Column("kind", String(16), primary_key=True),
    Column("id", String(140), primary_key=True),
    Column("owner", String(64), nullable=False),
    Column("at", Moment, nullable=False),
    Column("body", JSON, nullable=False),
    Index(None, "kind", "owner"),
)


@dataclass(frozen=True, slots=True)
class Kept:
    """One thing: its id, whose it is and what it says."""

    id: str
    owner: str
    at: datetime
    body: Mapping[str, Any]

    def shown(self) -> dict[str, Any]:
        """With its id and owner, as pages get it."""
        return {"id": self.id, "owner": self.owner, **self.body}


class Shelf:
    """Things of one kind by id; whoever needs to query inside them deserves a table."""

    def __init__(self, engine: AsyncEngine, kind: str) -> None:
        self._engine = engine
        self._kind = kind
        self._seen: tuple[datetime, asyncio.Task[list[Kept]]] | None = None

    async def put(self, owner: str, body: Mapping[str, Any], id: str = "") -> Kept:
        """Keep it, in the place of what had this id; without one it gets a new id."""
        kept = Kept(id or uuid4().hex, owner, datetime.now(UTC), dict(body))
        row = {"kind": self._kind, "id": kept.id, "owner": owner, "at": kept.at, "body": kept.body}
        async with writing(self._engine) as connection:
            await connection.execute(delete(shelf).where(shelf.c.kind == self._kind, shelf.c.id == kept.id))
            await connection.execute(insert(shelf).values(row))
        self._seen = None
        return kept

    async def find(self, id: str) -> Kept | None:
        """What has this id."""
        found = await self._select(shelf.c.id == id)
        return found[0] if found else None

    async def all(self, owner: str | None = None) -> list[Kept]:
        """Everything of the kind, oldest first, or what one person owns."""
        return await self._select(*(() if owner is None else (shelf.c.owner == owner,)))

    async def lately(self) -> list[Kept]:
        """As `all`, but up to a second old, save for what was changed here: for what is asked at every fact.

        Who asks at once shares one query.
        """
        now = datetime.now(UTC)
        if self._seen is None or not timedelta(0) <= now - self._seen[0] < FRESH:
            self._seen = (now, asyncio.create_task(self.all()))
        asked = self._seen[1]
        try:
            # One who goes away does not take it from the others.
            return asked.result() if asked.done() else await asyncio.shield(asked)
        except Exception:
            self._seen = None
            raise

    async def remove(self, id: str, *, put_at: datetime | None = None) -> bool:
        """False when nothing has this id, or what has it was put at another time."""
        async with writing(self._engine) as connection:
            gone = delete(shelf).where(shelf.c.kind == self._kind, shelf.c.id == id)
            if put_at is not None:
                gone = gone.where(shelf.c.at == put_at)
            was_there = bool((await connection.execute(gone)).rowcount)
        self._seen = None
        return was_there

    async def _select(self, *conditions: Any) -> list[Kept]:
        query = select(shelf.c.id, shelf.c.owner, shelf.c.at, shelf.c.body)
        query = query.where(shelf.c.kind == self._kind, *conditions).order_by(shelf.c.at, shelf.c.id)
        async with self._engine.connect() as connection:
            return [Kept(*row) for row in await connection.execute(query)]
