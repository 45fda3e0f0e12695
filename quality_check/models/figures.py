"""How good answers are, beside what always saying the commonest label gives."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import cohen_kappa_score, precision_recall_fscore_support, roc_auc_score

BINS = 15


@dataclass(frozen=True, slots=True)
class LabelFigures:
    """Of one label; `auroc` is None where only one label occurs."""

    precision: float
    recall: float
    f1: float
    support: int
    auroc: float | None


@dataclass(frozen=True, slots=True)
class Figures:
    """`kappa` is Cohen's; `calibration_error` the expected one over 15 bins of confidence (Naeini et al. 2015)."""

    examples: int
    accuracy: float
    macro_f1: float
    kappa: float
    majority_accuracy: float
    calibration_error: float
    labels: dict[str, LabelFigures]


def figures(truth: Sequence[str], labels: Sequence[str], probabilities: NDArray[np.float64]) -> Figures:
    """Of one row of probabilities for each true label. A true label the model has not counts as wrong."""
    known = [*labels, *sorted(set(truth) - set(labels))]
    said = [labels[place] for place in probabilities.argmax(axis=1)]
    table = precision_recall_fscore_support(truth, said, labels=known, zero_division=0)
    each = {
        label: LabelFigures(
            round(float(table[0][row]), 4),
            round(float(table[1][row]), 4),
            round(float(table[2][row]), 4),
            int(table[3][row]),
            _auroc(truth, label, probabilities[:, row] if row < len(labels) else None),
        )
        for row, label in enumerate(known)
    }
    present = [one.f1 for label, one in each.items() if one.support or label in said]
    right = [a == b for a, b in zip(truth, said, strict=True)]
    kappa = float(cohen_kappa_score(truth, said, labels=known)) if len(set(truth) | set(said)) > 1 else 0.0
    return Figures(
        len(truth),
        round(sum(right) / len(right), 4),
        round(fsum(present) / len(present), 4),
        round(kappa, 4),
        round(Counter(truth).most_common(1)[0][1] / len(truth), 4),
        round(_calibration_error(probabilities.max(axis=1), np.array(right)), 4),
        each,
    )


def _auroc(truth: Sequence[str], label: str, chance: NDArray[np.float64] | None) -> float | None:
    right = [one == label for one in truth]
    if chance is None or all(right) or not any(right):
        return None
    return round(float(roc_auc_score(right, chance)), 4)


def _calibration_error(confidence: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    inside = [bins == number for number in range(BINS) if (bins == number).any()]
    return float(sum(one.mean() * abs(confidence[one].mean() - right[one].mean()) for one in inside))
