"""Who is signed in where, and the tokens that programs use."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from secrets import token_urlsafe
from typing import Final
from uuid import uuid4

from sqlalchemy import JSON, Column, String, Table, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from conversation.database import padded, writing
from conversation.signals import Signals
from desk.store.tables import Moment, metadata

sessions: Final = Table(
    "staff_sessions",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("staff", String(64), nullable=False, index=True),
    Column("opened_at", Moment, nullable=False),
    Column("address", String(64), nullable=False),
    Column("browser", String(200), nullable=False),
)
tokens: Final = Table(
    "api_tokens",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name", String(100), nullable=False),
    Column("hash", String(64), nullable=False, unique=True),
    Column("scopes", JSON, nullable=False),
    Column("by", String(64), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("used_at", Moment),
)
PREFIX: Final = "kefu_"


@dataclass(frozen=True, slots=True)
class Opened:
    """A place where somebody is signed in; it ends by being deleted."""

    id: str
    staff: str
    opened_at: datetime
    address: str
    browser: str


@dataclass(frozen=True, slots=True)
class Token:
    """What a program may do; the token itself is kept nowhere."""

    id: str
    name: str
    scopes: tuple[str, ...]
    by: str
    created_at: datetime
    used_at: datetime | None


class Access:
    """Sessions and tokens; what is deleted is refused at the next request, and open pages are told by the signal."""

    def __init__(self, engine: AsyncEngine, signals: Signals) -> None:
        self._engine = engine
        self._signals = signals

    async def open(self, id: str, staff: str, address: str, browser: str) -> None:
        """Somebody signed in."""
        row = Opened(id, staff, datetime.now(UTC), address[:64], browser[:200])
        async with writing(self._engine) as connection:
            values = {name: getattr(row, name) for name in Opened.__slots__}
            await connection.execute(insert(sessions).values(values))

    async def alive(self, ids: Collection[str]) -> set[str]:
        """Those of these sessions that go on."""
        async with self._engine.connect() as connection:
            return set(await connection.scalars(select(sessions.c.id).where(sessions.c.id.in_(padded(ids)))))

    async def sessions_of(self, staff: str) -> Sequence[Opened]:
        """Latest first."""
        query = select(sessions).where(sessions.c.staff == staff).order_by(sessions.c.opened_at.desc())
        async with self._engine.connect() as connection:
            return [Opened(**row._mapping) for row in await connection.execute(query)]

    async def session(self, id: str) -> Opened | None:
        """One that goes on."""
        async with self._engine.connect() as connection:
            row = (await connection.execute(select(sessions).where(sessions.c.id == id))).one_or_none()
            return Opened(**row._mapping) if row else None

    async def end(self, id: str) -> None:
        """Over."""
        async with writing(self._engine) as connection:
            await connection.execute(delete(sessions).where(sessions.c.id == id))
        self._signals.publish("access", {})

    async def end_all(self, staff: str) -> None:
        """Everywhere."""
        async with writing(self._engine) as connection:
            await connection.execute(delete(sessions).where(sessions.c.staff == staff))
        self._signals.publish("access", {})

    async def issue(self, name: str, scopes: Sequence[str], by: str) -> tuple[str, Token]:
        """A new token: what the program sends, shown this once, and what is kept."""
        secret, now = PREFIX + token_urlsafe(32), datetime.now(UTC)
        token = Token(uuid4().hex, name, tuple(scopes), by, now, None)
        values = {name: getattr(token, name) for name in Token.__slots__} | {"scopes": list(scopes)}
        async with writing(self._engine) as connection:
            await connection.execute(insert(tokens).values(**values, hash=_hash(secret)))
        return secret, token

    async def token(self, secret: str) -> Token | None:
        """Whose this is; it counts as used."""
        async with writing(self._engine) as connection:
            mine = tokens.c.hash == _hash(secret)
            if not (await connection.execute(update(tokens).where(mine).values(used_at=datetime.now(UTC)))).rowcount:
                return None
            row = (await connection.execute(select(tokens).where(mine))).one()
            return _token(row._mapping)

    async def tokens(self) -> Sequence[Token]:
        """Latest first."""
        async with self._engine.connect() as connection:
            found = await connection.execute(select(tokens).order_by(tokens.c.created_at.desc()))
            return [_token(row._mapping) for row in found]

    async def withdraw(self, id: str) -> bool:
        """False when there is no such token."""
        async with writing(self._engine) as connection:
            return bool((await connection.execute(delete(tokens).where(tokens.c.id == id))).rowcount)


def _token(row: object) -> Token:
    values = dict(row)  # type: ignore[call-overload]
    del values["hash"]
    return Token(**{**values, "scopes": tuple(values["scopes"])})


def _hash(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
