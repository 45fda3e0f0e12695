"""All that was said, by its terms: a GIN index on PostgreSQL, FTS5 on SQLite."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Integer,
    String,
    Table,
    Text,
    bindparam,
    delete,
    insert,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import TSVECTOR

from conversation.database import Transactions, padded
from desk.store.tables import Moment, metadata

messages: Final = Table(
    "search_messages",
    metadata,
    Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("conversation", String(64), nullable=False),
    Column("at", Moment, nullable=False),
    Column("by", String(8), nullable=False),
    Column("terms", Text().with_variant(TSVECTOR, "postgresql"), nullable=False),
)
FULL_TEXT: Final = "search_terms"

# Built once: building a statement costs more than running it.
_KNOWN: Final = select(messages.c.seq).where(messages.c.seq.in_(bindparam("seqs", expanding=True)))
_INSERT: Final = insert(messages)
_PLAIN: Final = text(f"INSERT INTO {FULL_TEXT} (rowid, terms) VALUES (:seq, :terms)")
_FORGET: Final = text(
    f"INSERT INTO {FULL_TEXT} ({FULL_TEXT}, rowid, terms) "
    "SELECT 'delete', seq, terms FROM search_messages WHERE seq = :seq"
)
_VECTORS: Final = text(
    'INSERT INTO search_messages (seq, conversation, at, "by", terms) '
    "VALUES (:seq, :conversation, :at, :by, array_to_tsvector(string_to_array(:terms, ' ')))"
)


@dataclass(frozen=True, slots=True)
class Said:
    """A message as the index keeps it; `by` is customer, bot or agent."""

    seq: int
    conversation: str
    at: datetime
    by: str
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; None does not matter."""

    terms: tuple[str, ...]
    by: str | None = None
    since: datetime | None = None
    until: datetime | None = None


class SearchIndex:
    """Words by message; the messages themselves stay in the log."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions
        self._engine = transactions.engine
        self._postgres = self._engine.dialect.name == "postgresql"

    async def keep(self, said: Sequence[Said], forgotten: Sequence[int] = ()) -> None:
        """Know what was said, and no longer know the words of these seqs; again is harmless."""

        def kept(connection: Connection) -> None:
            self._add(connection, said)
            for seq in forgotten:
                self._forget(connection, seq)

        await self._transactions.run(kept, derived=True)

    def _add(self, connection: Connection, said: Sequence[Said]) -> None:
        known = set(connection.scalars(_KNOWN, {"seqs": padded(one.seq for one in said)}))
        fresh = {one.seq: one for one in said if one.terms and one.seq not in known}
        rows = [
            {"seq": s.seq, "conversation": s.conversation, "at": s.at, "by": s.by, "terms": " ".join(s.terms)}
            for s in fresh.values()
        ]
        if not rows:
            return
        if self._postgres:
            connection.execute(_VECTORS, rows)
            return
        connection.execute(_INSERT, rows)
        connection.execute(_PLAIN, [{"seq": row["seq"], "terms": row["terms"]} for row in rows])

    def _forget(self, connection: Connection, seq: int) -> None:
        if not self._postgres:
            connection.execute(_FORGET, {"seq": seq})
        connection.execute(delete(messages).where(messages.c.seq == seq))

    async def find(self, wanted: Wanted, before: int | None, limit: int) -> list[tuple[int, str]]:
        """(seq, conversation) of messages with all the terms, latest first."""
        query = select(messages.c.seq, messages.c.conversation).order_by(messages.c.seq.desc()).limit(limit)
        values: dict[str, Any] = {}
        if self._postgres:
            values["asked"] = " & ".join(
                "'" + term.replace("'", "''").replace("\\", "\\\\") + "'" for term in wanted.terms
            )
            query = query.where(text("terms @@ CAST(:asked AS tsquery)"))
        else:
            values["asked"] = " ".join('"' + term.replace('"', '""') + '"' for term in wanted.terms)
            found = f"seq IN (SELECT rowid FROM {FULL_TEXT} WHERE {FULL_TEXT} MATCH :asked)"
            query = query.where(text(found))
        if before is not None:
            query = query.where(messages.c.seq < before)
        if wanted.by is not None:
            query = query.where(messages.c.by == wanted.by)
        if wanted.since is not None:
            query = query.where(messages.c.at >= wanted.since)
        if wanted.until is not None:
            query = query.where(messages.c.at < wanted.until)
        async with self._engine.connect() as connection:
            return [(row.seq, row.conversation) for row in await connection.execute(query, values)]
