"""Mail that goes out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import JSON, Column, Integer, String, Table, Text, insert, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from conversation.database import writing
from desk.store.tables import Moment, metadata

mails: Final = Table(
    "mails",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("to", String(200), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("text", Text, nullable=False),
    Column("state", String(10), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("error", String(200), nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("next_at", Moment, index=True),
    Column("headers", JSON, nullable=False),
    Column("files", JSON, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail: waiting, sent or failed; its text and `files` (their ids) are forgotten when it is over."""

    id: int
    to: str
    subject: str
    text: str
    state: str
    tries: int
    error: str
    made_at: datetime
    next_at: datetime | None
    headers: Mapping[str, str] = field(default_factory=dict)
    files: Sequence[str] = ()


def waiting_row(
    to: str, subject: str, text: str, at: datetime, headers: Mapping[str, str], files: Sequence[str] = ()
) -> dict[str, Any]:
    """A mail that is to be sent at once, for whoever writes it down beside something else."""
    values = {"to": to, "subject": subject, "text": text, "made_at": at, "next_at": at, "headers": dict(headers)}
    return {**values, "files": list(files), "state": "waiting", "tries": 0, "error": ""}


class Mails:
    """The outgoing mail book."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def add(self, to: str, subject: str, text: str, at: datetime) -> None:
        """To be sent now."""
        async with writing(self._engine) as connection:
            await connection.execute(insert(mails).values(waiting_row(to, subject, text, at, {})))

    async def due(self, at: datetime, limit: int) -> Sequence[Mail]:
        """Those to be tried now, oldest first."""
        return await self._select(select(mails).where(mails.c.next_at <= at).order_by(mails.c.id).limit(limit))

    async def latest(self, limit: int) -> Sequence[Mail]:
        """Latest first."""
        return await self._select(select(mails).order_by(mails.c.id.desc()).limit(limit))

    async def note(self, mail: Mail) -> None:
        """How it stands."""
        values = {name: getattr(mail, name) for name in Mail.__slots__ if name != "id"} | {"files": list(mail.files)}
        async with writing(self._engine) as connection:
            await connection.execute(update(mails).where(mails.c.id == mail.id).values(values))

    async def _select(self, query: Any) -> Sequence[Mail]:
        async with self._engine.connect() as connection:
            return [Mail(**row._mapping) for row in await connection.execute(query)]
