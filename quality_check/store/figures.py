"""Sums over inspections: by time, by whom, by rule."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, case, func, select

from conversation.database import Transactions
from quality_check.store.inspections import SLOT_SECONDS, hits, inspections
from quality_check.store.work import appeals

By = Literal["day", "week", "subject", "group", "channel", "language", "rubric"]
BUCKETS: Final = 10  # of ten points each; 100 belongs to the last


@dataclass(frozen=True, slots=True)
class Sums:
    """Of some inspections: how many, how many have a score, its sum, and counts of what happened to them."""

    inspections: int = 0
    scored: int = 0
    score: float = 0.0
    machine: float = 0.0
    fatal: int = 0
    reviewed: int = 0
    appealed: int = 0
    seen: int = 0

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(*(getattr(self, name) + getattr(other, name) for name in Sums.__slots__))

    def figures(self) -> dict[str, Any]:
        """On the wire: means instead of sums."""
        mean = self.score / self.scored if self.scored else None
        machine = self.machine / self.scored if self.scored else None
        counts = {name: getattr(self, name) for name in ("inspections", "fatal", "reviewed", "appealed", "seen")}
        return {**counts, "score": mean, "machine": machine}


def _share(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _columns() -> tuple[ColumnElement[Any], ...]:
    c = inspections.c
    return (
        func.count(),
        func.count(c.score),
        func.coalesce(func.sum(c.score), 0.0),
        func.coalesce(func.sum(c.machine), 0.0),
        _share(c.fatal),
        _share(c.standing != "machine"),
        _share(c.standing.in_(("appealed", "decided"))),
        _share(c.seen_at.is_not(None)),
    )


class Figures:
    """`conditions` are as inspections.matching makes them."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    async def by(self, by: By, zone: ZoneInfo, *conditions: Any) -> list[dict[str, Any]]:
        """Figures by day or week of the zone (the key is its first day), or by a column's value."""
        column = inspections.c["slot" if by in ("day", "week") else by]
        found = await self._ask(select(column, *_columns()).where(*conditions).group_by(column).order_by(column))
        merged: dict[Any, Sums] = {}
        for key, *sums in found:
            name = _first_day(key, zone, by) if by in ("day", "week") else key
            merged[name] = merged.get(name, Sums()) + Sums(*sums)
        return [{"key": key, **sums.figures()} for key, sums in merged.items()]

    async def total(self, *conditions: Any) -> dict[str, Any]:
        """Over all of them."""
        ((*sums,),) = await self._ask(select(*_columns()).where(*conditions))
        return Sums(*sums).figures()

    async def distribution(self, *conditions: Any) -> list[int]:
        """How many scores lie in each ten points."""
        c = inspections.c.score
        edges = [(n * 10, (n + 1) * 10 if n < BUCKETS - 1 else 101) for n in range(BUCKETS)]
        columns: list[Any] = [_share((c >= low) & (c < high)) for low, high in edges]
        ((*counts,),) = await self._ask(select(*columns).where(*conditions))
        return list(counts)

    async def by_rule(self, *conditions: Any) -> list[dict[str, Any]]:
        """Each rule's hits, points, and what reviewers said of them: `precision` and `recall` where they judged.

        Precision is right / (right + wrong) hits; recall is right / (right + missed). Both None without a verdict.
        """
        h, counts = hits.c, _of_rule()
        found = await self._ask(
            select(h.rule, *counts).where(*_joined(conditions)).group_by(h.rule).order_by(counts[1].desc(), h.rule)
        )
        return [_rule(*row) for row in found]

    async def of_rule(self, rule: str, by: By, zone: ZoneInfo, *conditions: Any) -> list[dict[str, Any]]:
        """One rule by day or week of the zone: how many conversations it hit of all, and how right people found it."""
        h, slot = hits.c, inspections.c.slot
        query = select(slot, *_of_rule()).where(*_joined(conditions), h.rule == rule).group_by(slot)
        told: dict[str, list[Any]] = {}
        for key, *counts in await self._ask(query):
            name = _first_day(key, zone, by)
            told[name] = [a + b for a, b in zip(told.get(name, [0] * len(counts)), counts, strict=True)]
        nothing: list[Any] = [0, 0, 0.0, 0, 0, 0]
        rows = await self.by(by, zone, *conditions)
        return [
            {"key": row["key"], "inspections": row["inspections"], **_rule(rule, *told.get(row["key"], nothing))}
            for row in rows
        ]

    async def heat(self, *conditions: Any) -> list[dict[str, Any]]:
        """How many conversations of a subject a rule hits that counts."""
        counted = func.count(func.distinct(hits.c.inspection))
        keys = (hits.c.rule, inspections.c.subject)
        right = hits.c.right.is_not(False)
        query = select(*keys, counted).where(*_joined(conditions), right).group_by(*keys).order_by(*keys)
        return [{"rule": rule, "subject": subject, "hits": count} for rule, subject, count in await self._ask(query)]

    async def appeals(self, since: datetime, until: datetime, now: datetime) -> dict[str, Any]:
        """Appeals of this time by outcome, how long they took (mean hours), and how many are late."""
        c = appeals.c
        here = (c.at >= since, c.at < until)
        counts = dict(await self._ask(select(c.state, func.count()).where(*here).group_by(c.state)))
        ((late,),) = await self._ask(select(_share((c.state == "open") & (c.due_at < now))).where(*here))
        times = await self._ask(select(c.at, c.decided_at).where(*here, c.decided_at.is_not(None)))
        spent = [(decided - at) / timedelta(hours=1) for at, decided in times]
        told = {name: counts.get(name, 0) for name in ("open", "accepted", "partly", "rejected")}
        return {**told, "late": late, "hours": sum(spent) / len(spent) if spent else None}

    async def _ask(self, query: Select[Any]) -> Sequence[Any]:
        return await self._transactions.ask(lambda connection: connection.execute(query).all())


def _of_rule() -> tuple[ColumnElement[Any], ...]:
    """Hits, conversations, points; right, wrong and missed by people's verdicts."""
    h = hits.c
    return (
        _share(h.found),
        func.count(func.distinct(case((h.found, h.inspection)))),
        func.coalesce(func.sum(case((h.found, h.points))), 0.0),
        _share(h.found & h.right.is_(True)),
        _share(h.found & h.right.is_(False)),
        _share(~h.found),
    )


def _joined(conditions: Sequence[Any]) -> tuple[Any, ...]:
    return (hits.c.inspection == inspections.c.id, *conditions)


def _first_day(slot: int, zone: ZoneInfo, by: str) -> str:
    day = datetime.fromtimestamp(slot * SLOT_SECONDS, zone).date()
    return (day - timedelta(days=day.weekday()) if by == "week" else day).isoformat()


def _rule(
    rule: str, found: int, conversations: int, points: float, right: int, wrong: int, missed: int
) -> dict[str, Any]:
    return {
        "rule": rule,
        "hits": found,
        "conversations": conversations,
        "points": points,
        "right": right,
        "wrong": wrong,
        "missed": missed,
        "precision": right / (right + wrong) if right + wrong else None,
        "recall": right / (right + missed) if right + missed else None,
    }
