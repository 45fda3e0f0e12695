"""Versions of the bot's model: how each was made, what it was worth, and which one works."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import JSON, Column, Connection, Integer, String, Table, insert, select, update

from bot.store.tables import metadata
from conversation.database import Moment, Transactions

versions: Final = Table(
    "bot_versions",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("made_at", Moment, nullable=False),
    Column("touched_at", Moment, nullable=False),
    Column("by", String(64), nullable=False),
    Column("state", String(10), nullable=False),
    Column("stage", String(16), nullable=False),
    Column("share", Integer, nullable=False),
    Column("examples", Integer, nullable=False),
    Column("figures", JSON, nullable=False),
    Column("error", String(400), nullable=False),
)


@dataclass(frozen=True, slots=True)
class Version:
    """`state`: making, failed, refused (worse than the running one), running or retired.

    While it is being made, `stage` is what is done (train, measure, rehearse) and `share` how much of it, in per cent.
    """

    number: int
    made_at: datetime
    touched_at: datetime
    by: str
    state: str
    stage: str = ""
    share: int = 0
    examples: int = 0
    figures: Mapping[str, Any] = field(default_factory=dict)
    error: str = ""

    @property
    def name(self) -> str:
        """Of its file."""
        return f"v{self.number}"


class Versions:
    """They only ever become more."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    async def begin(self, by: str, state: str = "making") -> Version:
        """Another one."""
        now = datetime.now(UTC)
        row = {"made_at": now, "touched_at": now, "by": by, "state": state, "stage": "", "share": 0, "examples": 0}
        row |= {"figures": {}, "error": ""}

        def work(connection: Connection) -> int:
            key = connection.execute(insert(versions).values(row)).inserted_primary_key
            assert key is not None
            return int(key[0])

        found = await self.find(await self._transactions.run(work))
        assert found is not None
        return found

    async def set(self, number: int, **values: Any) -> None:
        """Change what is known of it."""
        change = update(versions).where(versions.c.number == number)

        def work(connection: Connection) -> None:
            connection.execute(change.values(touched_at=datetime.now(UTC), **values))

        await self._transactions.run(work)

    async def put_to_work(self, number: int) -> None:
        """This one runs, and the one that ran is retired."""

        def work(connection: Connection) -> None:
            now = datetime.now(UTC)
            ran = update(versions).where(versions.c.state == "running")
            connection.execute(ran.values(state="retired", touched_at=now))
            runs = update(versions).where(versions.c.number == number)
            connection.execute(runs.values(state="running", touched_at=now))

        await self._transactions.run(work)

    async def find(self, number: int) -> Version | None:
        """By its number."""
        found = await self._select(versions.c.number == number)
        return found[0] if found else None

    async def all(self) -> list[Version]:
        """Latest first."""
        return await self._select()

    async def _select(self, *conditions: Any) -> list[Version]:
        query = select(versions).where(*conditions).order_by(versions.c.number.desc())
        return await self._transactions.ask(lambda c: [Version(**row._mapping) for row in c.execute(query)])
