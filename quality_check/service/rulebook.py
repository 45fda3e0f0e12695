"""The rubric and the scorecard that count, ready to use, and those of before."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, TypeVar

from conversation.events import RuleHit, Spot
from quality_check.models.panel import NOBODY, Panel
from quality_check.rules.document import Rule, read_rubric
from quality_check.rules.engine import Engine
from quality_check.rules.scorecard import Scorecard, read_scorecard
from quality_check.rules.transcript import Said
from quality_check.rules.view import Hit, Turn
from quality_check.store.editions import Edition, Editions, Kind, NotADraft

FRESH_SECONDS: Final = 2.0
KEPT: Final = 16  # versions made ready, of each kind: a rubric takes half a megabyte

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Rubric:
    """A version of the rules, made ready, and the models they may ask."""

    version: int
    rules: Mapping[str, Rule]
    engine: Engine
    panel: Panel = NOBODY

    def turns(self, messages: Sequence[Said]) -> list[Turn]:
        """Messages as the rules read them, marked by the models that some rule asks."""
        return self.panel.mark([one.turn() for one in messages], self.engine.models)

    def told(self, hit: Hit, spots: tuple[Spot, ...]) -> RuleHit:
        """A hit as facts carry it."""
        rule = self.rules[hit.rule]
        zh, en = rule.name.get("zh", rule.id), rule.name.get("en", rule.id)
        return RuleHit(rule.id, zh, en, rule.severity, hit.score, hit.fatal, spots)


@dataclass(frozen=True, slots=True)
class Card:
    """A version of the scorecard."""

    version: int
    card: Scorecard

    def for_subject(self, subject: str) -> Scorecard | None:
        """The card, when it judges whom this is about."""
        return self.card if ("bot" if subject == "bot" else "agent") in self.card.targets else None


@dataclass(frozen=True, slots=True)
class Book:
    """What counts at a time."""

    rubric: Rubric
    card: Card


def rubric_of(edition: Edition, panel: Panel = NOBODY) -> Rubric:
    """Its good rules; what cannot be read was refused when it was written."""
    rules, _ = read_rubric(edition.text, f"rubric-{edition.version}.yml")
    return Rubric(edition.version, {rule.id: rule for rule in rules}, Engine(rules), panel)


def card_of(edition: Edition) -> Card:
    """Raises ValueError for one that cannot be read."""
    card, problems = read_scorecard(edition.text, f"card-{edition.version}.yml")
    if card is None:
        raise ValueError(str(problems[0]))
    return Card(edition.version, card)


class Rulebook:
    """Follows which versions are active and which models there are: at once what is activated in this process, at most
    FRESH_SECONDS late what is elsewhere."""

    def __init__(
        self,
        editions: Editions,
        seeds: Mapping[Kind, Path],
        clock: Callable[[], float] = time.monotonic,
        models: Callable[[], Panel] = lambda: NOBODY,
    ) -> None:
        self.panel = NOBODY
        self._models = models
        self._editions = editions
        self._seeds = seeds
        self._clock = clock
        self._looking = asyncio.Lock()
        self._asked = -FRESH_SECONDS
        self._active: Book | None = None
        self._rubrics: dict[int, Rubric] = {}
        self._cards: dict[int, Card] = {}

    async def active(self) -> Book:
        """What counts now; what came with the house when nobody has activated another."""
        async with self._looking:
            now = self._clock()
            if self._active is None or now - self._asked >= FRESH_SECONDS:
                self._active = await self._look(self._active)
                self._asked = now
            return self._active

    async def turn_to(self, kind: Kind) -> None:
        """Activate the draft. Raises NotADraft when there is none."""
        await self._editions.activate(kind)
        async with self._looking:  # who looks just now may still see the one before
            self._asked = self._clock() - FRESH_SECONDS

    async def _look(self, before: Book | None) -> Book:
        rubric, card = await self._present("rubric"), await self._present("card")
        if (panel := await asyncio.to_thread(self._models)) is not self.panel:
            self.panel, before = panel, None
            self._rubrics = {version: replace(one, panel=panel) for version, one in self._rubrics.items()}
        if before and (before.rubric.version, before.card.version) == (rubric.version, card.version):
            return before
        return Book(await self.rubric(rubric.version), await self.card(card.version))

    async def rubric(self, version: int) -> Rubric:
        """As it was at that version. Raises LookupError when there is none."""
        if version not in self._rubrics:
            edition = await self._version("rubric", version)
            return _kept(self._rubrics, version, await asyncio.to_thread(rubric_of, edition, self.panel))
        return self._rubrics[version]

    async def card(self, version: int) -> Card:
        """As it was at that version. Raises LookupError when there is none."""
        if version not in self._cards:
            return _kept(self._cards, version, card_of(await self._version("card", version)))
        return self._cards[version]

    async def _version(self, kind: Kind, version: int) -> Edition:
        edition = await self._editions.version(kind, version)
        if edition is None:
            raise LookupError(f"{kind} {version}")
        return edition

    async def _present(self, kind: Kind) -> Edition:
        """The active edition; the seed becomes the first one."""
        edition = await self._editions.active(kind)
        if edition is None:
            await self._editions.write(kind, self._seeds[kind].read_text("utf-8"), "", "")
            with suppress(NotADraft):  # another process was quicker
                await self._editions.activate(kind)
            edition = await self._editions.active(kind)
        assert edition
        return edition


def _kept(some: dict[int, T], version: int, made: T) -> T:
    """Made ready once, while no more than KEPT others are asked for."""
    some[version] = made
    if len(some) > KEPT:
        del some[next(iter(some))]
    return made
