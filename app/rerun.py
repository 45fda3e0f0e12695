"""Inspect what is in the store once more, on all cores or a cluster, and go on where a run was cut off.

An inspection's name is made of conversation, place in the log and versions of rubric and scorecard. So a part that
was done is seen to be done, and a part that is done twice is kept once: nothing has to be noted of the run itself.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, select

from app.config import Settings
from app.inspecting import Outcome, Part, Rules, work
from app.wiring.ground import open_log
from app.wiring.quality import SEEDS
from conversation.log import Search
from conversation.sql import SqlLog
from quality_check.adapters.crews import Crew
from quality_check.rules.document import read_rubric
from quality_check.service.rulebook import Rulebook
from quality_check.store.editions import Editions
from quality_check.store.inspections import InspectionStore, inspections

PART: Final = 256  # conversations a worker takes at once
PAGE: Final = 1000


@dataclass(frozen=True, slots=True)
class Run:
    """Which conversations, by which rules; `since` counts when they ended."""

    settings: Settings
    rules: Rules
    since: datetime | None

    async def count(self) -> int:
        """How many conversations it looks at."""
        async with open_log(self.settings) as log:
            return await log.count(Search(status="closed"))

    async def go(self, crew: Crew, tell: Callable[[Outcome], None]) -> None:
        """Every part, each kept as soon as it is done. `tell` hears of each."""
        async with open_log(self.settings) as log:
            store = InspectionStore(log.transactions)
            parts = [part async for part in self._parts(log)]
            done = crew(work, parts)
            while (outcome := await asyncio.to_thread(_next, done)) is not None:
                await store.record(outcome.fresh)
                tell(outcome)

    async def _parts(self, log: SqlLog) -> AsyncIterator[Part]:
        async for page in _pages(log, self.since):
            known: dict[str, set[int]] = {id: set() for id, _ in page}
            query = select(inspections.c.conversation, inspections.c.upto).where(
                inspections.c.conversation.in_(known),
                inspections.c.rubric == self.rules.rubric.version,
                inspections.c.card == self.rules.card.version,
            )
            for row in await log.transactions.ask(_rows(query)):
                known[row.conversation].add(row.upto)
            wanted = [(id, frozenset(known[id])) for id, seq in page if seq not in known[id]]
            before = len(page) - len(wanted)
            for start in range(0, len(wanted) or 1, PART):
                part = tuple(wanted[start : start + PART])
                yield Part(self.settings.database(), self.rules, self.since, part, 0 if start else before)


async def rules_of(settings: Settings, rubric: str) -> Rules:
    """A version of the rubric by number, a file, or with "" the active one; and the active scorecard.

    Scores by another version than the active one stand beside those that count. Raises LookupError when there is no
    such version, OSError for the file, ValueError with the slips when it is no rubric.
    """
    async with open_log(settings) as log:
        editions = Editions(log.transactions.engine)
        book = await Rulebook(editions, SEEDS).active()
        active = await editions.version("rubric", book.rubric.version)
        chosen = active
        if rubric.isdecimal():
            chosen = await editions.version("rubric", int(rubric))
        elif rubric:
            chosen = await editions.keep("rubric", _checked(Path(rubric)), "kefu quality run")
        card = await editions.version("card", book.card.version)
    if active is None or chosen is None or card is None:
        raise LookupError(f"there is no version {rubric} of the rubric")
    return Rules(chosen, card, settings.models_path().resolve(), chosen.version == active.version)


def _checked(path: Path) -> str:
    text = path.read_text("utf-8")
    _, problems = read_rubric(text, str(path))
    if problems:
        raise ValueError("\n".join(map(str, problems)))
    return text


async def _pages(log: SqlLog, since: datetime | None) -> AsyncIterator[list[tuple[str, int]]]:
    """Ended conversations and where they ended, latest first, a page further than anything has happened since then."""
    before = None
    while found := await log.places(Search(status="closed"), before=before, limit=PAGE):
        yield found
        last, before = found[-1]
        if since and (ended := (await log.load(last)).updated_at) and ended < since:
            return


def _rows(query: Select[Any]) -> Callable[[Connection], list[Row[Any]]]:
    return lambda connection: list(connection.execute(query))


def _next(done: Iterator[Outcome]) -> Outcome | None:
    return next(done, None)
