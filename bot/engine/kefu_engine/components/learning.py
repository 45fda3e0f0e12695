"""How the classifier learns: support vectors on all examples, confidence on examples that were held out."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from kefu_engine.components.classifier import MEANING, OOS, Model, Scope, Vocabulary, signs, softmax

FOLDS = 4
FEWEST_INTENTS = 8
"""With fewer, leaving some out would say little of what is out of scope."""
OUTSIDE = 0.1
"""The share of messages that are taken to be out of scope before anything is known of them."""


@dataclass(frozen=True)
class Table:
    """Examples as rows: features (sparse, length 1), meanings, the place of each one's intent."""

    features: Any
    meanings: Any
    intents: Any


@dataclass(frozen=True)
class Held:
    """What models said of examples that they were not trained on; `intent` is -1 where it was left out or is `oos`."""

    margins: Any
    signs: Any
    intent: Any
    real: Any  # `oos` by its label, not by leaving out


def learn(texts: list[str], intents: list[str], penalty: float) -> Model:
    """Train on examples; `penalty` is C of the support vector machine. Raises ValueError with fewer than two intents."""
    names = sorted(set(intents))
    if len(set(names) - {OOS}) < 2:
        raise ValueError("a classifier needs examples of at least two intents")
    vocabulary = Vocabulary.of(texts)
    seen = [vocabulary.see(text) for text in texts]
    ends = np.cumsum([0, *(len(one.places) for one in seen)])
    places, values = np.concatenate([one.places for one in seen]), np.concatenate([one.values for one in seen])
    sparse = csr_matrix((values, places, ends), shape=(len(seen), len(vocabulary)))
    number = {name: place for place, name in enumerate(names)}
    table = Table(sparse, np.stack([one.meaning for one in seen]), np.array([number[name] for name in intents]))
    held = _hold_out(table, names, penalty)
    inner = np.array([name != OOS for name in names])
    weights, bias = _fit(table, len(names), penalty)
    split = table.features.shape[1]
    return Model(
        vocabulary,
        names,
        np.ascontiguousarray(weights[:split]),
        np.ascontiguousarray(weights[split:]),
        bias,
        _centres(table, len(names)),
        _sharpness(held, inner),
        _scope(held),
    )


def _fit(table: Table, intents: int, penalty: float) -> tuple[Any, Any]:
    """Weights (features and meanings by intents) and biases; an intent without examples is never it."""
    rows = hstack([table.features, csr_matrix(table.meanings)]).tocsr()
    machine = LinearSVC(C=penalty, random_state=0).fit(rows, table.intents)
    # Two intents are told apart by one row of weights; give each its own.
    two = len(machine.classes_) == 2
    found = np.vstack([-machine.coef_, machine.coef_]) if two else machine.coef_
    shifts = np.concatenate([-machine.intercept_, machine.intercept_]) if two else machine.intercept_
    weights, bias = np.zeros((rows.shape[1], intents), np.float32), np.full(intents, -2.0, np.float32)
    weights[:, machine.classes_], bias[machine.classes_] = found.T, shifts
    return weights, bias


def _centres(table: Table, intents: int) -> Any:
    sums = np.zeros((intents, table.meanings.shape[1]), np.float32)
    np.add.at(sums, table.intents, table.meanings)
    return sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)


def _hold_out(table: Table, names: list[str], penalty: float) -> Held:
    """Every example is judged by a model that has not seen it; some intents are left out whole, as if out of scope."""
    inner = np.array([name != OOS for name in names])
    left_out = _left_out(inner)
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    said = []
    for fold, (learnt, held) in enumerate(_deal(folds, table.intents)):
        absent = np.isin(table.intents, np.flatnonzero(left_out == fold))
        learnt = learnt[~absent[learnt]]
        held = np.union1d(held, np.flatnonzero(absent))
        said.append(_judge(table, names, learnt, held, absent, penalty))
    return Held(*(np.concatenate([getattr(one, part) for one in said]) for part in ("margins", "signs", "intent", "real")))


def _deal(folds: StratifiedKFold, intents: Any) -> Any:
    return folds.split(np.zeros(len(intents)), intents)


def _left_out(inner: Any) -> Any:
    """The fold that does without an intent; half of the intents are never left out."""
    chosen = np.full(len(inner), -1)
    if inner.sum() >= FEWEST_INTENTS:
        order = np.random.default_rng(0).permutation(np.flatnonzero(inner))
        chosen[order] = np.arange(len(order)) % (2 * FOLDS)
    return chosen


def _judge(table: Table, names: list[str], learnt: Any, held: Any, absent: Any, penalty: float) -> Held:
    part = Table(table.features[learnt], table.meanings[learnt], table.intents[learnt])
    weights, bias = _fit(part, len(names), penalty)
    # Features that only the held-out rows have are unknown to this model, as new words are to the final one.
    familiar = np.asarray(part.features.sum(axis=0)).ravel() > 0
    rows = table.features[held].multiply(familiar).tocsr()
    share = np.asarray(rows.multiply(rows).sum(axis=1)).ravel()
    scale = 1 / np.sqrt(np.maximum(share, 1e-9))
    split = table.features.shape[1]
    meanings = table.meanings[held]
    margins = scale[:, None] * (rows @ weights[:split]) + meanings @ weights[split:] + bias
    inner = np.array([name != OOS for name in names])
    marks = signs(margins, inner, meanings, share, _centres(part, len(names)))
    real = ~inner[table.intents[held]]
    return Held(margins, marks, np.where(real | absent[held], -1, table.intents[held]), real)


def _sharpness(held: Held, inner: Any) -> float:
    """The factor of the margins that makes what was held out likeliest (temperature scaling, Guo et al. 2017)."""
    inside = held.intent >= 0
    margins, intents = np.where(inner, held.margins[inside], -np.inf), held.intent[inside]

    def loss(power: float) -> float:
        return float(-np.log(softmax(margins * np.exp(power))[np.arange(len(intents)), intents] + 1e-12).mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-2, 4), method="bounded").x))


def _scope(held: Held) -> Scope:
    inside, real = held.intent >= 0, held.real
    if inside.all():
        return Scope(np.zeros(0, np.float32), 0.0)
    guessed = ~inside & ~real
    kinds = [kind for kind in (real, guessed) if kind.any()]
    weight = np.where(inside, (1 - OUTSIDE) / inside.sum(), 0.0)
    for kind in kinds:
        weight[kind] = OUTSIDE / len(kinds) / kind.sum()
    middle, spread = held.signs.mean(axis=0), np.maximum(held.signs.std(axis=0), 1e-6)
    learner = LogisticRegression(C=10.0)
    learner.fit((held.signs - middle) / spread, inside, sample_weight=weight * len(weight))
    weights = (learner.coef_[0] / spread).astype(np.float32)
    return Scope(weights, float(learner.intercept_[0] - weights @ middle))
