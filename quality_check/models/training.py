"""Models from labelled messages. The confidence is made honest by temperature scaling (Guo et al. 2017).

Strength and temperature are chosen on messages held out in cross-validation, whose figures the model carries.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold
from threadpoolctl import threadpool_limits

from quality_check.models.figures import figures
from quality_check.models.tasks import Example, Task
from quality_check.models.text import PIECES, Counts, Matrix, TextModel, Unlearnable, count, softmax, weigh

FOLDS: Final = 5
STRENGTHS: Final = (0.5, 2.0, 8.0)  # inverse of the regularisation
COMMON: Final = 2  # messages a piece must be in
NEVER: Final = -1e3
SEED: Final = 13


def train(task: Task, examples: Sequence[Example]) -> TextModel:
    """A model, the same for the same examples. Raises Unlearnable when a label has fewer examples than folds."""
    truth = np.array([one.label for one in examples])
    numbers = Counter(one.label for one in examples)
    labels = tuple(label for label in task.labels if numbers[label])
    if len(labels) < 2 or min(numbers.values()) < FOLDS:
        found = ", ".join(f"{numbers[label]} {label}" for label in task.labels)
        raise Unlearnable(f"{task.name} needs {FOLDS} examples each of two labels; here: {found}")
    with threadpool_limits(limits=1):  # on so few numbers several threads wait for each other
        return _best(task, truth, labels, examples)


def _best(task: Task, truth: Any, labels: tuple[str, ...], examples: Sequence[Example]) -> TextModel:
    counts = count([one.text for one in examples])
    halves = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=SEED)
    folds = list(halves.split(truth, truth, [one.group for one in examples]))
    tried = {strength: _held_out(counts, truth, labels, folds, strength) for strength in STRENGTHS}
    best = max(STRENGTHS, key=lambda strength: figures(list(truth), labels, softmax(tried[strength])).macro_f1)
    temperature = _temperature(tried[best], np.array([labels.index(label) for label in truth]))
    told = asdict(figures(list(truth), labels, softmax(tried[best] / temperature)))
    return TextModel(task, labels, temperature, *_fit(counts, truth, labels, best), told)


def _held_out(counts: Counts, truth: Any, labels: tuple[str, ...], folds: Any, strength: float) -> Matrix:
    scores = np.zeros((len(truth), len(labels)))
    for learn, rest in folds:
        idf, weights, bias = _fit(counts.rows(learn), truth[learn], labels, strength)
        scores[rest] = _matrix(counts.rows(rest), idf) @ weights + bias
    return scores


def _fit(counts: Counts, truth: Any, labels: tuple[str, ...], strength: float) -> tuple[Any, Any, Any]:
    """Inverse document frequencies, weights and bias; a label that is missing here is never chosen."""
    seen = np.bincount(counts.pieces, minlength=PIECES)
    idf = np.where(seen >= COMMON, np.log((1 + len(truth)) / (1 + seen)) + 1, 0)
    common = np.flatnonzero(idf)
    model = LogisticRegression(C=strength, class_weight="balanced", max_iter=300)
    model.fit(_matrix(counts, idf)[:, common], truth)
    two = len(model.classes_) == 2
    slopes = np.vstack([-model.coef_[0] / 2, model.coef_[0] / 2]) if two else model.coef_
    bases = np.array([-model.intercept_[0] / 2, model.intercept_[0] / 2]) if two else model.intercept_
    weights, bias = np.zeros((PIECES, len(labels))), np.full(len(labels), NEVER)
    for row, label in enumerate(model.classes_):
        weights[common, labels.index(label)], bias[labels.index(label)] = slopes[row], bases[row]
    return idf.astype(np.float32), weights.astype(np.float32), bias.astype(np.float32)


def _matrix(counts: Counts, idf: Any) -> csr_matrix:
    return csr_matrix((weigh(counts, idf), counts.pieces, counts.starts), (len(counts.starts) - 1, PIECES))


def _temperature(scores: Matrix, right: NDArray[np.int64]) -> float:
    rows = np.arange(len(right))
    lost = minimize_scalar(
        lambda power: -np.log(softmax(scores / np.exp(power))[rows, right] + 1e-12).mean(),
        bounds=(-3, 3),
        method="bounded",
    )
    return float(np.exp(lost.x))
