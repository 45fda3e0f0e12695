"""The log's face over SQL tables."""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncEngine

from conversation.codec import blank, decode_conversation, encode
from conversation.database import Transactions, writing
from conversation.events import Event, Fact, Redacted
from conversation.log import (
    PARTITIONS,
    Appended,
    Parked,
    Room,
    Search,
    UnknownConversation,
    check_facts,
    partition_of,
)
from conversation.model import Conversation, Holder, Speaker, fold_all
from conversation.signals import Signals
from conversation.sql.append import Request, Writer, event_of, record, reserve, utc_now
from conversation.sql.leases import Leases
from conversation.sql.tables import conversations, events, parked

WAKE: Final = "log"
NEVER: Final = 2**62  # a cursor behind which nothing comes

Tell = Callable[[str, Fact, str, datetime], Event]
"""Records a conversation's fact under a cause, at a time; gives the event, or that of the first time."""

# Statements on the path of every message are built once: building one costs more than running it.
_BODY: Final = select(conversations.c.body).where(conversations.c.id == bindparam("id"))
_BODIES: Final = select(conversations.c.body).where(conversations.c.id.in_(bindparam("ids", expanding=True)))
_EVENT: Final = select(events).where(events.c.seq == bindparam("seq"))
_EVENTS: Final = select(events).where(events.c.seq.in_(bindparam("seqs", expanding=True)))
_NEXT: Final = (
    select(events)
    .where(or_(*(and_(events.c.partition == p, events.c.seq > bindparam(f"after_{p}")) for p in range(PARTITIONS))))
    .order_by(events.c.seq)
    .limit(bindparam("count"))
)


