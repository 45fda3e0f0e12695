"""Guides through a business process (业务流程): which one applies, how far it was followed, and what comes next."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

import re2

from agent_assist.rules.dialogue import Turn
from conversation.events import Event, GuideChosen, StepMarked
from language.fold import fold
from language.lexicon import Lexicon

Names = Mapping[str, str]
"""A text by language, zh and en."""


@dataclass(frozen=True, slots=True)
class Slot:
    """Something to know: what a pattern (RE2, over folded text) finds, or one of the values by their words."""

    id: str
    pattern: str = ""
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if bool(self.pattern) == bool(self.values):
            raise ValueError(f"slot {self.id}: either a pattern or values")
        if self.pattern:
            try:
                re2.compile(self.pattern)
            except re2.error as error:
                raise ValueError(f"slot {self.id}: {error}") from error


@dataclass(frozen=True, slots=True)
class Step:
    """What to do and a script to say. It is done once its slot is `filled`, the agent `said` one of these words, or
    a fact of this kind was recorded. With `only` it applies where a slot has one of these values."""

    id: str
    name: Names
    say: Names = field(default_factory=dict)
    required: bool = False
    filled: str = ""
    said: tuple[str, ...] = ()
    fact: str = ""
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Guide:
    """A process: the customer's words that begin it, and its steps. Reason, tags and ticket are what it ends in."""

    id: str
    name: Names
    begins: tuple[str, ...]
    steps: tuple[Step, ...]
    slots: tuple[Slot, ...] = ()
    reason: str = ""
    tags: tuple[Names, ...] = ()
    ticket: str = ""

    def __post_init__(self) -> None:
        known = {slot.id for slot in self.slots}
        for step in self.steps:
            if unknown := {*step.only, *filter(None, (step.filled,))} - known:
                raise ValueError(f"step {step.id}: there is no slot {', '.join(sorted(unknown))}")


@dataclass(frozen=True, slots=True)
class Mark:
    """An agent ticked a step, or took the tick back."""

    guide: str
    step: str
    done: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a guide was followed: what is known, each step that applies and whether it is done."""

    guide: Guide
    slots: Mapping[str, str]
    steps: tuple[tuple[Step, bool], ...]

    @property
    def next(self) -> Step | None:
        """The first that is not done."""
        return next((step for step, done in self.steps if not done), None)

    @property
    def missing(self) -> tuple[Step, ...]:
        """Required and not done: to be warned of before closing."""
        return tuple(step for step, done in self.steps if step.required and not done)


def applying(guides: Sequence[Guide], turns: Iterable[Turn]) -> Guide | None:
    """The guide whose beginning the customer spoke of most, the latest in a tie."""
    counts: dict[str, tuple[int, int]] = {}
    for number, turn in enumerate(turns):
        if turn.role == "customer":
            for guide in guides:
                if found := len({span.label for span in _words(guide.begins).find(turn.text)}):
                    counts[guide.id] = (counts.get(guide.id, (0, 0))[0] + found, number)
    best = max(counts, key=counts.__getitem__, default=None)
    return next((guide for guide in guides if guide.id == best), None)


def progress(guide: Guide, turns: Sequence[Turn], kinds: Iterable[str], marks: Iterable[Mark]) -> Progress:
    """From what was said, which kinds of facts were recorded, and what the agent ticked (the last word counts)."""
    slots = {slot.id: value for slot in guide.slots if (value := _filled(slot, turns))}
    recorded = set(kinds)
    told = {mark.step: mark.done for mark in marks if mark.guide == guide.id}
    said = [turn.text for turn in turns if turn.role == "agent"]
    steps = []
    for step in guide.steps:
        if all(slots.get(name) in values for name, values in step.only.items()):
            seen = step.filled in slots or step.fact in recorded or any(_words(step.said).find(text) for text in said)
            steps.append((step, told.get(step.id, seen)))
    return Progress(guide, slots, tuple(steps))


def followed(guides: Mapping[str, Guide], events: Sequence[Event], turns: Sequence[Turn]) -> Progress | None:
    """The guide that the agent chose, else the one that applies, and how far it was followed; None without one."""
    chosen = [one.fact.guide for one in events if isinstance(one.fact, GuideChosen)]
    guide = guides.get(chosen[-1]) if chosen else applying(list(guides.values()), turns)
    if guide is None:
        return None
    marks = [Mark(f.guide, f.step, f.done) for f in (one.fact for one in events) if isinstance(f, StepMarked)]
    return progress(guide, turns, {one.kind for one in events}, marks)


def _filled(slot: Slot, turns: Iterable[Turn]) -> str:
    """The newest value the customer gave."""
    found = ""
    for turn in turns:
        if turn.role != "customer":
            continue
        if slot.pattern:
            match = re2.search(slot.pattern, fold(turn.text))
            found = turn.text[match.start() : match.end()] if match else found
        else:
            named = [value for value, words in slot.values.items() if _words(words).find(turn.text)]
            found = named[-1] if named else found
    return found


@cache
def _words(words: tuple[str, ...]) -> Lexicon:
    return Lexicon((word, word) for word in words)
