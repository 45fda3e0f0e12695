"""Learns how much each measure of a candidate counts, from questions whose right answers are known. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from knowledge.rules.rank import MEASURES, Measured

LEAST: Final = 50  # questions that are learned from at least
HELD: Final = 5  # every one in so many is kept to compare with
RIDGE: Final = 1e-3
BETTER: Final = 0.002  # of MRR@10: less is chance

Floats = NDArray[np.float64]


class Lesson(NamedTuple):
    """A question's candidates as they were measured, and which of them are right."""

    question: str
    measures: Sequence[Measured]
    right: Sequence[bool]


def split(lessons: Sequence[Lesson]) -> tuple[list[Lesson], list[Lesson]]:
    """To learn from, and to compare with: by the question's words, so that it is the same each time."""
    held = [crc32(lesson.question.encode()) % HELD == 0 for lesson in lessons]
    return [one for one, h in zip(lessons, held, strict=True) if not h], [
        one for one, h in zip(lessons, held, strict=True) if h
    ]


def learn(sources: Sequence[Sequence[Lesson]]) -> dict[str, float]:
    """Weights, none below 0, by which right candidates come first; each source counts alike. Raises ValueError.

    Listwise softmax loss (Cao et al. 2007, ListNet's top one) with a ridge.
    """
    from scipy.optimize import minimize  # slow to import, and needed for learning alone

    kept = [[one for one in source if any(one.right)] for source in sources]
    lessons = [one for source in kept for one in source]
    if len(lessons) < LEAST:
        raise ValueError(f"{len(lessons)} questions with a known answer among what is found; at least {LEAST} needed")
    counts = np.concatenate([np.full(len(source), 1 / len(source)) for source in kept if source])
    counts /= counts.sum()
    rows = np.vstack([lesson.measures for lesson in lessons]).astype(np.float64)
    right = np.concatenate([np.asarray(lesson.right, np.float64) for lesson in lessons])
    sizes = [len(lesson.measures) for lesson in lessons]
    firsts, group = np.cumsum([0, *sizes[:-1]]), np.repeat(np.arange(len(lessons)), sizes)

    def loss(weights: Floats) -> tuple[float, Floats]:
        scores = rows @ weights
        raised = np.exp(scores - np.maximum.reduceat(scores, firsts)[group])
        every, good = np.add.reduceat(raised, firsts), np.add.reduceat(raised * right, firsts)
        pull = counts[group] * (raised * right / good[group] - raised / every[group])
        value = float(-(counts * (np.log(good) - np.log(every))).sum() + RIDGE * weights @ weights)
        return value, -(rows.T @ pull) + 2 * RIDGE * weights

    found = minimize(loss, np.ones(len(MEASURES)), jac=True, method="L-BFGS-B", bounds=[(0, None)] * len(MEASURES))
    return {name: round(float(weight), 2) for name, weight in zip(MEASURES, found.x, strict=True)}


def judged(sources: Sequence[Sequence[Lesson]], weights: Sequence[float]) -> dict[str, float]:
    """Mean over the sources of recall@1 and MRR@10 by these weights."""
    told = [_judged(source, weights) for source in sources if source]
    return {name: round(sum(one[name] for one in told) / len(told), 4) for name in told[0]} if told else {}


def better(new: Mapping[str, float], old: Mapping[str, float]) -> bool:
    """Is it more than chance?"""
    return new.get("mrr_at_10", 0.0) >= old.get("mrr_at_10", 0.0) + BETTER


def _judged(lessons: Sequence[Lesson], weights: Sequence[float]) -> dict[str, float]:
    places = [_place(lesson, np.asarray(weights)) for lesson in lessons]
    first = sum(place == 1 for place in places) / len(places)
    return {"recall_at_1": first, "mrr_at_10": sum(1 / n for n in places if 0 < n <= 10) / len(places)}


def _place(lesson: Lesson, weights: Any) -> int:
    """Of the first right candidate, from 1; 0 when there is none."""
    if not any(lesson.right):
        return 0
    order = np.argsort(-(np.asarray(lesson.measures) @ weights), kind="stable")
    return int(np.argmax(np.asarray(lesson.right)[order])) + 1
