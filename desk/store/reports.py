"""Rows of figures in SQL, and their sums."""

from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Float,
    Integer,
    Select,
    String,
    Subquery,
    Table,
    and_,
    bindparam,
    case,
    cast,
    delete,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    union_all,
)

from conversation.database import Transactions, padded, writing
from conversation.events import Event
from desk.rules.percentiles import SHOWN, STEPS, Rung
from desk.rules.reports import CLOCK, SLOT_SECONDS, Row, Sums, count, offsets
from desk.store.tables import Moment, metadata

MANY: Final = 512

rows: Final = Table(
    "report_rows",
    metadata,
    Column("conversation", String(64), primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("slot", Integer, nullable=False, index=True),
    Column("started_at", Moment),
    Column("closed_at", Moment),
    Column("channel", String(40), nullable=False),
    Column("site", String(64), nullable=False),
    Column("language", String(8), nullable=False),
    Column("group", String(64), nullable=False),
    Column("agent", String(64), nullable=False),
    Column("bot_replied", Boolean, nullable=False),
    Column("handed_over", Boolean, nullable=False),
    Column("answered", Boolean, nullable=False),
    Column("abandoned", Boolean, nullable=False),
    Column("wait_seconds", Float),
    Column("first_response_seconds", Float),
    Column("handling_seconds", Float, nullable=False),
    Column("transfers", Integer, nullable=False),
    Column("reopened", Integer, nullable=False),
    Column("messages", Integer, nullable=False),
    Column("rating_asked", Boolean, nullable=False),
    Column("rating", Integer),
    Column("reason", String(200), nullable=False),
    Column("resolved", Boolean, nullable=False),
    Column("tags", String(1000), nullable=False),
    Column("waiting_from", Moment),
    Column("asked_at", Moment),
    Column("taken_at", Moment),
)
# Built once: building a statement costs more than running it.
_INSERT: Final = insert(rows)
_KNOWN: Final = select(*(rows.c[name] for name in Row._fields)).where(
    rows.c.conversation.in_(bindparam("ids", expanding=True))
)
_DELETE: Final = delete(rows).where(rows.c.conversation.in_(bindparam("ids", expanding=True)))


def _share(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


def _sums(in_time: int) -> tuple[ColumnElement[Any], ...]:
    """One column per field of Sums, in their order; agents' time is elsewhere."""
    c = rows.c
    columns = (
        func.count(),
        _share(c.bot_replied),
        _share(c.handed_over),
        _share(c.answered),
        _share(c.abandoned),
        _share(c.bot_replied & ~c.handed_over),
        _share(c.answered & (c.wait_seconds <= in_time)),
        func.sum(c.transfers),
        _share(c.transfers > 0),
        func.sum(c.reopened),
        _share(c.rating_asked),
        _share(c.rating.is_not(None)),
        func.coalesce(func.sum(c.rating), 0),
        func.coalesce(func.sum(case((c.answered, c.wait_seconds))), 0.0),
        func.count(c.first_response_seconds),
        func.coalesce(func.sum(c.first_response_seconds), 0.0),
        func.sum(c.handling_seconds),
    )
    return tuple(column.label(name) for column, name in zip(columns, Sums.__slots__, strict=False))


class ReportRows:
    """The projection; it can be thrown away and made again from the log."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions
        self._engine = transactions.engine

    async def take(self, events: Sequence[Event]) -> None:
        """Count events into their conversations' rows; one that was counted before changes nothing."""
        await self._transactions.run(lambda connection: _take(connection, events), derived=True)

    async def replace(self, whole: Sequence[Row]) -> list[str]:
        """Rows that were counted anew; gives the conversations of which the store meanwhile knows more."""

        def replaced(connection: Connection) -> list[str]:
            stored = _known(connection, [row.conversation for row in whole])
            late = {
                row.conversation for row in whole if (known := stored.get(row.conversation)) and known.seq > row.seq
            }
            _put(connection, [row for row in whole if row.conversation not in late])
            return sorted(late)

        return await self._transactions.run(replaced)

    async def clear(self) -> None:
        """Begin from zero."""
        async with writing(self._engine) as connection:
            await connection.execute(delete(rows))

    async def sums(self, since: datetime, until: datetime, by: str, in_time: int) -> list[tuple[Any, Sums]]:
        """Sums by `slot`, `agent`, `group` or `channel`, of conversations that started in since <= t < until."""
        key = rows.c[by]
        query = select(key.label("key"), *_sums(in_time)).where(*_within(since, until)).group_by(key)
        async with self._engine.connect() as connection:
            return [(row[0], Sums(*row[1:])) for row in await connection.execute(query)]

    async def rungs(
        self, since: datetime, until: datetime, by: str, zone: ZoneInfo, measure: str
    ) -> list[tuple[Any, Rung]]:
        """The steps of a column of seconds in which each key's percentiles lie, and with key None those of all. The
        key is what `by` is, or for `hour` and `day` a half hour in it.

        Only these few come from the database: of an hour there are about as many steps as conversations.
        """
        seconds = rows.c[measure]
        whole = cast(seconds, Integer) if self._engine.dialect.name == "sqlite" else cast(func.floor(seconds), Integer)
        ladder = [(seconds < below, whole - whole % width) for below, width in STEPS]
        step = case(*ladder, else_=STEPS[-1][0]).label("step")
        counted = (rows.c.answered if measure == "handling_seconds" else seconds.is_not(None),)
        clock = by in CLOCK
        part = (_unit(since, until, by, zone) if clock else rows.c[by]).label("part")
        key = (func.min(rows.c.slot) if clock else part).label("key")
        one = select(part, key, step, cast(func.count(), Integer).label("held")).where(*_within(since, until), *counted)
        parts = one.group_by("part", "step").cte()
        together = select(null(), null(), parts.c.step, cast(func.sum(parts.c.held), Integer)).group_by(parts.c.step)
        async with self._engine.connect() as connection:
            found = await connection.execute(_crossed(union_all(select(parts), together).subquery()))
            return [(row[0], Rung(*row[1:])) for row in found]

    async def each(self, since: datetime, until: datetime) -> AsyncIterator[Row]:
        """Rows of conversations that started in since <= t < until, earliest first."""
        query = select(rows).where(*_within(since, until)).order_by(rows.c.started_at, rows.c.conversation)
        async with self._engine.connect() as connection, connection.stream(query) as found:
            async for row in found:
                yield Row(**row._mapping)


def _crossed(counts: Subquery) -> Select[Any]:
    """Of each part's steps, in their order, those in which a percentile lies."""
    c = counts.c
    seen = func.sum(c.held).over(partition_by=c.part, order_by=c.step, rows=(None, 0)).label("seen")
    total = func.sum(c.held).over(partition_by=c.part).label("total")
    run = select(c.key, c.step, c.held, seen, total).subquery()
    wanted = [run.c.total * literal(share, Float) for _, share in SHOWN]
    crossed = [and_(run.c.seen >= at, run.c.seen - run.c.held < at) for at in wanted]
    return select(*run.c).where(or_(*crossed))


def _unit(since: datetime, until: datetime, unit: str, zone: ZoneInfo) -> ColumnElement[int]:
    """Each row's local day, or when its hour would have begun at the row's own offset from UTC, in seconds: an hour
    that is told twice is two."""
    first, last = _slots(since, until)
    spans = offsets(first, last, zone)
    earlier = [(rows.c.slot < begun, before) for (_, before), (begun, _) in pairwise(spans)]
    east = case(*earlier, else_=spans[-1][1]) if earlier else literal(spans[-1][1])
    local = cast(rows.c.slot, BigInteger) * SLOT_SECONDS + east
    whole = local - local % CLOCK[unit]
    return whole if unit == "day" else whole - east


def _slots(since: datetime, until: datetime) -> tuple[int, int]:
    return int(since.timestamp()) // SLOT_SECONDS, -(-int(until.timestamp()) // SLOT_SECONDS)


def _within(since: datetime, until: datetime) -> tuple[ColumnElement[bool], ...]:
    first, last = _slots(since, until)
    slots = (rows.c.slot >= first, rows.c.slot <= last)
    return (*slots, rows.c.started_at >= since, rows.c.started_at < until)


def _take(connection: Connection, events: Iterable[Event]) -> None:
    events = sorted(events, key=lambda event: event.seq)
    before = _known(connection, list({event.conversation for event in events}))
    known = dict(before)
    for event in events:
        known[event.conversation] = count(known.get(event.conversation, Row(event.conversation)), event)
    _put(connection, [row for id, row in known.items() if row != before.get(id)])


def _known(connection: Connection, ids: Sequence[str]) -> dict[str, Row]:
    known: dict[str, Row] = {}
    for n in range(0, len(ids), MANY):
        for row in connection.execute(_KNOWN, {"ids": padded(ids[n : n + MANY])}):
            known[row[0]] = Row(*row)
    return known


def _put(connection: Connection, changed: Sequence[Row]) -> None:
    for n in range(0, len(changed), MANY):
        some = changed[n : n + MANY]
        connection.execute(_DELETE, {"ids": padded(row.conversation for row in some)})
        connection.execute(_INSERT, [row._asdict() for row in some])
