"""How far several people agree beyond chance, and how far each is from the rest."""

from collections import Counter
from collections.abc import Mapping, Sequence
from math import fsum
from statistics import fmean

Ratings = Mapping[str, Mapping[str, str]]  # item to reviewer to category


def complete(ratings: Ratings, reviewers: Sequence[str]) -> list[list[str]]:
    """The items that every reviewer rated, as rows of categories in the reviewers' order."""
    return [[row[one] for one in reviewers] for row in ratings.values() if all(one in row for one in reviewers)]


def observed(rows: Sequence[Sequence[str]]) -> float | None:
    """The share of pairs of reviewers who agree, over all items; None without an item that two rated."""
    shares = [_agreeing(row) for row in rows if len(row) > 1]
    return fmean(shares) if shares else None


def kappa(rows: Sequence[Sequence[str]]) -> float | None:
    """Cohen's kappa for two reviewers, Fleiss' for more; 1 is full agreement, 0 is chance. None when undefined.

    J. Cohen, A coefficient of agreement for nominal scales, Educational and Psychological Measurement 20 (1960) 37-46;
    J. L. Fleiss, Measuring nominal scale agreement among many raters, Psychological Bulletin 76 (1971) 378-382.
    With one category in use chance alone explains everything, and kappa is undefined.
    """
    if not rows or len(rows[0]) < 2:
        return None
    agreed = observed(rows)
    chance = _cohen_chance(rows) if len(rows[0]) == 2 else _fleiss_chance(rows)
    if agreed is None or chance >= 1:
        return None
    return (agreed - chance) / (1 - chance)


def spread(scores: Mapping[str, Mapping[str, float]], expert: str = "") -> dict[str, float]:
    """Each reviewer's mean distance, in points, from the expert's scores, or from the mean of all without an expert.

    `scores` are conversation to reviewer to score.
    """
    distances: dict[str, list[float]] = {}
    for row in scores.values():
        if expert and expert not in row:
            continue
        middle = row[expert] if expert else fmean(row.values())
        for reviewer, score in row.items():
            distances.setdefault(reviewer, []).append(abs(score - middle))
    return {reviewer: fmean(some) for reviewer, some in distances.items() if reviewer != expert}


def _agreeing(row: Sequence[str]) -> float:
    pairs = len(row) * (len(row) - 1)
    return sum(count * (count - 1) for count in Counter(row).values()) / pairs


def _cohen_chance(rows: Sequence[Sequence[str]]) -> float:
    first, second = (Counter(row[n] for row in rows) for n in (0, 1))
    return fsum(first[one] * second[one] for one in first) / len(rows) ** 2


def _fleiss_chance(rows: Sequence[Sequence[str]]) -> float:
    counts = Counter(category for row in rows for category in row)
    total = len(rows) * len(rows[0])
    return fsum((count / total) ** 2 for count in counts.values())
