"""Who reads which partition: leases and cursors, in the same database as the log."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, or_, select, update

from conversation.database import Transactions
from conversation.log import PARTITIONS
from conversation.sql.tables import cursors, members

_ADVANCE: Final = (
    update(cursors)
    .where(
        cursors.c.reader == bindparam("of"),
        cursors.c.owner == bindparam("by"),
        cursors.c.partition == bindparam("at"),
        cursors.c.seq < bindparam("to"),
    )
    .values(seq=bindparam("to"))
)


class Leases:
    """Shares of the partitions, cut evenly among the owners that were heard of lately."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    async def claim(self, reader: str, owner: str, seconds: float) -> Mapping[int, int]:
        """As Log.claim."""
        now = datetime.now(UTC)
        until = now + timedelta(seconds=seconds)

        def claimed(connection: Connection) -> Mapping[int, int]:
            rows = _locked(connection, reader)
            share = -(-PARTITIONS // _members(connection, reader, owner, now, until))
            free = [row for row in rows if row.owner in ("", owner) or row.until <= now]
            mine = sorted(free, key=lambda row: row.owner != owner)[:share]
            kept = {row.partition for row in mine}
            let_go = {row.partition for row in free if row.owner} - kept
            _set(connection, reader, kept, owner, until)
            _set(connection, reader, let_go, "", None)
            return {row.partition: row.seq for row in mine}

        return await self._transactions.run(claimed)

    async def advance(self, reader: str, owner: str, moved: Mapping[int, int]) -> None:
        """As Log.advance."""
        if not moved:
            return
        steps = [{"of": reader, "by": owner, "at": partition, "to": seq} for partition, seq in moved.items()]
        await self._transactions.run(lambda connection: connection.execute(_ADVANCE, steps))

    async def release(self, reader: str, owner: str) -> None:
        """As Log.release."""

        def released(connection: Connection) -> None:
            connection.execute(delete(members).where(members.c.reader == reader, members.c.owner == owner))
            mine = (cursors.c.reader == reader) & (cursors.c.owner == owner)
            connection.execute(update(cursors).where(mine).values(owner="", until=None))

        await self._transactions.run(released)


def _locked(connection: Connection, reader: str) -> list[Row[tuple[int, int, str, datetime]]]:
    """The reader's rows, for update; they are made at its first claim."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(7533, func.hashtext(reader))))
    query = select(cursors).where(cursors.c.reader == reader).order_by(cursors.c.partition)
    rows = connection.execute(query).all()
    if not rows:
        fresh = [{"reader": reader, "partition": p, "seq": 0, "owner": ""} for p in range(PARTITIONS)]
        connection.execute(insert(cursors), fresh)
        rows = connection.execute(query).all()
    return list(rows)


def _members(connection: Connection, reader: str, owner: str, now: datetime, until: datetime) -> int:
    """Note that this owner lives, forget the dead, and count the living."""
    gone = or_(members.c.owner == owner, members.c.until <= now)
    connection.execute(delete(members).where(members.c.reader == reader, gone))
    connection.execute(insert(members).values(reader=reader, owner=owner, until=until))
    count = connection.scalar(select(func.count()).where(members.c.reader == reader))
    return int(count or 1)


def _set(
    connection: Connection,
    reader: str,
    which: set[int],
    owner: str,
    until: datetime | None,
) -> None:
    if which:
        rows = (cursors.c.reader == reader) & cursors.c.partition.in_(which)
        connection.execute(update(cursors).where(rows).values(owner=owner, until=until))
