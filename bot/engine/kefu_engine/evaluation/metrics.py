"""Figures of intent classification; plain numpy, each in [0, 1] unless said."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

BINS = 15


def macro_f1(right: Sequence[str], said: Sequence[str]) -> float:
    """The mean F1 over the intents that occur in `right`."""
    hits = Counter(a for a, b in zip(right, said, strict=True) if a == b)
    truly, claimed = Counter(right), Counter(said)
    return float(np.mean([2 * hits[name] / (truly[name] + claimed[name]) for name in truly]))


def auroc(positive: Sequence[bool], score: Sequence[float]) -> float | None:
    """The chance that a positive scores above a negative, ties counting half (Mann-Whitney U); None without both."""
    marked, values = np.asarray(positive, bool), np.asarray(score, float)
    if marked.all() or not marked.any():
        return None
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(count) - (count - 1) / 2)[place]
    positives = int(marked.sum())
    u = ranks[marked].sum() - positives * (positives + 1) / 2
    return float(u / (positives * (len(values) - positives)))


def calibration_error(confidence: Sequence[float], correct: Sequence[bool]) -> float:
    """Expected calibration error over 15 equal bins of confidence (Guo et al. 2017)."""
    sure, hit = np.asarray(confidence, float), np.asarray(correct, float)
    bins = np.minimum((sure * BINS).astype(int), BINS - 1)
    gaps = [abs(sure[bins == b].mean() - hit[bins == b].mean()) * (bins == b).mean() for b in np.unique(bins)]
    return float(sum(gaps))


def detection(positive: Sequence[bool], flagged: Sequence[bool]) -> dict[str, float]:
    """Precision, recall and F1 of a yes or no; 0 where nothing was there to count."""
    truth, said = np.asarray(positive, bool), np.asarray(flagged, bool)
    hits = int((truth & said).sum())
    precision = hits / said.sum() if said.any() else 0.0
    recall = hits / truth.sum() if truth.any() else 0.0
    f1 = 2 * precision * recall / (precision + recall) if hits else 0.0
    return {"precision": float(precision), "recall": float(recall), "f1": float(f1)}


def confusions(right: Sequence[str], said: Sequence[str], most: int = 20) -> list[dict[str, Any]]:
    """The pairs that are mistaken most often."""
    pairs = Counter((a, b) for a, b in zip(right, said, strict=True) if a != b)
    return [{"intent": a, "taken_for": b, "times": n} for (a, b), n in pairs.most_common(most)]
