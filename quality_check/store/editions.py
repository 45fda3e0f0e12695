"""Rubrics and scorecards in versions: a draft that is worked on, the active one, and those that were."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal

from sqlalchemy import Column, Integer, String, Table, Text, UniqueConstraint, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from conversation.database import Moment, writing
from quality_check.store.tables import metadata

Kind = Literal["rubric", "card"]
State = Literal["draft", "active", "retired"]

editions: Final = Table(
    "quality_editions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(8), nullable=False),
    Column("version", Integer, nullable=False),
    Column("state", String(8), nullable=False, index=True),
    Column("text", Text, nullable=False),
    Column("note", String(500), nullable=False),
    Column("by", String(64), nullable=False),
    Column("at", Moment, nullable=False),
    Column("activated_at", Moment),
    UniqueConstraint("kind", "version"),
)


@dataclass(frozen=True, slots=True)
class Edition:
    """One version of the rubric or of the scorecard; `text` is its YAML. `by` is "" when it came with the house."""

    id: int
    kind: Kind
    version: int
    state: State
    text: str
    note: str
    by: str
    at: datetime
    activated_at: datetime | None


class NotADraft(Exception):
    """What is active or retired is never changed."""


class Editions:
    """Of each kind one is active at a time; what was active stays readable as it was."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def active(self, kind: Kind) -> Edition | None:
        """The one that counts."""
        return await self._one(editions.c.kind == kind, editions.c.state == "active")

    async def draft(self, kind: Kind) -> Edition | None:
        """The one that is worked on."""
        return await self._one(editions.c.kind == kind, editions.c.state == "draft")

    async def version(self, kind: Kind, version: int) -> Edition | None:
        """As it was or is."""
        return await self._one(editions.c.kind == kind, editions.c.version == version)

    async def all(self) -> list[Edition]:
        """Latest first."""
        async with self._engine.connect() as connection:
            found = await connection.execute(select(editions).order_by(editions.c.id.desc()))
            return [Edition(*row) for row in found]

    async def write(self, kind: Kind, text: str, note: str, by: str) -> Edition:
        """Keep the text as the draft, a new version when there is none yet."""
        changed: dict[str, Any] = {"text": text, "note": note, "by": by, "at": datetime.now(UTC)}
        async with writing(self._engine) as connection:
            draft = select(editions.c.id).where(editions.c.kind == kind, editions.c.state == "draft")
            if (id := await connection.scalar(draft)) is not None:
                await connection.execute(update(editions).where(editions.c.id == id).values(changed))
            else:
                last = await connection.scalar(select(func.max(editions.c.version)).where(editions.c.kind == kind))
                row = {"kind": kind, "version": (last or 0) + 1, "state": "draft", **changed}
                id = await connection.scalar(insert(editions).values(row).returning(editions.c.id))
            found = await connection.execute(select(editions).where(editions.c.id == id))
            return Edition(*found.one())

    async def keep(self, kind: Kind, text: str, note: str) -> Edition:
        """A version to inspect by that never counts: the one with this text, or a new one, retired at once."""
        known = await self._one(editions.c.kind == kind, editions.c.text == text, editions.c.state != "draft")
        if known is not None:
            return known
        async with writing(self._engine) as connection:
            last = await connection.scalar(select(func.max(editions.c.version)).where(editions.c.kind == kind))
            row = {"kind": kind, "version": (last or 0) + 1, "state": "retired", "text": text, "note": note, "by": ""}
            added = insert(editions).values({**row, "at": datetime.now(UTC)}).returning(editions)
            return Edition(*(await connection.execute(added)).one())

    async def activate(self, kind: Kind) -> None:
        """The draft counts from now on, and what counted is retired. Raises NotADraft when there is none."""
        mine = editions.c.kind == kind
        async with writing(self._engine) as connection:
            retired = update(editions).where(mine, editions.c.state == "active").values(state="retired")
            await connection.execute(retired)
            now = {"state": "active", "activated_at": datetime.now(UTC)}
            done = await connection.execute(update(editions).where(mine, editions.c.state == "draft").values(now))
            if not done.rowcount:
                raise NotADraft(kind)

    async def supersede(self, kind: Kind, text: str, note: str, by: str) -> None:
        """Another text counts from now on in the place of the active one; the draft stays."""
        now = datetime.now(UTC)
        async with writing(self._engine) as connection:
            last = await connection.scalar(select(func.max(editions.c.version)).where(editions.c.kind == kind))
            counted = update(editions).where(editions.c.kind == kind, editions.c.state == "active")
            await connection.execute(counted.values(state="retired"))
            row = {"kind": kind, "version": (last or 0) + 1, "state": "active", "text": text, "note": note, "by": by}
            await connection.execute(insert(editions).values({**row, "at": now, "activated_at": now}))

    async def discard(self, kind: Kind) -> None:
        """The draft is gone; nothing that ever counted goes."""
        async with writing(self._engine) as connection:
            gone = delete(editions).where(editions.c.kind == kind, editions.c.state == "draft")
            await connection.execute(gone)

    async def _one(self, *conditions: Any) -> Edition | None:
        async with self._engine.connect() as connection:
            wanted = select(editions).where(*conditions).order_by(editions.c.version.desc()).limit(1)
            found = (await connection.execute(wanted)).first()
            return Edition(*found) if found else None
