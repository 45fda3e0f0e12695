"""Past answers that may be suggested again, and what they answered."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from conversation.database import NAMING, Moment, Transactions, padded

metadata: Final = MetaData(naming_convention=NAMING)
answers: Final = Table(
    "assist_answers",
    metadata,
    Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("message", BigInteger, nullable=False, index=True),
    Column("conversation", String(64), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("agent", String(64), nullable=False),
    Column("language", String(8), nullable=False),
    Column("asked", Text, nullable=False),
    Column("said", Text, nullable=False),
    Column("earlier", Text, nullable=False),
    Column("nth", Integer, nullable=False),
    Column("reply", Text, nullable=False),
    Column("outcome", Integer, nullable=False),
    Index(None, "outcome", "seq"),
)


@dataclass(frozen=True, slots=True)
class Answer:
    """An agent's answer at `seq` to what was asked up to the message at `message`.

    `outcome` is 1 when the conversation ended well, -1 when badly, 0 when nobody said.
    """

    seq: int
    message: int
    conversation: str
    at: datetime
    agent: str
    language: str
    asked: str
    said: str
    earlier: str
    nth: int
    reply: str
    outcome: int = 0


class Answers:
    """Written through the log's own writer."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    async def keep(
        self, found: Sequence[Answer], ended: Sequence[tuple[str, int]] = (), forgotten: Collection[int] = ()
    ) -> None:
        """Add answers, note (conversation, outcome), and forget what rests on these seqs; again is harmless."""

        def kept(connection: Connection) -> None:
            seqs = padded(one.seq for one in found)
            known = set(connection.scalars(select(answers.c.seq).where(answers.c.seq.in_(seqs))))
            if fresh := [asdict(one) for one in found if one.seq not in known]:
                connection.execute(insert(answers), fresh)
            for conversation, outcome in ended:
                here = answers.c.conversation == conversation
                connection.execute(update(answers).where(here).values(outcome=outcome))
            if forgotten:
                gone = or_(answers.c.seq.in_(forgotten), answers.c.message.in_(forgotten))
                connection.execute(delete(answers).where(gone))

        await self._transactions.run(kept, derived=True)

    async def after(self, seq: int, limit: int) -> list[Answer]:
        """Answers beyond a seq that did not end badly, oldest first."""
        columns = [answers.c[field.name] for field in fields(Answer)]
        query = select(*columns).where(answers.c.seq > seq, answers.c.outcome >= 0).order_by(answers.c.seq)
        return await self._transactions.ask(
            lambda connection: [Answer(*row) for row in connection.execute(query.limit(limit))]
        )

    async def praised(self, limit: int) -> list[Answer]:
        """The newest answers of conversations that ended well, newest first."""
        columns = [answers.c[field.name] for field in fields(Answer)]
        query = select(*columns).where(answers.c.outcome > 0).order_by(answers.c.seq.desc()).limit(limit)
        return await self._transactions.ask(lambda connection: [Answer(*row) for row in connection.execute(query)])

    async def solved(self, seqs: Collection[int], but: str) -> list[Answer]:
        """All answers, oldest first, of the conversations that ended well and hold one of these; `but` is left out."""
        well = answers.c.outcome > 0
        ids = select(answers.c.conversation).where(answers.c.seq.in_(seqs), well, answers.c.conversation != but)
        columns = [answers.c[field.name] for field in fields(Answer)]
        query = select(*columns).where(answers.c.conversation.in_(ids)).order_by(answers.c.seq)
        return await self._transactions.ask(lambda connection: [Answer(*row) for row in connection.execute(query)])

    async def start_of(self, newest: int) -> int:
        """The seq before the first of the `newest` latest answers; 0 when there are fewer."""
        query = select(answers.c.seq).order_by(answers.c.seq.desc()).offset(newest).limit(1)
        return await self._transactions.ask(lambda connection: connection.scalar(query) or 0)

    async def count(self, after: int, upto: int) -> int:
        """How many answers of these seqs did not end badly."""
        query = select(func.count(answers.c.seq)).where(answers.c.outcome >= 0, answers.c.seq.between(after + 1, upto))
        return await self._transactions.ask(lambda connection: connection.scalar(query) or 0)

    async def seqs(self, after: int, upto: int) -> set[int]:
        """Which."""
        query = select(answers.c.seq).where(answers.c.outcome >= 0, answers.c.seq.between(after + 1, upto))
        return await self._transactions.ask(lambda connection: set(connection.scalars(query)))
