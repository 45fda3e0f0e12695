"""Who reads which partition: leases and cursors, in the same database as the log."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from sqlalchemy import Row, case, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from conversation.database import writing
from conversation.log import PARTITIONS
from conversation.sql.tables import cursors, members


class Leases:
    """Shares of the partitions, cut evenly among the owners that were heard of lately."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def claim(self, reader: str, owner: str, seconds: float) -> Mapping[int, int]:
        """As Log.claim."""
        now = datetime.now(UTC)
        until = now + timedelta(seconds=seconds)
        async with writing(self._engine) as connection:
            rows = await _locked(connection, reader)
            share = -(-PARTITIONS // await _members(connection, reader, owner, now, until))
            free = [row for row in rows if row.owner in ("", owner) or row.until <= now]
            mine = sorted(free, key=lambda row: row.owner != owner)[:share]
            kept = {row.partition for row in mine}
            let_go = {row.partition for row in free if row.owner} - kept
            await _set(connection, reader, kept, owner, until)
            await _set(connection, reader, let_go, "", None)
            return {row.partition: row.seq for row in mine}

    async def advance(self, reader: str, owner: str, moved: Mapping[int, int]) -> None:
        """As Log.advance."""
        if not moved:
            return
        forward = case(moved, value=cursors.c.partition)
        mine = (cursors.c.reader == reader) & (cursors.c.owner == owner) & cursors.c.partition.in_(moved)
        async with writing(self._engine) as connection:
            await connection.execute(update(cursors).where(mine, cursors.c.seq < forward).values(seq=forward))

    async def release(self, reader: str, owner: str) -> None:
        """As Log.release."""
        async with writing(self._engine) as connection:
            await connection.execute(delete(members).where(members.c.reader == reader, members.c.owner == owner))
            mine = (cursors.c.reader == reader) & (cursors.c.owner == owner)
            await connection.execute(update(cursors).where(mine).values(owner="", until=None))


async def _locked(connection: AsyncConnection, reader: str) -> list[Row[tuple[int, int, str, datetime]]]:
    """The reader's rows, for update; they are made at its first claim."""
    if connection.dialect.name == "postgresql":
        await connection.execute(select(func.pg_advisory_xact_lock(7533, func.hashtext(reader))))
    query = select(cursors).where(cursors.c.reader == reader).order_by(cursors.c.partition)
    rows = (await connection.execute(query)).all()
    if not rows:
        fresh = [{"reader": reader, "partition": p, "seq": 0, "owner": ""} for p in range(PARTITIONS)]
        await connection.execute(insert(cursors), fresh)
        rows = (await connection.execute(query)).all()
    return list(rows)


async def _members(connection: AsyncConnection, reader: str, owner: str, now: datetime, until: datetime) -> int:
    """Note that this owner lives, forget the dead, and count the living."""
    gone = or_(members.c.owner == owner, members.c.until <= now)
    await connection.execute(delete(members).where(members.c.reader == reader, gone))
    await connection.execute(insert(members).values(reader=reader, owner=owner, until=until))
    count = await connection.scalar(select(func.count()).where(members.c.reader == reader))
    return int(count or 1)


async def _set(
    connection: AsyncConnection,
    reader: str,
    which: set[int],
    owner: str,
    until: datetime | None,
) -> None:
    if which:
        rows = (cursors.c.reader == reader) & cursors.c.partition.in_(which)
        await connection.execute(update(cursors).where(rows).values(owner=owner, until=until))
