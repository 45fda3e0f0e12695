"""Group commit: what is appended at the same time becomes durable in one transaction."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, bindparam, func, insert, select, text, tuple_
from sqlalchemy.dialects import postgresql, sqlite

from conversation.codec import decode, decode_conversation, encode, encode_conversation
from conversation.database import Transactions
from conversation.events import Event, Fact
from conversation.log import (
    Appended,
    HolderChanged,
    LogUnavailable,
    NoRoom,
    Room,
    UnknownConversation,
    check,
    partition_of,
    place,
)
from conversation.model import Conversation, Holder, Speaker
from conversation.sql.hands import Hands, receivers
from conversation.sql.tables import conversations, event_seq, events

BATCH: Final = 256


def utc_now() -> datetime:
    """The present."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Request:
    """One append on its way."""

    conversation: str
    facts: tuple[Fact, ...]
    cause: str
    only_while: Holder | Speaker | None
    room: Room | None
    done: asyncio.Future[Appended]


class Writer:
    """Collects appends while a commit is under way and commits them together in the next one; `grown` is told of each
    commit that added something."""

    def __init__(self, transactions: Transactions, grown: Callable[[], None]) -> None:
        self._transactions = transactions
        self._grown = grown
        self._queue: list[Request] = []
        self._task: asyncio.Task[None] | None = None

    async def append(
        self,
        conversation: str,
        facts: tuple[Fact, ...],
        cause: str,
        only_while: Holder | Speaker | None,
        room: Room | None,
    ) -> Appended:
        """As Log.append."""
        done: asyncio.Future[Appended] = asyncio.get_running_loop().create_future()
        self._queue.append(Request(conversation, facts, cause, only_while, room, done))
        if self._task is None:
            self._task = asyncio.create_task(self._drain())
        return await done

    async def close(self) -> None:
        """Wait until all that was asked for is written."""
        if self._task is not None:
            await self._task

    async def _drain(self) -> None:
        try:
            while self._queue:
                batch, self._queue = self._queue[:BATCH], self._queue[BATCH:]
                await self._commit(batch)
        finally:
            self._task = None

    async def _commit(self, batch: Sequence[Request]) -> None:
        try:
            results = await self._transactions.run(lambda connection: record(connection, batch, utc_now()))
        except Exception as error:
            if len(batch) > 1 and not isinstance(error, LogUnavailable):
                for request in batch:  # one of them cannot be stored: the others must not suffer for it
                    await self._commit([request])
                return
            results = [error] * len(batch)
        if any(isinstance(result, Appended) and result.fresh for result in results):
            self._grown()
        for request, result in zip(batch, results, strict=True):
            if request.done.done():
                continue
            if isinstance(result, Exception):
                request.done.set_exception(result)
            else:
                request.done.set_result(result)


def record(connection: Connection, batch: Sequence[Request], at: datetime) -> list[Appended | Exception]:
    """Record requests in this transaction, in order; a refused one gets its reason and leaves no trace."""
    lock(connection, {request.conversation for request in batch})
    earlier = _earlier(connection, batch)
    folded = _folded(connection, batch)
    given = {agent for request in batch for agent in receivers(request.facts)}
    hands = Hands(connection, given, {request.room.agent for request in batch if request.room})
    changed: dict[str, Conversation] = {}
    rows: list[Event] = []
    results: list[Appended | Exception] = []
    seqs = _next_seqs(connection, sum(len(request.facts) for request in batch))
    for request in batch:
        key = (request.conversation, request.cause)
        kinds = {type(fact) for fact in request.facts}
        if any(type(event.fact) in kinds for event in earlier.get(key, ())):
            results.append(Appended(earlier[key], fresh=False))
            continue
        now = changed.get(request.conversation) or folded.get(request.conversation, Conversation(request.conversation))
        try:
            check(now, request.only_while)
            hands.check(request.room)
            placed, after = place(now, request.facts, cause=request.cause, seqs=seqs[: len(request.facts)], at=at)
        except (HolderChanged, NoRoom, UnknownConversation) as refusal:
            results.append(refusal)
            continue
        seqs = seqs[len(placed) :]
        rows += placed
        hands.move(now, after)
        changed[request.conversation] = after
        earlier[key] = (*earlier.get(key, ()), *placed)
        results.append(Appended(placed, fresh=True))
    if rows:
        connection.execute(_INSERT, [_row(event) for event in rows])
        connection.execute(_upsert(connection.dialect.name), [_folded_row(now) for now in changed.values()])
    return results


