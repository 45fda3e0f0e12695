"""What goes out to webhooks, and how that went."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import BigInteger, Column, Connection, Integer, String, Table, UniqueConstraint, insert, select, update

from conversation.database import Transactions, padded, writing
from desk.store.tables import Moment, metadata

deliveries: Final = Table(
    "webhook_deliveries",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("webhook", String(64), nullable=False, index=True),
    Column("seq", BigInteger, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("state", String(10), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("status", Integer),
    Column("error", String(200), nullable=False),
    Column("next_at", Moment, index=True),
    UniqueConstraint("webhook", "seq"),
)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One fact for one webhook: waiting, delivered or failed; `status` is the last HTTP answer's."""

    id: int
    webhook: str
    seq: int
    kind: str
    state: str
    tries: int
    status: int | None
    error: str
    next_at: datetime | None


class Deliveries:
    """The outgoing post book."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions
        self._engine = transactions.engine

    async def add(self, told: Sequence[tuple[str, int, str]], at: datetime) -> None:
        """(webhook, seq, kind) of each; once for a webhook and a seq."""
        if told:
            await self._transactions.run(lambda connection: _add(connection, told, at))

    async def due(self, at: datetime, limit: int) -> Sequence[Delivery]:
        """Those to be tried now, oldest first."""
        query = select(deliveries).where(deliveries.c.next_at <= at).order_by(deliveries.c.id).limit(limit)
        async with self._engine.connect() as connection:
            return [Delivery(**row._mapping) for row in await connection.execute(query)]

    async def note(self, delivery: Delivery) -> None:
        """How it stands."""
        values = {name: getattr(delivery, name) for name in Delivery.__slots__ if name != "id"}
        async with writing(self._engine) as connection:
            await connection.execute(update(deliveries).where(deliveries.c.id == delivery.id).values(values))

    async def latest(self, webhook: str, limit: int) -> Sequence[Delivery]:
        """Latest first."""
        query = select(deliveries).where(deliveries.c.webhook == webhook).order_by(deliveries.c.id.desc()).limit(limit)
        async with self._engine.connect() as connection:
            return [Delivery(**row._mapping) for row in await connection.execute(query)]

    async def find(self, id: int) -> Delivery | None:
        """By id."""
        async with self._engine.connect() as connection:
            row = (await connection.execute(select(deliveries).where(deliveries.c.id == id))).one_or_none()
            return Delivery(**row._mapping) if row else None


def _add(connection: Connection, told: Sequence[tuple[str, int, str]], at: datetime) -> None:
    seqs = padded({seq for _, seq, _ in told})
    query = select(deliveries.c.webhook, deliveries.c.seq).where(deliveries.c.seq.in_(seqs))
    known = {(row.webhook, row.seq) for row in connection.execute(query)}
    waiting = {"state": "waiting", "tries": 0, "error": "", "next_at": at}
    rows = [
        {"webhook": webhook, "seq": seq, "kind": kind, **waiting}
        for webhook, seq, kind in told
        if (webhook, seq) not in known
    ]
    if rows:
        connection.execute(insert(deliveries), rows)
