"""Quality: what watches running conversations, what scores ended ones, and what people work with."""

from typing import Final

from app.config import ROOT
from conversation.sql import SqlLog
from conversation.tail import Tail
from quality_check.api.hall import Quality
from quality_check.service.rulebook import Rulebook
from quality_check.service.scoring import Scoring
from quality_check.service.watch import Watch
from quality_check.store.editions import Editions
from quality_check.store.inspections import InspectionStore

RUBRIC: Final = ROOT / "data" / "rubrics" / "shop.yml"
PAUSE_SECONDS: Final = 0.02  # a flag is shown within 200 ms of the message


def open_quality(log: SqlLog, tail: Tail) -> Quality:
    """The room; it listens to the tail for as long as that runs."""
    editions, inspections = Editions(log.transactions.engine), InspectionStore(log.transactions)
    rulebook = Rulebook(editions, RUBRIC)
    watch = Watch(log, tail, rulebook)
    tail.listen(watch.notice)
    return Quality(log, rulebook, watch, Scoring(log, rulebook, inspections), editions, inspections)
