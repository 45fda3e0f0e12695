"""A worker's share of a run: it reads the store and writes nothing, and loads no more of the house than that takes."""

import asyncio
import gc
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from conversation.database import open_engine
from conversation.events import ConversationClosed, Event
from conversation.signals import LocalSignals
from conversation.sql import SqlLog
from quality_check.adapters.models import load_models
from quality_check.rules.opinions import opinions_of
from quality_check.rules.transcript import transcript
from quality_check.rules.view import Opinion
from quality_check.service.rulebook import Book, card_of, rubric_of
from quality_check.service.scoring import ENDS, READS, closed, inspect
from quality_check.store.editions import Edition
from quality_check.store.inspections import Inspection, InspectionStore


@dataclass(frozen=True, slots=True)
class Rules:
    """What a worker inspects by; `current` when its scores are those that count."""

    rubric: Edition
    card: Edition
    models: Path
    current: bool


@dataclass(frozen=True, slots=True)
class Part:
    """Some conversations of a store; each has the places up to which these versions have inspected it already."""

    database: str
    rules: Rules
    since: datetime | None
    wanted: tuple[tuple[str, frozenset[int]], ...]
    before: int = 0  # others that need not be looked at: nothing has happened since they were inspected


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of one part: what is new, how many had been done before, how many ended too early or nobody spoke in."""

    fresh: tuple[Inspection, ...]
    before: int
    left_out: int

    @property
    def seen(self) -> int:
        """Conversations in the part."""
        return len(self.fresh) + self.before + self.left_out


def work(part: Part) -> Outcome:
    """What came of a part."""
    gc.disable()  # a part makes a hundred thousand small things and no circles; looking for some costs a sixth
    try:
        return asyncio.run(_work(part))
    finally:
        gc.enable()


async def _work(part: Part) -> Outcome:
    engine = open_engine(part.database)
    log = SqlLog(engine, LocalSignals())
    try:
        return await _inspect(part, log)
    finally:
        await log.close()
        await engine.dispose()


async def _inspect(part: Part, log: SqlLog) -> Outcome:
    fresh, before, left_out = [], part.before, 0
    book = _book(part.rules)
    ids = [id for id, _ in part.wanted]
    histories = await log.histories(ids, READS)
    said = await InspectionStore(log.transactions).opinions(ids) if book.rubric.engine.asks else {}
    for id, known in part.wanted:
        events = _until_the_end(histories[id])
        if not events or (part.since and events[-1].at < part.since):
            left_out += 1
        elif events[-1].seq in known:
            before += 1
        elif found := inspect(book, events, datetime.now(UTC), _said_before(events, said.get(id, ()))):
            fresh.append(replace(found, current=part.rules.current))
        else:
            left_out += 1
    return Outcome(tuple(fresh), before, left_out)


def _said_before(
    events: list[Event], known: Sequence[tuple[int, Sequence[Mapping[str, Any]]]]
) -> Mapping[str, Opinion] | None:
    """What a language model said of the same messages before; a run asks none."""
    if not known:
        return None
    messages = transcript(events)
    told = [one for count, opinions in known if count == len(messages) for one in opinions]
    return opinions_of(told, messages)


@lru_cache(maxsize=1)
def _book(rules: Rules) -> Book:
    return Book(rubric_of(rules.rubric, load_models(rules.models)), card_of(rules.card))


def _until_the_end(events: list[Event]) -> list[Event]:
    """Up to the last fact after which scoring looks at a conversation."""
    for place in range(len(events), 0, -1):
        fact = events[place - 1].fact
        if isinstance(fact, ConversationClosed) or (isinstance(fact, ENDS) and closed(events[:place])):
            return events[:place]
    return []
