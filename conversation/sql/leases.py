"""Who reads which partition: leases and cursors, in the same database as the log."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import Connection, bindparam, delete, insert, or_, select, text, update

from conversation.database import Transactions
from conversation.log import PARTITIONS, Claimed, fair_share
from conversation.sql.tables import cursors, members

_LOCK: Final = text(
    "SELECT pg_advisory_xact_lock(7533, k) FROM "
    "(SELECT DISTINCT hashtext(r) AS k FROM unnest(CAST(:readers AS text[])) AS r ORDER BY 1) AS ordered"
)
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
_GIVE: Final = (
    update(cursors)
    .where(cursors.c.reader == bindparam("of"), cursors.c.partition == bindparam("at"))
    .values(owner=bindparam("to"))
)


class Leases:
    """Shares of the partitions, cut evenly among the owners that were heard of lately.

    Whoever has a row in `members` that has not run out lives, and what the others have is free: keeping a lease costs
    one row of each reader, not one of each partition.
    """

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    async def claim(self, owner: str, seconds: float, done: Mapping[str, Mapping[int, int]]) -> Claimed:
        """As Log.claim."""
        now = datetime.now(UTC)
        until = now + timedelta(seconds=seconds)

        def claimed(connection: Connection) -> Claimed:
            _advance(connection, owner, done)
            living = _living(connection, owner, done, now, until)
            granted: dict[str, Mapping[int, int]] = {}
            given = []
            for reader, rows in _cursors(connection, done).items():
                owners = {partition: has for partition, (has, _) in rows.items()}
                mine, let_go = fair_share(owners, owner, living[reader])
                given += [{"of": reader, "at": p, "to": owner} for p in mine if owners[p] != owner]
                given += [{"of": reader, "at": p, "to": ""} for p in let_go]
                granted[reader] = {partition: rows[partition][1] for partition in mine}
            if given:
                connection.execute(_GIVE, given)
            return granted

        return await self._transactions.run(claimed)

    async def release(self, owner: str, done: Mapping[str, Mapping[int, int]]) -> None:
        """As Log.release."""

        def released(connection: Connection) -> None:
            _advance(connection, owner, done)
            connection.execute(delete(members).where(members.c.owner == owner, members.c.reader.in_(done)))

        await self._transactions.run(released)

    async def bury(self, owner: str) -> None:
        """As Log.bury."""
        gone = delete(members).where(members.c.owner == owner)
        await self._transactions.run(lambda connection: connection.execute(gone))


def _advance(connection: Connection, owner: str, done: Mapping[str, Mapping[int, int]]) -> None:
    """Store how far it is; on PostgreSQL, one owner at a time looks at a reader's rows from here on."""
    if connection.dialect.name == "postgresql":
        connection.execute(_LOCK, {"readers": sorted(done)})
    steps = [
        {"of": reader, "by": owner, "at": p, "to": seq} for reader, moved in done.items() for p, seq in moved.items()
    ]
    if steps:
        connection.execute(_ADVANCE, steps)


def _living(
    connection: Connection, owner: str, readers: Collection[str], now: datetime, until: datetime
) -> Mapping[str, set[str]]:
    """Note that this owner lives, forget the dead, and name the living by reader."""
    ours = members.c.reader.in_(readers)
    connection.execute(delete(members).where(ours, or_(members.c.owner == owner, members.c.until <= now)))
    connection.execute(insert(members), [{"reader": r, "owner": owner, "until": until} for r in readers])
    living: dict[str, set[str]] = {reader: set() for reader in readers}
    for row in connection.execute(select(members.c.reader, members.c.owner).where(ours)):
        living[row.reader].add(row.owner)
    return living


def _cursors(connection: Connection, readers: Collection[str]) -> Mapping[str, Mapping[int, tuple[str, int]]]:
    """Owner and cursor by reader and partition; a reader's rows are made at its first claim."""
    found: dict[str, dict[int, tuple[str, int]]] = {reader: {} for reader in readers}
    query = select(cursors).where(cursors.c.reader.in_(readers)).order_by(cursors.c.partition)
    for row in connection.execute(query):
        found[row.reader][row.partition] = (row.owner, row.seq)
    for reader in [reader for reader, rows in found.items() if not rows]:
        fresh = [{"reader": reader, "partition": p, "seq": 0, "owner": ""} for p in range(PARTITIONS)]
        connection.execute(insert(cursors), fresh)
        found[reader] = dict.fromkeys(range(PARTITIONS), ("", 0))
    return found
