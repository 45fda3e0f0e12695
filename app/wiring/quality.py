"""Quality: what watches running conversations, what scores ended ones, and what people work with."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from app.config import ROOT
from conversation.sql import SqlLog
from conversation.tail import Tail
from desk.store.staff import Roster
from quality_check.adapters.print import printed
from quality_check.api.hall import Quality
from quality_check.service.calibration import Calibration
from quality_check.service.plans import Plans
from quality_check.service.reviews import Deadlines, Desks, Reviews
from quality_check.service.rulebook import Rulebook
from quality_check.service.scoring import Scoring
from quality_check.service.trials import Trials
from quality_check.service.watch import Watch
from quality_check.store import work
from quality_check.store.editions import Editions, Kind
from quality_check.store.figures import Figures
from quality_check.store.inspections import InspectionStore
from quality_check.store.rows import Rows

SEEDS: Final[Mapping[Kind, Path]] = {
    "rubric": ROOT / "data" / "rubrics" / "shop.yml",
    "card": ROOT / "data" / "rubrics" / "scorecards" / "service.yml",
}
PAUSE_SECONDS: Final = 0.02  # a flag is shown within 200 ms of the message


def open_quality(log: SqlLog, tail: Tail, roster: Roster, deadlines: Deadlines) -> Quality:
    """The room; it listens to the tail for as long as that runs."""
    engine = log.transactions.engine
    editions, inspections = Editions(engine), InspectionStore(log.transactions)
    rulebook = Rulebook(editions, SEEDS)
    watch, scoring = Watch(log, tail, rulebook), Scoring(log, rulebook, inspections)
    tail.listen(watch.notice)
    desks = Desks(
        Rows(engine, work.reviews, work.Review),
        Rows(engine, work.appeals, work.Appeal),
        Rows(engine, work.coaching, work.Coaching),
    )
    reviews = Reviews(log, rulebook, inspections, desks, deadlines)

    async def names() -> Mapping[str, str]:
        return {one.id: one.name for one in await roster.all()}

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
        names,
        printed,
    )
