"""Sampling plans: which scores of the last day or week people look at, and who."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from quality_check.rules.sampling import Candidate, How, falls_on, risk, sample, share_out
from quality_check.service.reviews import NotNow, Reviews
from quality_check.store.inspections import Inspection, InspectionStore, matching
from quality_check.store.rows import Rows
from quality_check.store.work import Plan, Review

DRAWN_FROM = 10_000  # scores of one round at most


@dataclass(frozen=True, slots=True)
class Sampling:
    """What a plan says. `count` scores (of each agent when `how` is per_agent or new) of those that ended since the
    last round; `agents` narrows it; `second` is the share that a second person reviews too. With `new` only agents
    count whose first inspected conversation ended within the last `new_days`."""

    how: How
    count: int
    every: Literal["day", "week"]
    reviewers: tuple[str, ...]
    agents: tuple[str, ...] = ()
    about: Literal["agent", "bot", "any"] = "agent"
    group: str = ""
    channel: str = ""
    below: float | None = None
    days: int = 3
    second: float = 0.0
    new_days: int = 60


class Plans:
    """A round that runs again gives out the same tasks, so it is safe to be cut off."""

    def __init__(
        self,
        plans: Rows[Plan],
        inspections: InspectionStore,
        reviews: Reviews,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.plans = plans
        self._inspections = inspections
        self._reviews = reviews
        self._clock = clock

    async def watch(self, at: datetime) -> None:
        """Run what is due."""
        for plan in await self.plans.select(self.plans.table.c.active.is_(True)):
            if plan.run_at is None or at - plan.run_at >= _period(sampling(plan.body)):
                await self.run(plan)

    async def run(self, plan: Plan) -> list[Review]:
        """Give out one round's tasks now."""
        asked, now = sampling(plan.body), self._clock()
        since = plan.run_at or now - _period(asked)
        chosen = await self._draw(plan, asked, since, now)
        load = dict.fromkeys(asked.reviewers, 0)
        table = self._reviews.desks.reviews.table.c
        load |= {
            reviewer: count
            for reviewer, count in (
                await self._reviews.desks.reviews.count(table.state == "open", by="reviewer")
            ).items()
            if reviewer in load
        }
        given = [task for one in chosen for task in await self._give(plan, asked, one, load)]
        await self.plans.change(plan.id, run_at=now)
        return given

    async def _draw(self, plan: Plan, asked: Sampling, since: datetime, now: datetime) -> list[Inspection]:
        filters: Mapping[str, Any] = {
            "since": since,
            "until": now,
            "below": asked.below,
            "standing": "machine",
            "group": asked.group or None,
            "channel": asked.channel or None,
        }
        pool = await self._inspections.select(*matching(filters), limit=DRAWN_FROM)
        first = await self._inspections.first_ends() if asked.how == "new" else {}
        late = now - timedelta(days=asked.new_days)
        found = {one.id: one for one in pool if _wanted(one, asked) and first.get(one.subject, now) >= late}
        candidates = [Candidate(one.id, one.subject, _risk(one)) for one in found.values()]
        drawn = sample(candidates, asked.how, asked.count, f"{plan.id}/{since.isoformat()}")
        return [found[one.inspection] for one in drawn]

    async def _give(self, plan: Plan, asked: Sampling, found: Inspection, load: dict[str, int]) -> Sequence[Review]:
        twice = falls_on(asked.second, plan.id, found.id) and len(asked.reviewers) > 1
        (first,) = share_out(1, load, (found.subject,))
        people = [first, *(share_out(1, load, (found.subject, first)) if twice else ())]
        given = []
        for reviewer, kind in zip(people, ("review", "second"), strict=False):
            try:
                given.append(
                    await self._reviews.assign(found, reviewer, kind, plan.id, asked.days)  # type: ignore[arg-type]
                )
            except NotNow:
                continue  # the only reviewer there is would review themselves
        return given


def sampling(body: Mapping[str, Any]) -> Sampling:
    """From JSON, as it was checked at the door."""
    lists = {name: tuple(body.get(name, ())) for name in ("reviewers", "agents")}
    return Sampling(**{**body, **lists})


def _period(asked: Sampling) -> timedelta:
    return timedelta(days=1 if asked.every == "day" else 7)


def _wanted(one: Inspection, asked: Sampling) -> bool:
    about = asked.about == "any" or (one.subject == "bot") == (asked.about == "bot")
    return about and (not asked.agents or one.subject in asked.agents)


def _risk(one: Inspection) -> float:
    return risk(one.score, one.fatal, sum(line.severity == "severe" for line in one.hits), one.csat)
