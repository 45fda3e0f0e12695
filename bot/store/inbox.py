"""Messages that the bot was not sure of. Their words stay in the log, so that what is erased there is gone here."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import JSON, BigInteger, Column, Connection, Float, String, Table, delete, func, insert, select, update

from bot.store.tables import metadata
from conversation.database import Moment, Transactions

unclear: Final = Table(
    "bot_unclear",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("conversation", String(64), nullable=False),
    Column("at", Moment, nullable=False),
    Column("language", String(8), nullable=False),
    Column("why", String(16), nullable=False),
    Column("intent", String(64), nullable=False),
    Column("confidence", Float, nullable=False),
    Column("guesses", JSON, nullable=False),
    Column("state", String(10), nullable=False, index=True),
)

JUDGED: Final = ("unhelpful", "low_rating")


@dataclass(frozen=True, slots=True)
class Unclear:
    """The message at `seq`, and why it is here (bot.rules.unclear)."""

    seq: int
    conversation: str
    at: datetime
    language: str
    why: str
    intent: str = ""
    confidence: float = 0.0
    guesses: Sequence[Sequence[Any]] = ()
    state: str = "open"


class Inbox:
    """Messages to look at: open, labelled or dismissed."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    async def keep(self, found: Sequence[Unclear], erased: Collection[int]) -> None:
        """Add those that are new, and forget those whose words were erased.

        What the customer thought of the answer outweighs what the bot thought of the question.
        """

        def work(connection: Connection) -> None:
            seqs = [one.seq for one in found]
            known = set(connection.scalars(select(unclear.c.seq).where(unclear.c.seq.in_(seqs))))
            # Of several the last of these counts: the first one found, but rather one that the customer has judged.
            ordered = [*reversed(found), *(one for one in reversed(found) if one.why in JUDGED)]
            fresh = {one.seq: one for one in ordered if one.seq not in known and one.seq not in erased}
            for one in found:
                if one.seq in known and one.why in JUDGED:
                    waits = unclear.c.seq == one.seq, unclear.c.state == "open"
                    connection.execute(update(unclear).where(*waits).values(why=one.why))
            if fresh:
                rows = [{**asdict(one), "guesses": [list(guess) for guess in one.guesses]} for one in fresh.values()]
                connection.execute(insert(unclear), rows)
            if erased:
                connection.execute(delete(unclear).where(unclear.c.seq.in_(list(erased))))

        await self._transactions.run(work, derived=True)

    async def open(self, limit: int) -> list[Unclear]:
        """The latest that wait, latest first."""
        query = select(unclear).where(unclear.c.state == "open").order_by(unclear.c.seq.desc()).limit(limit)
        return await self._transactions.ask(lambda c: [Unclear(**row._mapping) for row in c.execute(query)])

    async def count(self) -> int:
        """How many wait."""
        query = select(func.count()).select_from(unclear).where(unclear.c.state == "open")
        return await self._transactions.ask(lambda c: int(c.scalar(query) or 0))

    async def find(self, seqs: Collection[int]) -> list[Unclear]:
        """Those at these places, whatever their state."""
        query = select(unclear).where(unclear.c.seq.in_(list(seqs))).order_by(unclear.c.seq)
        return await self._transactions.ask(lambda c: [Unclear(**row._mapping) for row in c.execute(query)])

    async def settle(self, seqs: Collection[int], state: str) -> None:
        """They wait no longer (or again, with "open")."""
        change = update(unclear).where(unclear.c.seq.in_(list(seqs))).values(state=state)

        def work(connection: Connection) -> None:
            connection.execute(change)

        await self._transactions.run(work)
