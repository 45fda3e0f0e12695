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
    """Weights, none below 0, by which right candidates come first; each source counts alike. Raises ValueError."""
    kept = [[one for one in source if any(one.right)] for source in sources]
    lessons = [one for source in kept for one in source]
    if len(lessons) < LEAST:
        raise ValueError(f"{len(lessons)} questions with a known answer among what is found; at least {LEAST} needed")
    counts = np.concatenate([np.full(len(source), 1 / len(source)) for source in kept if source])
    rows, right = [np.asarray(one.measures) for one in lessons], [np.asarray(one.right) for one in lessons]
    found = listwise(rows, right, RIDGE, counts / counts.sum(), least=0.0)
    return {name: round(float(weight), 2) for name, weight in zip(MEASURES, found, strict=True)}


def listwise(
    rows: Sequence[Floats],
    right: Sequence[NDArray[np.bool_]],
    ridge: float,
    counts: Floats | None = None,
    least: float | None = None,
) -> Floats:
    """Weights of the columns by which right rows come first: per question its rows, and which of them are right.

    Listwise softmax loss (Cao et al. 2007, ListNet's top one) with a ridge; `counts` is what each question counts
    (1 by default), `least` the smallest weight allowed.
    """
    from scipy.optimize import minimize  # slow to import, and needed for learning alone

    every, good = np.vstack(rows).astype(np.float64), np.concatenate(right).astype(np.float64)
    counts = np.ones(len(rows)) if counts is None else counts
    sizes = [len(one) for one in rows]
    firsts, group = np.cumsum([0, *sizes[:-1]]), np.repeat(np.arange(len(rows)), sizes)

    def loss(weights: Floats) -> tuple[float, Floats]:
        scores = every @ weights
        raised = np.exp(scores - np.maximum.reduceat(scores, firsts)[group])
        total, met = np.add.reduceat(raised, firsts), np.add.reduceat(raised * good, firsts)
        pull = counts[group] * (raised * good / met[group] - raised / total[group])
        value = float(-(counts * (np.log(met) - np.log(total))).sum() + ridge * weights @ weights)
        return value, -(every.T @ pull) + 2 * ridge * weights

    width = every.shape[1]
    found = minimize(loss, np.ones(width), jac=True, method="L-BFGS-B", bounds=[(least, None)] * width)
    return np.asarray(found.x)


def certainty(rows: Floats, right: NDArray[np.bool_], ridge: float) -> tuple[float, Floats]:
    """Bias and weights, none below 0, of the log-odds that a row is right: logistic regression with a ridge."""
    from scipy.optimize import minimize  # as above

    def loss(found: Floats) -> tuple[float, Floats]:
        odds, weights = rows @ found[1:] + found[0], found[1:]
        pull = 1 / (1 + np.exp(-odds)) - right
        value = float((np.logaddexp(0, odds) - right * odds).sum() + ridge / 2 * weights @ weights)
        return value, np.concatenate([[pull.sum()], rows.T @ pull + ridge * weights])

    width = rows.shape[1]
    found = minimize(
        loss, np.zeros(1 + width), jac=True, method="L-BFGS-B", bounds=[(None, None), *[(0, None)] * width]
    )
    return float(found.x[0]), np.asarray(found.x[1:])


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
