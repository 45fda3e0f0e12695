"""What people have taught: sentences with the intent they should have been taken for."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, Connection, Integer, String, Table, delete, insert, select

from bot.rules.corpus import LONGEST, same
from bot.store.tables import metadata
from conversation.database import Moment, Transactions

examples: Final = Table(
    "bot_examples",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("text", String(LONGEST), nullable=False, unique=True),
    Column("intent", String(64), nullable=False, index=True),
    Column("heldout", Boolean, nullable=False),
    Column("seq", BigInteger),
    Column("by", String(64), nullable=False),
    Column("at", Moment, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Taught:
    """A sentence and its intent; `heldout` ones are for measuring and never trained on; `seq` is where it was said."""

    text: str
    intent: str
    heldout: bool
    seq: int | None
    by: str
    at: datetime
    id: int = 0


class Examples:
    """One intent for each text: a later one takes the place of an earlier."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    async def add(self, taught: Sequence[Taught]) -> None:
        """In the place of what has the same text, spelling variants aside: two intents of it would end the training."""
        rows = {same(one.text): {k: v for k, v in asdict(one).items() if k != "id"} for one in taught}

        def work(connection: Connection) -> None:
            known = connection.execute(select(examples.c.id, examples.c.text)).all()
            gone = [id for id, text in known if same(text) in rows]
            connection.execute(delete(examples).where(examples.c.id.in_(gone)))
            connection.execute(insert(examples), list(rows.values()))

        if rows:
            await self._transactions.run(work)

    async def all(self) -> list[Taught]:
        """Latest first."""
        query = select(examples).order_by(examples.c.id.desc())
        return await self._transactions.ask(lambda c: [Taught(**row._mapping) for row in c.execute(query)])

    async def remove(self, id: int) -> Taught | None:
        """Gives what it was; None when there is none."""

        def work(connection: Connection) -> Taught | None:
            row = connection.execute(select(examples).where(examples.c.id == id)).one_or_none()
            connection.execute(delete(examples).where(examples.c.id == id))
            return Taught(**row._mapping) if row else None

        return await self._transactions.run(work)

    async def forget(self, seqs: Collection[int]) -> None:
        """Those that were said at these places, whose words were erased."""

        def work(connection: Connection) -> None:
            connection.execute(delete(examples).where(examples.c.seq.in_(list(seqs))))

        if seqs:
            await self._transactions.run(work)
