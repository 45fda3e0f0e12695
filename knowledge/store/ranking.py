"""Weights by which search orders what it finds, as they were learned; the latest count."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import JSON, Column, Integer, Table, insert, select

from conversation.database import Moment, Transactions
from knowledge.rules.rank import MEASURES
from knowledge.store.tables import metadata

weights: Final = Table(
    "knowledge_weights",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("weights", JSON, nullable=False),
    Column("figures", JSON, nullable=False),
)


class Ranking:
    """What was learned stays, with the figures that it was chosen for."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    async def keep(self, learned: Mapping[str, float], figures: Mapping[str, Any]) -> None:
        """Order by these from now on, in every process."""
        row = {"at": datetime.now(UTC), "weights": dict(learned), "figures": dict(figures)}
        await self._transactions.run(lambda connection: connection.execute(insert(weights).values(row)))

    async def latest(self) -> tuple[float, ...] | None:
        """A weight for each of the MEASURES; None when none were learned, or for other measures than today's."""
        query = select(weights.c.weights).order_by(weights.c.id.desc()).limit(1)
        kept = await self._transactions.ask(lambda connection: connection.scalar(query))
        return tuple(float(kept[name]) for name in MEASURES) if kept and set(kept) == set(MEASURES) else None
