"""What lets staff in beside a password: second factors, recovery codes, one-time links, identities elsewhere."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, String, Table, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from conversation.database import writing
from desk.store.tables import Moment, metadata

factors: Final = Table(
    "second_factors",
    metadata,
    Column("staff", String(64), primary_key=True),
    Column("secret", String(400), nullable=False),
    Column("confirmed", Boolean, nullable=False),
    Column("step", BigInteger, nullable=False),
)
codes: Final = Table(
    "recovery_codes",
    metadata,
    Column("staff", String(64), primary_key=True),
    Column("hash", String(64), primary_key=True),
)
links: Final = Table(
    "one_time_links",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("staff", String(64), nullable=False, index=True),
    Column("until", Moment, nullable=False),
)
identities: Final = Table(
    "identities",
    metadata,
    Column("issuer", String(400), primary_key=True),
    Column("subject", String(255), primary_key=True),
    Column("staff", String(64), nullable=False),
)


@dataclass(frozen=True, slots=True)
class Factor:
    """A sealed TOTP secret, and the last 30-second step whose code was used."""

    secret: str
    confirmed: bool
    step: int


class Keys:
    """Codes and links are kept as hashes; each is used once, also when two try at the same moment."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def factor(self, staff: str) -> Factor | None:
        """Somebody's, confirmed or not."""
        query = select(factors.c.secret, factors.c.confirmed, factors.c.step).where(factors.c.staff == staff)
        async with self._engine.connect() as connection:
            row = (await connection.execute(query)).one_or_none()
            return Factor(*row) if row else None

    async def propose(self, staff: str, secret: str) -> None:
        """A factor that counts once it is confirmed."""
        async with writing(self._engine) as connection:
            await connection.execute(delete(factors).where(factors.c.staff == staff))
            values = {"staff": staff, "secret": secret, "confirmed": False, "step": 0}
            await connection.execute(insert(factors).values(values))

    async def confirm(self, staff: str, step: int, hashes: Iterable[str]) -> None:
        """It counts from now on, with these recovery codes."""
        async with writing(self._engine) as connection:
            mine = factors.c.staff == staff
            await connection.execute(update(factors).where(mine).values(confirmed=True, step=step))
            await connection.execute(delete(codes).where(codes.c.staff == staff))
            await connection.execute(insert(codes), [{"staff": staff, "hash": one} for one in hashes])

    async def spend_step(self, staff: str, step: int) -> bool:
        """False when the code of this step, or of a later one, was used before."""
        async with writing(self._engine) as connection:
            fresh = (factors.c.staff == staff, factors.c.step < step)
            return bool((await connection.execute(update(factors).where(*fresh).values(step=step))).rowcount)

    async def spend_code(self, staff: str, hash: str) -> bool:
        """False when there is no such recovery code (any more)."""
        async with writing(self._engine) as connection:
            mine = delete(codes).where(codes.c.staff == staff, codes.c.hash == hash)
            return bool((await connection.execute(mine)).rowcount)

    async def codes_left(self, staff: str) -> int:
        """Recovery codes."""
        async with self._engine.connect() as connection:
            query = select(func.count()).select_from(codes).where(codes.c.staff == staff)
            return await connection.scalar(query) or 0

    async def forget(self, staff: str) -> None:
        """No second factor."""
        async with writing(self._engine) as connection:
            await connection.execute(delete(factors).where(factors.c.staff == staff))
            await connection.execute(delete(codes).where(codes.c.staff == staff))

    async def add_link(self, hash: str, staff: str, until: datetime) -> None:
        """A way in, once; it replaces the one they had."""
        async with writing(self._engine) as connection:
            await connection.execute(delete(links).where(links.c.staff == staff))
            await connection.execute(insert(links).values(hash=hash, staff=staff, until=until))

    async def link(self, hash: str, at: datetime) -> str | None:
        """Whose link this is, while it holds."""
        async with self._engine.connect() as connection:
            query = select(links.c.staff).where(links.c.hash == hash, links.c.until > at)
            return await connection.scalar(query)

    async def spend_link(self, hash: str) -> bool:
        """False when somebody was quicker."""
        async with writing(self._engine) as connection:
            return bool((await connection.execute(delete(links).where(links.c.hash == hash))).rowcount)

    async def identity(self, issuer: str, subject: str) -> str | None:
        """Whose identity at a provider this is."""
        mine = (identities.c.issuer == issuer, identities.c.subject == subject)
        async with self._engine.connect() as connection:
            return await connection.scalar(select(identities.c.staff).where(*mine))

    async def identify(self, issuer: str, subject: str, staff: str) -> None:
        """From now on this identity is this person."""
        async with writing(self._engine) as connection:
            mine = (identities.c.issuer == issuer, identities.c.subject == subject)
            await connection.execute(delete(identities).where(*mine))
            await connection.execute(insert(identities).values(issuer=issuer, subject=subject, staff=staff))
