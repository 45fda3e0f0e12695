"""How long agents were in which state, by half hours."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Float, Integer, String, Table, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncEngine

from conversation.database import writing
from desk.rules.people import ON_DUTY
from desk.rules.reports import SLOT_SECONDS, Sums
from desk.store.tables import metadata

agent_time: Final = Table(
    "agent_time",
    metadata,
    Column("slot", Integer, primary_key=True),
    Column("staff", String(64), primary_key=True),
    Column("state", String(16), primary_key=True),
    Column("seconds", Float, nullable=False),
    Column("busy_seconds", Float, nullable=False),
    Column("load_seconds", Float, nullable=False),
    Column("place_seconds", Float, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Spell:
    """Seconds in a state; with somebody in hand; conversations and places, each times seconds."""

    seconds: float = 0.0
    busy_seconds: float = 0.0
    load_seconds: float = 0.0
    place_seconds: float = 0.0

    def __add__(self, other: "Spell") -> "Spell":
        """Both together."""
        return Spell(*(getattr(self, name) + getattr(other, name) for name in NAMES))


NAMES: Final = tuple(field.name for field in fields(Spell))
Key = tuple[int, str, str]


class AgentTimes:
    """Sums by (slot, staff, state)."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def add(self, spells: Mapping[Key, Spell]) -> None:
        """Add to what is there, in one statement: a thousand agents must not hold up the log's next commit."""
        if not spells:
            return
        added = [{"slot": key[0], "staff": key[1], "state": key[2], **asdict(spell)} for key, spell in spells.items()]
        async with writing(self._engine) as connection:
            await connection.execute(_adding(connection.dialect.name), added)

    async def sums(self, since: datetime, until: datetime) -> Iterable[tuple[str, str, Spell]]:
        """(staff, state, sum) of the half hours that begin in since <= t < until."""
        c = agent_time.c
        sums: tuple[Any, ...] = tuple(func.sum(c[name]) for name in NAMES)
        query = select(c.staff, c.state, *sums).where(*_within(since, until)).group_by(c.staff, c.state)
        async with self._engine.connect() as connection:
            return [(row[0], row[1], Spell(*row[2:])) for row in await connection.execute(query)]

    async def duty(self, since: datetime, until: datetime, by: str) -> list[tuple[Any, Sums]]:
        """Time online or busy by `slot`, `staff` or `state`, of the same half hours as `sums`."""
        c = agent_time.c
        where = (c.state.in_(ON_DUTY), *_within(since, until))
        query = select(c[by], func.sum(c.seconds), func.sum(c.busy_seconds)).where(*where).group_by(c[by])
        async with self._engine.connect() as connection:
            return [(row[0], Sums(on_duty=row[1], in_hand=row[2])) for row in await connection.execute(query)]


@cache
def _adding(dialect: str) -> Any:
    build = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement = build(agent_time)
    sums = {name: agent_time.c[name] + statement.excluded[name] for name in NAMES}
    return statement.on_conflict_do_update(index_elements=["slot", "staff", "state"], set_=sums)


def _within(since: datetime, until: datetime) -> tuple[ColumnElement[bool], ...]:
    first, last = -(-int(since.timestamp()) // SLOT_SECONDS), -(-int(until.timestamp()) // SLOT_SECONDS)
    return agent_time.c.slot >= first, agent_time.c.slot < last
