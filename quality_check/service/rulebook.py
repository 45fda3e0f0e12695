"""The rubric that counts, ready to use."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from conversation.events import RuleHit, Spot
from quality_check.rules.document import Rule, read_rubric
from quality_check.rules.engine import Engine
from quality_check.rules.view import Hit
from quality_check.store.editions import Edition, Editions

FRESH_SECONDS: Final = 2.0


@dataclass(frozen=True, slots=True)
class Rubric:
    """A version of the rules, made ready."""

    version: int
    rules: Mapping[str, Rule]
    engine: Engine

    def told(self, hit: Hit, spots: tuple[Spot, ...]) -> RuleHit:
        """A hit as facts carry it."""
        rule = self.rules[hit.rule]
        zh, en = rule.name.get("zh", rule.id), rule.name.get("en", rule.id)
        return RuleHit(rule.id, zh, en, rule.severity, hit.score, hit.fatal, spots)


def ready(edition: Edition) -> Rubric:
    """Its good rules; those that cannot be read were refused when it was written."""
    rules, _ = read_rubric(edition.text, f"rubric-{edition.version}.yml")
    return Rubric(edition.version, {rule.id: rule for rule in rules}, Engine(rules))


class Rulebook:
    """Follows which version is active, at most FRESH_SECONDS late in every process."""

    def __init__(self, editions: Editions, seed: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._editions = editions
        self._seed = seed
        self._clock = clock
        self._asked = -FRESH_SECONDS
        self._active: Rubric | None = None

    async def active(self) -> Rubric:
        """What counts now; the rubric that came with the house when nobody has activated another."""
        now = self._clock()
        if self._active is None or now - self._asked >= FRESH_SECONDS:
            self._asked = now
            edition = await self._editions.active("rubric") or await self._plant()
            if self._active is None or self._active.version != edition.version:
                self._active = ready(edition)
        return self._active

    async def _plant(self) -> Edition:
        await self._editions.write("rubric", self._seed.read_text("utf-8"), "", "")
        await self._editions.activate("rubric")
        planted = await self._editions.active("rubric")
        assert planted
        return planted