class SqlLog:
    """Implements conversation.log.Log. Other processes hear of an append through `signals`, as a hint only.

    Rooms that keep tables in the same database write them through `transactions`: SQLite has one writer.
    """

    def __init__(self, engine: AsyncEngine, signals: Signals) -> None:
        self._engine = engine
        self._signals = signals
        self.transactions = Transactions(engine)
        self._writer = Writer(self.transactions, self._tell_grown)
        self._leases = Leases(self.transactions)
        self._woken = asyncio.Event()
        self._hearing = signals.subscribe(WAKE, self._wake)
        self.claim, self.release, self.bury = self._leases.claim, self._leases.release, self._leases.bury

    async def close(self) -> None:
        """Finish what is being written and stop listening; the engine stays its owner's."""
        await self._writer.close()
        self.transactions.close()
        self._hearing.close()

    def _wake(self, _: Mapping[str, Any]) -> None:
        self._woken.set()

    def _tell_grown(self) -> None:
        self._woken.set()
        self._signals.publish(WAKE, {})

    async def append(
        self,
        conversation: str,
        *facts: Fact,
        cause: str,
        only_while: Holder | Speaker | None = None,
        room: Room | None = None,
    ) -> Appended:
        check_facts(facts, cause)
        return await self._writer.append(conversation, facts, cause, only_while, room)

    async def bring_in(self, conversations: Collection[str], tell_all: Callable[[Tell], None]) -> None:
        """Record old talks in one transaction, each fact at its own time: whoever reads sees them whole or not yet.

        Raises:
            UnknownConversation: the first fact of all must be ConversationStarted.
        """
        done: asyncio.Future[Appended] = asyncio.get_running_loop().create_future()

        def recorded(connection: Connection) -> None:
            def tell(conversation: str, fact: Fact, cause: str, at: datetime) -> Event:
                result = record(connection, [Request(conversation, (fact,), cause, None, None, done)], at)[0]
                if isinstance(result, Exception):
                    raise result
                return result.events[0]

            reserve(connection, {partition_of(conversation) for conversation in conversations}, 0)
            tell_all(tell)

        await self.transactions.run(recorded)
        self._tell_grown()

    async def recorded(self, conversation: str, cause: str) -> tuple[Event, ...]:
        same = and_(events.c.conversation == conversation, events.c.cause == cause)
        return tuple(await self._events(select(events).where(same).order_by(events.c.seq)))

    async def load(self, conversation: str, at: int | None = None) -> Conversation:
        body = await self.transactions.ask(lambda connection: connection.scalar(_BODY, {"id": conversation}))
        if body is None:
            raise UnknownConversation(conversation)
        now = decode_conversation(body)
        if at is None or now.seq <= at:
            return now
        return fold_all(Conversation(conversation), await self.history(conversation, before=at + 1))

    async def load_all(self, conversations: Collection[str]) -> Mapping[str, Conversation]:
        rows = await self._rows(_BODIES, {"ids": conversations}) if conversations else ()
        return {now.id: now for now in (decode_conversation(row.body) for row in rows)}

    async def history(
        self,
        conversation: str,
        *,
        after: int = 0,
        before: int | None = None,
        limit: int | None = None,
    ) -> list[Event]:
        query = select(events).where(events.c.conversation == conversation, events.c.seq > after)
        if before is not None:
            query = query.where(events.c.seq < before)
        latest = limit is not None and (before is not None or not after)
        found = await self._events(query.order_by(events.c.seq.desc() if latest else events.c.seq).limit(limit))
        return found[::-1] if latest else found

    async def histories(self, conversations: Collection[str], kinds: Collection[str]) -> Mapping[str, list[Event]]:
        """The facts of these kinds of some conversations in one query, for work on many of them."""
        found: dict[str, list[Event]] = {id: [] for id in conversations}
        query = select(events).where(events.c.conversation.in_(conversations))
        for row in await self._rows(query.order_by(events.c.conversation, events.c.seq)):
            if row.kind in kinds:  # not in the query: SQLite takes longer to compare them than to hand them over
                found[row.conversation].append(event_of(row))
        return found

    async def event(self, seq: int) -> Event | None:
        found = await self._events(_EVENT, {"seq": seq})
        return found[0] if found else None

    async def events(self, seqs: Collection[int]) -> Mapping[int, Event]:
        return {event.seq: event for event in await self._events(_EVENTS, {"seqs": seqs})} if seqs else {}

    async def of_kinds(self, kinds: Collection[str], *, before: int | None = None, limit: int = 50) -> list[Event]:
        query = select(events).where(events.c.kind.in_(kinds)).order_by(events.c.seq.desc()).limit(limit)
        return await self._events(query if before is None else query.where(events.c.seq < before))

    async def find(self, search: Search, *, before: int | None = None, limit: int = 50) -> list[Conversation]:
        query = select(conversations.c.body).where(*_conditions(search)).order_by(conversations.c.seq.desc())
        if before is not None:
            query = query.where(conversations.c.seq < before)
        return await self._conversations(query.limit(limit))

    async def waiting(self) -> list[Conversation]:
        queued = _conditions(Search(holder="queue", status="open"))
        order = (conversations.c.waiting_since, conversations.c.id)
        return await self._conversations(select(conversations.c.body).where(*queued).order_by(*order))

    async def places(self, search: Search, *, before: int | None = None, limit: int = 50) -> list[tuple[str, int]]:
        """Ids of the conversations `find` finds, each with the place of its last fact."""
        c = conversations.c
        query = select(c.id, c.seq).where(*_conditions(search)).order_by(c.seq.desc()).limit(limit)
        found = await self._rows(query if before is None else query.where(c.seq < before))
        return [(row.id, row.seq) for row in found]

    async def count(self, search: Search) -> int:
        query = select(func.count()).select_from(conversations).where(*_conditions(search))
        return await self.transactions.ask(lambda connection: connection.scalar(query)) or 0

    async def loads(self) -> Mapping[str, int]:
        held = _conditions(Search(holder="agent", status="open"))
        query = select(conversations.c.agent, func.count().label("load")).where(*held).group_by(conversations.c.agent)
        return {row.agent: row.load for row in await self._rows(query)}

    async def read(self, after: Mapping[int, int], limit: int) -> list[Event]:
        if not after:
            return []
        cursors = {f"after_{partition}": after.get(partition, NEVER) for partition in range(PARTITIONS)}
        return await self._events(_NEXT, {**cursors, "count": limit})

    async def last(self) -> Mapping[int, int]:
        query = select(events.c.partition, func.max(events.c.seq).label("seq")).group_by(events.c.partition)
        found = {row.partition: row.seq for row in await self._rows(query)}
        return {partition: found.get(partition, 0) for partition in range(PARTITIONS)}

    async def wait(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        except TimeoutError:
            return
        self._woken.clear()

    async def redact(self, seq: int, *, by: str) -> Event:
        event = await self.event(seq)
        if event is None:
            raise UnknownConversation(f"nothing is recorded at seq {seq}")
        done: asyncio.Future[Appended] = asyncio.get_running_loop().create_future()
        request = Request(event.conversation, (Redacted(seq, by),), f"redact:{seq}", None, None, done)

        def redacted(connection: Connection) -> Appended | Exception:
            reserve(connection, {partition_of(event.conversation)}, 0)
            words = {"fact": encode(blank(event.fact)), "redacted": True}
            connection.execute(update(events).where(events.c.seq == seq).values(words))
            return record(connection, [request], utc_now())[0]

        recorded = await self.transactions.run(redacted)
        if isinstance(recorded, Exception):
            raise recorded
        self._tell_grown()
        return recorded.events[0]

    async def park(self, fact: Parked) -> None:
        same = and_(parked.c.reader == fact.reader, parked.c.seq == fact.seq)
        async with writing(self._engine) as connection:
            if not await connection.scalar(select(func.count()).where(same)):
                await connection.execute(insert(parked).values(asdict(fact)))

    async def parked(self, reader: str | None = None) -> Sequence[Parked]:
        query = select(parked).order_by(parked.c.seq, parked.c.reader)
        if reader is not None:
            query = query.where(parked.c.reader == reader)
        return [Parked(**row._mapping) for row in await self._rows(query)]

    async def unpark(self, reader: str, seq: int) -> bool:
        async with writing(self._engine) as connection:
            same = and_(parked.c.reader == reader, parked.c.seq == seq)
            return bool((await connection.execute(delete(parked).where(same))).rowcount)

    async def _events(self, query: Select[Any], values: Mapping[str, Any] | None = None) -> list[Event]:
        return [event_of(row) for row in await self._rows(query, values)]

    async def _conversations(self, query: Select[Any]) -> list[Conversation]:
        return [decode_conversation(row.body) for row in await self._rows(query)]

    async def _rows(self, query: Select[Any], values: Mapping[str, Any] | None = None) -> Sequence[Row[Any]]:
        return await self.transactions.ask(lambda connection: connection.execute(query, values).all())


def _conditions(search: Search) -> list[ColumnElement[bool]]:
    wanted = (
        (conversations.c.status, search.status),
        (conversations.c.holder, search.holder),
        (conversations.c.agent, search.agent),
        (conversations.c.contact, search.contact),
        (conversations.c.site, search.site),
    )
    return [column == value for column, value in wanted if value is not None]
