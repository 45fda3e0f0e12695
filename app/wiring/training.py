"""Training: what is collected, where models are made, and what they are measured by."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

from app.config import ROOT, Settings
from app.rehearsal import read_goods
from app.wiring.shop import GOODS
from app.workshop import EngineWorkshop
from bot.adapters.files import read_files
from bot.rules.cases import read_cases
from bot.service.review import Review
from bot.service.training import Audit, Training
from bot.store.examples import Examples
from bot.store.inbox import Inbox
from bot.store.versions import Versions
from conversation.sql import SqlLog
from desk.store.changes import Changes
from desk.store.staff import Roster

TRAINING: Final = ROOT / "data" / "training"
MEASURED: Final = ROOT / "data" / "evaluation" / "intents.jsonl"
CASES: Final = ROOT / "data" / "evaluation" / "dialogues.yml"


@dataclass(frozen=True, slots=True)
class School:
    """What people teach, and the models that come of it."""

    review: Review
    training: Training


@asynccontextmanager
async def open_school(log: SqlLog, settings: Settings) -> AsyncIterator[School]:
    """Until the end, when a model that is being made is given up."""
    base = {name.removeprefix(f"{TRAINING}/"): text for name, text in read_files(TRAINING).items()}
    review = Review(log, Inbox(log.transactions), Examples(log.transactions), base)
    lines = MEASURED.read_text("utf-8").splitlines()
    measured = [(one["text"], one["intent"]) for one in map(json.loads, filter(None, lines))]
    cases, problems = read_cases(read_files(CASES))
    if problems:
        raise ValueError(str(problems[0]))
    workshop = EngineWorkshop(settings.model_path().resolve(), read_goods(GOODS), swaps=not settings.engine_urls)
    training = Training(review, Versions(log.transactions), workshop, measured, cases, _audit(log))
    try:
        yield School(review, training)
    finally:
        await training.close()


def _audit(log: SqlLog) -> Audit:
    changes, roster = Changes(log.transactions.engine), Roster(log.transactions.engine)

    async def record(by: str, act: str, subject: str, detail: Mapping[str, Any]) -> None:
        member = await roster.by_id(by) if by else None
        await changes.record(by, member.name if member else by or "kefu", act, subject, detail)

    return record
