"""Quality: what watches running conversations, what scores ended ones, and what people work with."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, Final

from app.background import background, every_second
from app.config import ROOT
from app.wiring.ground import Ground
from app.wiring.llm import open_llm
from desk.service.routing import Routing
from desk.store.changes import Changes
from desk.store.staff import Staff
from quality_check.adapters.models import ModelFolder
from quality_check.api.hall import Quality
from quality_check.rules.groups import names, renamed, rules_of
from quality_check.service.calibration import Calibration
from quality_check.service.examples import Examples
from quality_check.service.judge import Judge
from quality_check.service.plans import Plans
from quality_check.service.reviews import Desks, Reviews
from quality_check.service.rulebook import Rulebook
from quality_check.service.scoring import Scoring
from quality_check.service.trials import Trials
from quality_check.service.watch import Watch
from quality_check.store import work
from quality_check.store.editions import Edition, Editions, Kind
from quality_check.store.figures import Figures
from quality_check.store.inspections import InspectionStore
from quality_check.store.rows import Rows

SEEDS: Final[Mapping[Kind, Path]] = {
    "rubric": ROOT / "data" / "rubrics" / "shop.yml",
    "card": ROOT / "data" / "rubrics" / "scorecards" / "service.yml",
}
PAUSE_SECONDS: Final = 0.02  # a flag is shown within 200 ms of the message


@asynccontextmanager
async def open_quality(ground: Ground, routing: Routing, *, plans: bool) -> AsyncIterator[Quality]:
    """The room; with `plans` it also gives out the reviews that are due."""
    quality = _quality(ground)
    async with AsyncExitStack() as closing:
        closing.callback(ground.tail.listen(quality.watch.notice))
        closing.push_async_callback(quality.trials.close)
        await closing.enter_async_context(background(_ready(quality.rulebook)))
        if plans:
            await closing.enter_async_context(background(every_second(quality.plans.watch, lambda: routing.leads)))
        yield quality


async def _ready(rulebook: Rulebook) -> None:
    """Rules are read before somebody types: the first who does waits for nothing."""
    await rulebook.active()


class NamingPlans:
    """Sampling plans, as what may name one of the desk's groups (desk.service.naming.Naming)."""

    def __init__(self, ground: Ground) -> None:
        self._plans = Rows(ground.engine, work.plans, work.Plan)

    async def naming(self, group: str) -> list[str]:
        """Those that draw of this group alone."""
        return [f"sampling plan {one.name}" for one in await self._plans.select() if one.body.get("group") == group]

    async def rename(self, group: str, to: str, by: Staff) -> None:
        """They draw of `to` instead."""
        for one in await self._plans.select():
            if one.body.get("group") == group:
                await self._plans.change(one.id, body={**one.body, "group": to})


class NamingRules:
    """Rules and the scorecard, as what may name one of the desk's groups: what counts, and what is drafted."""

    def __init__(self, ground: Ground) -> None:
        self._editions = Editions(ground.engine)

    async def naming(self, group: str) -> list[str]:
        """Those that ask for it."""
        rubrics, cards = await self._texts("rubric"), await self._texts("card")
        rules = dict.fromkeys(id for one in rubrics for id in rules_of(one.text, group))
        card = ["scorecard"] if any(names(one.text, group) for one in cards) else []
        return [*(f"quality rule {id}" for id in rules), *card]

    async def rename(self, group: str, to: str, by: Staff) -> None:
        """They ask for `to`: of what counts as a new version, so that earlier scores keep theirs."""
        for kind in SEEDS:
            for one in await self._texts(kind):
                if names(one.text, group):
                    keep = self._editions.write if one.state == "draft" else self._editions.supersede
                    await keep(kind, renamed(one.text, group, to), one.note or f"{group} → {to}", by.id)

    async def _texts(self, kind: Kind) -> list[Edition]:
        found = (await self._editions.active(kind), await self._editions.draft(kind))
        return [one for one in found if one is not None]


def _quality(ground: Ground) -> Quality:
    log, engine = ground.log, ground.engine
    editions, inspections = Editions(engine), InspectionStore(log.transactions)
    rulebook = Rulebook(editions, SEEDS, models=ModelFolder(ground.settings.models_path()))
    watch, scoring = (
        Watch(log, rulebook),
        Scoring(log, rulebook, inspections, Judge(open_llm(ground.settings))),
    )
    desks = Desks(
        Rows(engine, work.reviews, work.Review),
        Rows(engine, work.appeals, work.Appeal),
        Rows(engine, work.coaching, work.Coaching),
    )
    reviews = Reviews(log, rulebook, inspections, desks, ground.company.quality)

    async def people() -> Mapping[str, str]:
        return {one.id: one.name for one in await ground.roster.all()}

    return Quality(
        log,
        rulebook,
        watch,
        scoring,
        editions,
        inspections,
        Figures(log.transactions),
        reviews,
        Plans(Rows(engine, work.plans, work.Plan), inspections, reviews),
        Calibration(Rows(engine, work.sessions, work.Session), inspections, reviews),
        Trials(log, rulebook, inspections, Rows(engine, work.trials, work.Trial)),
        Examples(log, inspections, Rows(engine, work.examples, work.Example)),
        people,
        _printed,
        Changes(engine).record,
    )


def _printed(*told: Any) -> bytes:
    """ReportLab is imported by the first report that is printed."""
    from quality_check.adapters.print import printed

    return printed(*told)
