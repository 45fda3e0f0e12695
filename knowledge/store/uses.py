"""How entries are used, and which questions nobody answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Integer,
    String,
    Table,
    Text,
    delete,
    func,
    insert,
    select,
    update,
)

from conversation.database import Moment, Transactions
from knowledge.store.tables import metadata

UseKind = Literal["given", "helpful", "unhelpful", "used", "clicked"]
GapState = Literal["open", "answered", "dismissed"]
GAPS: Final = 2_000

uses: Final = Table(
    "knowledge_uses",
    metadata,
    Column("id", String(140), primary_key=True),
    Column("entry", String(64), nullable=False, index=True),
    Column("kind", String(10), nullable=False),
    Column("at", Moment, nullable=False, index=True),
)
gaps: Final = Table(
    "knowledge_gaps",
    metadata,
    Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("conversation", String(64), nullable=False),
    Column("at", Moment, nullable=False),
    Column("language", String(8), nullable=False),
    Column("question", Text, nullable=False),
    Column("state", String(10), nullable=False, index=True),
)


@dataclass(frozen=True, slots=True)
class Use:
    """An entry was given as an answer, judged, used by an agent or opened; `id` keeps it from counting twice."""

    id: str
    entry: str
    kind: UseKind
    at: datetime


@dataclass(frozen=True, slots=True)
class Gap:
    """A question that stayed unanswered; `seq` is its message in the log."""

    seq: int
    conversation: str
    at: datetime
    language: str
    question: str
    state: GapState = "open"


class Uses:
    """What became of answers; again is harmless."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    async def keep(self, used: Sequence[Use], missed: Sequence[Gap] = (), erased: Sequence[int] = ()) -> None:
        """Count these, list those, and forget questions whose words were erased."""

        def kept(connection: Connection) -> None:
            _add(connection, uses, uses.c.id, {one.id: one for one in used})
            _add(connection, gaps, gaps.c.seq, {one.seq: one for one in missed})
            connection.execute(delete(gaps).where(gaps.c.seq.in_(erased)))

        await self._transactions.run(kept, derived=True)

    async def counts(self, since: datetime) -> dict[str, dict[str, int]]:
        """How often of each kind, by entry."""
        query = select(uses.c.entry, uses.c.kind, func.count()).where(uses.c.at >= since)
        query = query.group_by(uses.c.entry, uses.c.kind)
        found: dict[str, dict[str, int]] = {}
        for entry, kind, count in await self._rows(query):
            found.setdefault(entry, {})[kind] = count
        return found

    async def judged(self, kind: UseKind, since: datetime) -> list[Use]:
        """Uses of one kind, earliest first."""
        query = select(uses).where(uses.c.kind == kind, uses.c.at >= since).order_by(uses.c.at)
        return [Use(*row) for row in await self._rows(query)]

    async def times(self, since: datetime) -> list[tuple[datetime, str]]:
        """When answers were given and how they were judged, for charts."""
        return await self._rows(select(uses.c.at, uses.c.kind).where(uses.c.at >= since).order_by(uses.c.at))

    async def open_gaps(self) -> list[Gap]:
        """Unanswered questions, latest first, at most GAPS."""
        query = select(gaps).where(gaps.c.state == "open").order_by(gaps.c.seq.desc()).limit(GAPS)
        return [Gap(*row) for row in await self._rows(query)]

    async def settle(self, seqs: Sequence[int], state: GapState) -> None:
        """They are answered, or need no answer."""
        change = update(gaps).where(gaps.c.seq.in_(seqs)).values(state=state)
        await self._transactions.run(lambda connection: connection.execute(change))

    async def _rows(self, query: Any) -> list[Any]:
        return await self._transactions.ask(lambda connection: list(connection.execute(query)))


def now() -> datetime:
    """The present time in UTC."""
    return datetime.now(UTC)


def _add(connection: Connection, table: Table, key: Any, rows: dict[Any, Any]) -> None:
    known = set(connection.scalars(select(key).where(key.in_(list(rows)))))
    fresh = [{name: getattr(row, name) for name in row.__slots__} for id, row in rows.items() if id not in known]
    if fresh:
        connection.execute(insert(table), fresh)
