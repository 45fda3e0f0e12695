"""A new model is made, measured beside the working one, and put to work only when it is not worse."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Protocol

from bot.rules.cases import Case, Played, figures
from bot.rules.corpus import read_corpus
from bot.service.review import Review
from bot.store.versions import Version, Versions

STALE: Final = timedelta(minutes=15)  # a training that has not moved on for so long has died with its process

log = logging.getLogger(__name__)


class TrainingFailed(RuntimeError):
    """No model came of it; the message says why."""


class Workshop(Protocol):
    """Makes models and tries them. Versions go by name; "" is the one that works now. All may raise TrainingFailed."""

    async def train(self, files: Mapping[str, str], name: str) -> None:
        """Make a version from training files (name to text)."""

    async def judge(self, name: str, texts: Sequence[str]) -> Sequence[str]:
        """The likeliest intent of each text."""

    async def rehearse(self, name: str, cases: Sequence[Case], told: Callable[[int], None]) -> Sequence[Played]:
        """What comes of scripted conversations; `told` hears how many are done."""

    async def put_to_work(self, name: str) -> None:
        """This version answers from here on; the one that did finishes its turns."""

    async def keep(self, name: str) -> bool:
        """Keep the working model as a version; False when none works."""


Audit = Callable[[str, str, str, Mapping[str, Any]], Awaitable[None]]
"""Who (an id, "" for the command line), what, of which version, and what came of it."""


class NotNow(RuntimeError):
    """The message says why it cannot be done at present."""


class Training:
    """One training at a time. `measured` are (text, intent) that nobody trains on, `cases` what the bot must master."""

    def __init__(
        self,
        review: Review,
        versions: Versions,
        workshop: Workshop,
        measured: Sequence[tuple[str, str]],
        cases: Sequence[Case],
        audit: Audit,
    ) -> None:
        self._review = review
        self._versions = versions
        self._workshop = workshop
        self._measured = measured
        self._cases = cases
        self._audit = audit
        self._task: asyncio.Task[None] | None = None

    async def close(self) -> None:
        """Give up what is being made."""
        if self._task is None or self._task.done():
            return
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        for one in await self._versions.all():
            if one.state == "making":
                await self._versions.set(one.number, state="failed", error="the house was stopped")

    async def all(self) -> list[Version]:
        """Every version, latest first."""
        return await self._versions.all()

    async def start(self, by: str, *, compare: bool = True) -> Version:
        """Begin to make a new version; it works at once when there is none to compare it with, or without `compare`.

        Raises NotNow while one is being made.
        """
        now = datetime.now(UTC)
        for one in await self._versions.all():
            if one.state != "making":
                continue
            if one.touched_at > now - STALE:
                raise NotNow(f"version {one.number} is being made")
            await self._versions.set(one.number, state="failed", error="the process that made it has ended")
        if not any(one.state == "running" for one in await self._versions.all()):
            await self._adopt()
        version = await self._versions.begin(by)
        await self._audit(by, "training.started", version.name, {"compare": compare})
        self._task = asyncio.create_task(self._make(version, compare=compare), name=f"training {version.name}")
        return version

    async def finish(self) -> None:
        """Wait for what is being made."""
        if self._task is not None:
            await self._task

    async def _adopt(self) -> None:
        """The model that works already is the first version, so that one can go back to it."""
        first = await self._versions.begin("", state="retired")
        if await self._workshop.keep(first.name):
            await self._versions.put_to_work(first.number)
        else:
            await self._versions.set(first.number, state="failed", error="no model was there before")

    async def put_to_work(self, number: int, by: str, *, worse_too: bool = False) -> None:
        """Let this version answer: a roll-back, or a roll-forward. Raises NotNow for one that cannot.

        With `worse_too` also one that was refused for being worse.
        """
        version = await self._versions.find(number)
        if version is None or version.state not in ("retired", "running", *(("refused",) if worse_too else ())):
            raise NotNow("only a version that has worked before can be put to work again")
        await self._work(version, by)

    async def _work(self, version: Version, by: str) -> None:
        ran = next((one.name for one in await self._versions.all() if one.state == "running"), "")
        await self._workshop.put_to_work(version.name)
        await self._versions.put_to_work(version.number)
        await self._audit(by, "model.swapped", version.name, {"before": ran})

    async def _make(self, version: Version, *, compare: bool) -> None:
        try:
            await self._through(version, compare=compare)
        except TrainingFailed as error:
            await self._versions.set(version.number, state="failed", error=str(error)[:400])
        except Exception as error:
            log.error("training %s failed: %s", version.name, type(error).__name__, exc_info=error)
            await self._versions.set(version.number, state="failed", error=f"broken: {type(error).__name__}")
        made = await self._versions.find(version.number)
        assert made is not None, "versions only ever become more"
        detail = {"state": made.state, "error": made.error, "figures": dict(made.figures)}
        await self._audit(version.by, "training.ended", version.name, detail)

    async def _through(self, version: Version, *, compare: bool) -> None:
        files = await self._review.files()
        corpus, problems = await asyncio.to_thread(read_corpus, files)
        if problems:
            raise TrainingFailed(f"{len(problems)} problems in the training files, the first: {problems[0]}")
        await self._versions.set(version.number, stage="train", examples=len(corpus.examples))
        await self._workshop.train(files, version.name)
        if not compare or not await self._works():
            await self._work(version, version.by)
            await self._versions.set(version.number, stage="", share=100)
            return
        told = {"understanding": await self._understanding(version), "dialogues": await self._dialogues(version)}
        worse = [name for name, pair in told.items() if pair["before"] is not None and pair["after"] < pair["before"]]
        await self._versions.set(version.number, stage="", share=100, figures={**told, "worse": worse})
        if worse:
            await self._versions.set(version.number, state="refused")
        else:
            await self._work(version, version.by)

    async def _understanding(self, version: Version) -> dict[str, Any]:
        """Accuracy of both on sentences that neither was trained on."""
        await self._versions.set(version.number, stage="measure", share=0)
        taught = [one for one in await self._review.taught() if one.heldout]
        pairs = [*self._measured, *((one.text, one.intent) for one in taught)]
        texts = [text for text, _ in pairs]
        after = _right(pairs, await self._workshop.judge(version.name, texts))
        before = None
        with suppress(TrainingFailed):  # a working model that an upgrade has made unreadable is no measure
            before = _right(pairs, await self._workshop.judge("", texts))
        if before is None:
            return {"before": None, "after": _share(after), "count": len(pairs)}
        changed = {"mended": sum(_gained(before, after)), "broken": sum(_gained(after, before))}
        return {"before": _share(before), "after": _share(after), **changed, "count": len(pairs)}

    async def _dialogues(self, version: Version) -> dict[str, Any]:
        """Task success of both."""
        after, before = await self._success(version, version.name, 0), None
        with suppress(TrainingFailed):
            before = await self._success(version, "", len(self._cases))
        return {"before": before, "after": after, "count": len(self._cases)}

    async def _success(self, version: Version, name: str, done: int) -> float:
        progress = _Progress(self._versions, version.number, done, 2 * len(self._cases))
        await progress.show(0)
        try:
            played = await self._workshop.rehearse(name, self._cases, progress)
        finally:
            await progress.done()
        return float(figures(list(zip(self._cases, played, strict=True)))["task_success"])

    async def _works(self) -> bool:
        return any(one.state == "running" for one in await self._versions.all())


class _Progress:
    """Tells the store how many of the dialogues are done, without making them wait for it."""

    def __init__(self, versions: Versions, number: int, before: int, total: int) -> None:
        self._versions = versions
        self._number = number
        self._before = before
        self._total = total
        self._telling: asyncio.Task[None] | None = None

    async def show(self, count: int) -> None:
        """So many are done."""
        share = 100 * (self._before + count) // max(1, self._total)
        await self._versions.set(self._number, stage="rehearse", share=share)

    def __call__(self, count: int) -> None:
        if self._telling is None or self._telling.done():
            self._telling = asyncio.create_task(self.show(count))

    async def done(self) -> None:
        """What is being told has been told."""
        if self._telling is not None:
            await self._telling


def _right(pairs: Sequence[tuple[str, str]], said: Sequence[str]) -> list[bool]:
    return [one == intent for (_, intent), one in zip(pairs, said, strict=True)]


def _gained(before: Sequence[bool], after: Sequence[bool]) -> list[bool]:
    return [new and not old for old, new in zip(before, after, strict=True)]


def _share(right: Sequence[bool]) -> float:
    return round(sum(right) / len(right), 4) if right else 0.0
