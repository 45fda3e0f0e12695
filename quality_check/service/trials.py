"""Back-tests: what another version of the rules would have found in past conversations, before it counts."""

import asyncio
import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final
from uuid import uuid4

from conversation.log import Log
from quality_check.rules.judging import Line
from quality_check.rules.opinions import opinions_of
from quality_check.rules.transcript import transcript
from quality_check.service.rulebook import Book, Rubric, Rulebook
from quality_check.service.scoring import inspect
from quality_check.store.inspections import Inspection, InspectionStore, matching
from quality_check.store.rows import Rows
from quality_check.store.work import Trial

logger: Final = logging.getLogger(__name__)
STEP: Final = 25  # conversations between two looks at the progress row
SAMPLES: Final = 5


@dataclass(slots=True)
class Tally:
    """What a trial has counted so far."""

    conversations: int = 0
    before: Counter[str] = field(default_factory=Counter)
    after: Counter[str] = field(default_factory=Counter)
    gained: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    lost: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    fresh: Counter[str] = field(default_factory=Counter)
    gone: Counter[str] = field(default_factory=Counter)
    together: Counter[tuple[str, str]] = field(default_factory=Counter)
    scores: list[tuple[float, float]] = field(default_factory=list)

    def count(self, old: Inspection, new: Inspection) -> None:
        """One conversation, as it was judged by the rules that count and by those on trial."""
        self.conversations += 1
        was, now = _first(old.hits), _first(new.hits)
        self.before.update(was.keys())
        self.after.update(now.keys())
        for rule in now.keys() - was.keys():
            self.fresh[rule] += 1
            _show(self.gained[rule], new, now[rule])
        for rule in was.keys() - now.keys():
            self.gone[rule] += 1
            _show(self.lost[rule], old, was[rule])
        rules = sorted(now)
        self.together.update((one, two) for n, one in enumerate(rules) for two in rules[n + 1 :])
        if old.machine is not None and new.machine is not None:
            self.scores.append((old.machine, new.machine))

    def told(self, rules: Iterable[str]) -> dict[str, Any]:
        """The result on the wire: by rule, and the mean score of both."""
        rows = []
        for rule in rules:
            near = [(other, self._overlap(rule, other)) for other in self.after if other != rule]
            close = sorted((pair for pair in near if pair[1] >= 0.2), key=lambda pair: (-pair[1], pair[0]))
            rows.append(
                {
                    "rule": rule,
                    "before": self.before[rule],
                    "after": self.after[rule],
                    "gained": self.fresh[rule],
                    "lost": self.gone[rule],
                    "gained_samples": self.gained.get(rule, []),
                    "lost_samples": self.lost.get(rule, []),
                    "overlap": [{"rule": other, "share": share} for other, share in close[:3]],
                }
            )
        count = len(self.scores)
        means = [sum(pair[n] for pair in self.scores) / count if count else None for n in (0, 1)]
        changed = sum(old != new for old, new in self.scores)
        summary = {"mean_before": means[0], "mean_after": means[1], "changed": changed}
        return {"conversations": self.conversations, "rules": rows, **summary}

    def _overlap(self, one: str, two: str) -> float:
        """Jaccard: conversations both hit, of those either hits."""
        both = self.together[(one, two) if one < two else (two, one)]
        return both / (self.after[one] + self.after[two] - both) if both else 0.0


class Trials:
    """Runs beside the requests in this process; how far it is stands in its row."""

    def __init__(
        self,
        log: Log,
        rulebook: Rulebook,
        inspections: InspectionStore,
        trials: Rows[Trial],
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._log = log
        self._rulebook = rulebook
        self._inspections = inspections
        self.trials = trials
        self._clock = clock
        self._running: set[asyncio.Task[None]] = set()

    async def start(self, rubric: Rubric, last: int, by: str) -> Trial:
        """Judge the `last` scored conversations again with these rules; no score changes."""
        found = await self._inspections.select(*matching({}), limit=last)
        book = await self._rulebook.active()
        now = self._clock()
        trial, _ = await self.trials.add(Trial(uuid4().hex, by, now, now, len(found)))
        task = asyncio.create_task(self._run(trial, found, book, Book(rubric, book.card)))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return trial

    async def stop(self, trial: Trial) -> None:
        """No further; what runs it sees that within STEP conversations."""
        await self.trials.change(trial.id, self.trials.table.c.state == "running", state="stopped")

    async def close(self) -> None:
        """The process ends: what is not done is cut off."""
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _run(self, trial: Trial, found: Sequence[Inspection], old: Book, new: Book) -> None:
        tally, running = Tally(), self.trials.table.c.state == "running"
        try:
            for done in range(0, len(found), STEP):
                for one in found[done : done + STEP]:
                    await self._compare(tally, one, old, new)
                if not await self.trials.change(trial.id, running, done=done + STEP, beat_at=self._clock()):
                    return
            rules = [*new.rubric.rules, *(rule for rule in old.rubric.rules if rule not in new.rubric.rules)]
            result = {"state": "done", "done": len(found), "result": tally.told(rules)}
            await self.trials.change(trial.id, running, **result)
        except Exception as error:
            logger.error("a back-test failed: %s", type(error).__name__)
            await self.trials.change(trial.id, running, state="failed")

    async def _compare(self, tally: Tally, one: Inspection, old: Book, new: Book) -> None:
        events = await self._log.history(one.conversation, before=one.upto + 1)
        now, said = self._clock(), opinions_of(one.opinions, transcript(events))

        def both() -> tuple[Inspection | None, Inspection | None]:
            return inspect(old, events, now, said), inspect(new, events, now, said)

        was, will = await asyncio.to_thread(both)
        if was and will:
            tally.count(was, will)


def _first(lines: Sequence[Line]) -> dict[str, Line]:
    """Each rule's first hit."""
    found: dict[str, Line] = {}
    for line in lines:
        found.setdefault(line.rule, line)
    return found


def _show(samples: list[dict[str, Any]], one: Inspection, line: Line) -> None:
    if len(samples) < SAMPLES:
        spots = [{"seq": spot.seq, "start": spot.start, "end": spot.end} for spot in line.spots]
        samples.append({"conversation": one.conversation, "subject": one.subject, "spots": spots})
