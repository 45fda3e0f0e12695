"""Group commit: what is appended at the same time becomes durable in one transaction."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final

import orjson
from sqlalchemy import (
    JSON,
    Connection,
    FromClause,
    Table,
    Text,
    and_,
    bindparam,
    cast,
    column,
    func,
    insert,
    select,
    text,
)
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
    partitions = {partition_of(request.conversation) for request in batch}
    seqs = reserve(connection, partitions, sum(len(request.facts) for request in batch))
    folded, earlier = _before(connection, batch)
    given = {agent for request in batch for agent in receivers(request.facts)}
    hands = Hands(connection, given, {request.room.agent for request in batch if request.room})
    changed: dict[str, Conversation] = {}
    rows: list[Event] = []
    results: list[Appended | Exception] = []
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
        _keep(connection, [_row(event) for event in rows], [_folded_row(now) for now in changed.values()])
    return results


def reserve(connection: Connection, partitions: set[int], count: int) -> list[int]:
    """Let one transaction at a time append to these partitions, and take `count` fresh growing seqs; those that stay
    unused are gaps, which nobody minds.

    On PostgreSQL a sequence alone hands out numbers in order but commits may finish out of order, and a reader's cursor
    would skip; what is read after this statement is as the last writer left it. SQLite has one writer anyway.
    """
    if connection.dialect.name == "sqlite":
        last = connection.scalar(_LAST) or 0
        return list(range(last + 1, last + 1 + count))
    return list(connection.scalars(_RESERVE, {"partitions": sorted(partitions), "count": count}).all())


_RESERVE: Final = text(
    f"SELECT nextval('{event_seq.name}') FROM "
    "(SELECT count(pg_advisory_xact_lock(7531, p)) FROM "
    "(SELECT unnest(CAST(:partitions AS int[])) AS p ORDER BY 1) AS ordered) AS locked, generate_series(1, :count)"
)
_LAST: Final = select(func.max(events.c.seq))

# Statements on the path of every message are built once, and their text is the same however many rows there are:
# building one, or preparing it, costs more than running it.


def _before(
    connection: Connection, batch: Sequence[Request]
) -> tuple[dict[str, Conversation], dict[tuple[str, str], tuple[Event, ...]]]:
    """The conversations as they are, and what these causes led to before."""
    asked = [{"conversation": request.conversation, "cause": request.cause} for request in batch]
    folded: dict[str, Conversation] = {}
    earlier: dict[tuple[str, str], tuple[Event, ...]] = {}
    for id, body, *row in connection.execute(_known(connection.dialect.name), {"asked": orjson.dumps(asked).decode()}):
        folded[id] = folded.get(id) or decode_conversation(body)
        if row[0] is not None:
            event = event_of(row)
            key = (event.conversation, event.cause)
            earlier[key] = (*earlier.get(key, ()), event)
    return folded, earlier


@cache
def _known(dialect: str) -> Any:
    asked = _asked(dialect)
    same = and_(events.c.conversation == asked.c.conversation, events.c.cause == asked.c.cause)
    known = asked.join(conversations, conversations.c.id == asked.c.conversation).outerjoin(events, same)
    return select(conversations.c.id, conversations.c.body, events).select_from(known).order_by(events.c.seq)


def _asked(dialect: str) -> FromClause:
    """The parameter `asked` as a table of conversations and causes."""
    names = ("conversation", "cause")
    if dialect == "postgresql":
        return _recordset("asked", *(column(name, Text) for name in names))
    each = func.json_each(bindparam("asked")).table_valued("value")
    return select(*(func.json_extract(each.c.value, f"$.{name}").label(name) for name in names)).subquery("asked")


def _recordset(parameter: str, *columns: Any) -> FromClause:
    """A parameter that is a JSON list of objects, as a table (PostgreSQL)."""
    rows = func.json_to_recordset(cast(bindparam(parameter, type_=Text), JSON))
    return rows.table_valued(*columns, name=parameter).render_derived(with_types=True)


def _keep(connection: Connection, rows: list[dict[str, Any]], folds: list[dict[str, Any]]) -> None:
    """Store events and the conversations that they led to; on PostgreSQL in one trip."""
    if connection.dialect.name == "postgresql":
        values = {"rows": orjson.dumps(rows).decode(), "folds": orjson.dumps(folds).decode()}
        connection.execute(_both(), values)
        return
    connection.execute(_INSERT, rows)
    connection.execute(_upsert(sqlite.insert(conversations)), folds)


_INSERT: Final = insert(events)


@cache
def _both() -> Any:
    put = _copied(postgresql.insert(events), events, "rows").cte("put")
    return _upsert(_copied(postgresql.insert(conversations), conversations, "folds")).add_cte(put)


def _copied(into: Any, table: Table, parameter: str) -> Any:
    columns = [column(known.name, known.type) for known in table.columns]
    return into.from_select([known.name for known in columns], select(_recordset(parameter, *columns)))


def _upsert(into: Any) -> Any:
    names = [known.name for known in conversations.columns if known.name != "id"]
    return into.on_conflict_do_update(index_elements=["id"], set_={name: into.excluded[name] for name in names})


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
