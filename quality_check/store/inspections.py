"""Inspections of ended conversations, and each rule's hits in them."""

from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Connection,
    Float,
    Integer,
    String,
    Table,
    delete,
    func,
    insert,
    select,
    update,
)

from conversation.database import Moment, Transactions, padded
from conversation.events import Spot
from quality_check.rules.judging import Line
from quality_check.store.tables import metadata

Standing = Literal["machine", "reviewed", "appealed", "decided"]
SLOT_SECONDS: Final = 900

inspections: Final = Table(
    "quality_inspections",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("conversation", String(64), nullable=False, index=True),
    Column("upto", BigInteger, nullable=False),
    Column("rubric", Integer, nullable=False),
    Column("card", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Column("ended_at", Moment, nullable=False, index=True),
    Column("slot", Integer, nullable=False),
    Column("subject", String(64), nullable=False, index=True),
    Column("group", String(64), nullable=False),
    Column("channel", String(40), nullable=False),
    Column("site", String(64), nullable=False),
    Column("language", String(8), nullable=False),
    Column("csat", Integer),
    Column("messages", Integer, nullable=False),
    Column("machine", Float),
    Column("score", Float),
    Column("fatal", Boolean, nullable=False),
    Column("band", String(60), nullable=False),
    Column("standing", String(10), nullable=False),
    Column("seen_at", Moment),
    Column("current", Boolean, nullable=False),
    Column("hits", JSON, nullable=False),
    Column("answers", JSON, nullable=False),
    Column("readings", JSON, nullable=False),
    Column("attributes", JSON, nullable=False),
    Column("opinions", JSON, nullable=False),
)
hits: Final = Table(
    "quality_hits",
    metadata,
    Column("inspection", String(64), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("rule", String(60), nullable=False, index=True),
    Column("points", Float, nullable=False),
    Column("fatal", Boolean, nullable=False),
    Column("found", Boolean, nullable=False),
    Column("right", Boolean),
)


@dataclass(frozen=True, slots=True)
class Inspection:
    """One conversation, up to seq `upto`, by one version of rubric and scorecard (0: without a card).

    `machine` is the score the machine gave, `score` the one that counts; None when nothing could be judged. `answers`
    are people's, question to choice. Of a conversation's inspections one is `current`.
    """

    id: str
    conversation: str
    upto: int
    rubric: int
    card: int
    at: datetime
    ended_at: datetime
    subject: str
    group: str
    channel: str
    site: str
    language: str
    csat: int | None
    messages: int
    machine: float | None
    score: float | None
    fatal: bool
    band: str = ""
    standing: Standing = "machine"
    seen_at: datetime | None = None
    current: bool = True
    hits: tuple[Line, ...] = ()
    answers: Mapping[str, str] = field(default_factory=dict)
    readings: tuple[Mapping[str, Any], ...] = ()
    attributes: Mapping[str, Any] = field(default_factory=dict)
    opinions: tuple[Mapping[str, Any], ...] = ()


class InspectionStore:
    """Written through the log's own writer, so that scoring costs no second transaction lock."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    async def record(self, found: Sequence[Inspection], *, deliberate: bool = False) -> None:
        """Keep them; what was recorded before under the same id stays as it is.

        The newest of a conversation is the current one, unless it is not meant to be (`current` False), or a person
        has judged an older one already and nobody asked for a new score deliberately.
        """
        await self._transactions.run(lambda connection: _record(connection, found, deliberate))

    async def find(self, id: str) -> Inspection | None:
        """By id."""
        found = await self.select(inspections.c.id == id, limit=1)
        return found[0] if found else None

    async def of(self, conversation: str) -> list[Inspection]:
        """All of a conversation, latest first."""
        return await self.select(inspections.c.conversation == conversation)

    async def select(self, *conditions: Any, limit: int = 50, offset: int = 0) -> list[Inspection]:
        """Latest end first."""
        order = (inspections.c.ended_at.desc(), inspections.c.at.desc(), inspections.c.id)
        query = select(inspections).where(*conditions).order_by(*order).limit(limit).offset(offset)
        return await self._transactions.ask(lambda connection: [_inspection(row) for row in connection.execute(query)])

    async def judge(self, id: str, claim: Callable[[Connection], bool] | None = None, **changes: Any) -> bool:
        """What people made of it: hits with verdicts, answers, score, fatal, band, standing, seen_at, opinions.

        With `claim`, which goes first in the same transaction, nothing is written and False when it is refused.
        """

        def work(connection: Connection) -> bool:
            if claim and not claim(connection):
                return False
            _judge(connection, id, changes)
            return True

        return await self._transactions.run(work)

    async def opinions(
        self, conversations: Collection[str]
    ) -> Mapping[str, Sequence[tuple[int, Sequence[Mapping[str, Any]]]]]:
        """What a language model has said of these: for each inspection how many messages there were, and what."""
        c, found = inspections.c, defaultdict[str, list[tuple[int, Sequence[Mapping[str, Any]]]]](list)
        query = select(c.conversation, c.messages, c.opinions).where(c.conversation.in_(padded(conversations)))
        for id, messages, said in await self._transactions.ask(lambda connection: connection.execute(query).all()):
            if said:
                found[id].append((messages, said))
        return found

    async def forget_reasons(self, conversation: str) -> None:
        """A language model's reasons may repeat words that were erased."""
        for one in await self.of(conversation):
            if one.opinions:
                await self.judge(one.id, opinions=[{**said, "reason": ""} for said in one.opinions])

    async def count(self, *conditions: Any) -> int:
        """How many of the current ones match."""
        query = select(func.count()).select_from(inspections).where(inspections.c.current.is_(True), *conditions)
        return await self._transactions.ask(lambda connection: connection.scalar(query) or 0)

    async def first_ends(self) -> Mapping[str, datetime]:
        """When each subject's first inspected conversation ended."""
        query = select(inspections.c.subject, func.min(inspections.c.ended_at)).group_by(inspections.c.subject)
        rows = await self._transactions.ask(lambda connection: connection.execute(query).all())
        return {row[0]: row[1] for row in rows}

    async def each(self, *conditions: Any) -> AsyncIterator[Inspection]:
        """All that match, latest first, a page at a time."""
        page, offset = 500, 0
        while found := await self.select(*conditions, limit=page, offset=offset):
            for one in found:
                yield one
            offset += page


NAMES: Final = tuple(one.name for one in fields(Inspection))


def slot_of(at: datetime) -> int:
    """The quarter of an hour it is in; every time zone's hours and days begin with one."""
    return int(at.timestamp()) // SLOT_SECONDS


def matching(filters: Mapping[str, Any]) -> list[Any]:
    """Conditions of a list. A filter is a column's value, or since, until, below, above, rule; None does not matter."""
    c = inspections.c
    found: list[Any] = [c.current.is_(True)]
    for name, value in filters.items():
        match name, value:
            case _, None:
                continue
            case "since", _:
                found += [c.slot >= slot_of(value), c.ended_at >= value]
            case "until", _:
                found.append(c.ended_at < value)
            case "below", _:
                found.append(c.score < value)
            case "above", _:
                found.append(c.score >= value)
            case "rule", _:
                found.append(c.id.in_(select(hits.c.inspection).where(hits.c.rule == value)))
            case "seen", _:
                found.append(c.seen_at.is_not(None) if value else c.seen_at.is_(None))
            case _:
                found.append(c[name] == value)
    return found


def _record(connection: Connection, found: Sequence[Inspection], deliberate: bool) -> None:
    """Few statements for many inspections: whose conversations are judged by people or newer is asked once."""
    c = inspections.c
    there = set(connection.scalars(select(c.id).where(c.id.in_(padded(one.id for one in found)))))
    fresh = list({one.id: one for one in found if one.id not in there}.values())
    if not fresh:
        return
    before = select(c.conversation, c.standing, c.upto).where(
        c.conversation.in_(padded(one.conversation for one in fresh)), c.current.is_(True)
    )
    now = {row.conversation: (row.standing, row.upto) for row in connection.execute(before)}
    old = now.keys()
    current: dict[str, str] = {}  # conversation to the inspection that counts from here on
    for one in fresh:
        standing, upto = now.get(one.conversation, ("machine", 0))
        if one.current and (deliberate or (standing == "machine" and upto <= one.upto)):
            current[one.conversation] = one.id
            now[one.conversation] = (one.standing, one.upto)
    if changed := [id for id in current if id in old]:
        connection.execute(update(inspections).where(c.conversation.in_(padded(changed))).values(current=False))
    connection.execute(
        insert(inspections), [{**_row(one), "current": current.get(one.conversation) == one.id} for one in fresh]
    )
    _keep_hits(connection, [(one.id, one.hits) for one in fresh])


def _judge(connection: Connection, id: str, changes: dict[str, Any]) -> None:
    lines = changes.get("hits")
    if lines is not None:
        connection.execute(delete(hits).where(hits.c.inspection == id))
        _keep_hits(connection, [(id, lines)])
    if changes:
        connection.execute(update(inspections).where(inspections.c.id == id).values(changes))


def _keep_hits(connection: Connection, found: Iterable[tuple[str, Sequence[Line]]]) -> None:
    kept = ("rule", "points", "fatal", "found", "right")
    rows = [
        {"inspection": id, "number": n, **{name: getattr(line, name) for name in kept}}
        for id, lines in found
        for n, line in enumerate(lines)
    ]
    if rows:
        connection.execute(insert(hits), rows)


def _row(one: Inspection) -> dict[str, Any]:
    return {**{name: getattr(one, name) for name in NAMES}, "slot": slot_of(one.ended_at)}


def _inspection(row: Any) -> Inspection:
    values = dict(row._mapping)
    del values["slot"]
    lines = [{**line, "spots": tuple(Spot(**spot) for spot in line["spots"])} for line in values["hits"]]
    values |= {name: tuple(values[name]) for name in ("readings", "opinions")} | {
        "hits": tuple(Line(**line) for line in lines)
    }
    return Inspection(**values)