def lock(connection: Connection, ids: set[str]) -> None:
    """Let one transaction at a time append to a partition, so that seqs become visible in order (PostgreSQL).

    A sequence alone hands out numbers in order but commits may finish out of order, and a reader's cursor would skip.
    SQLite has one writer anyway.
    """
    if connection.dialect.name != "postgresql":
        return
    connection.execute(_LOCK, {"partitions": sorted({partition_of(conversation) for conversation in ids})})


_LOCK: Final = text(
    "SELECT pg_advisory_xact_lock(7531, p) FROM (SELECT unnest(CAST(:partitions AS int[])) AS p ORDER BY 1) AS ordered"
)


# Statements on the path of every message are built once: building one costs more than running it.
_EARLIER: Final = (
    select(events)
    .where(tuple_(events.c.conversation, events.c.cause).in_(bindparam("keys", expanding=True)))
    .order_by(events.c.seq)
)
_FOLDED: Final = select(conversations.c.id, conversations.c.body).where(
    conversations.c.id.in_(bindparam("ids", expanding=True))
)
_LAST: Final = select(func.max(events.c.seq))
_INSERT: Final = insert(events)


def _earlier(connection: Connection, batch: Sequence[Request]) -> dict[tuple[str, str], tuple[Event, ...]]:
    keys = [(request.conversation, request.cause) for request in batch]
    found: dict[tuple[str, str], tuple[Event, ...]] = {}
    for row in connection.execute(_EARLIER, {"keys": keys}):
        key = (row.conversation, row.cause)
        found[key] = (*found.get(key, ()), event_of(row))
    return found


def _folded(connection: Connection, batch: Sequence[Request]) -> dict[str, Conversation]:
    ids = list({request.conversation for request in batch})
    return {row.id: decode_conversation(row.body) for row in connection.execute(_FOLDED, {"ids": ids})}


def _next_seqs(connection: Connection, count: int) -> list[int]:
    """Fresh growing seqs; those that stay unused are gaps, which nobody minds."""
    if connection.dialect.name == "sqlite":
        last = connection.scalar(_LAST) or 0
        return list(range(last + 1, last + 1 + count))
    return list((connection.scalars(_RESERVE, {"count": count})).all())


_RESERVE: Final = text(f"SELECT nextval('{event_seq.name}') FROM generate_series(1, :count)")


@cache
def _upsert(dialect: str) -> Any:
    build = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement = build(conversations)
    names = [column.name for column in conversations.columns if column.name != "id"]
    return statement.on_conflict_do_update(index_elements=["id"], set_={n: statement.excluded[n] for n in names})


def _row(event: Event) -> dict[str, Any]:
    return {
        "seq": event.seq,
        "partition": partition_of(event.conversation),
        "conversation": event.conversation,
        "cause": event.cause,
        "kind": event.kind,
        "at": event.at,
        "fact": encode(event.fact),
        "redacted": False,
    }


def _folded_row(now: Conversation) -> dict[str, Any]:
    return {
        "id": now.id,
        "seq": now.seq,
        "contact": now.contact,
        "site": now.site,
        "status": now.status,
        "holder": now.holder.kind,
        "agent": now.holder.agent,
        "waiting_since": now.waiting_since,
        "body": encode_conversation(now),
    }


def event_of(row: Sequence[Any]) -> Event:
    """The event in a row of `events`."""
    seq, _, conversation, cause, kind, at, fact, redacted = row  # by name each would be looked up
    return Event(seq, conversation, cause, at, decode(kind, fact), redacted)
