"""How the classifier learns: support vectors on all examples, confidence on examples that were held out."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold, StratifiedKFold
from sklearn.svm import LinearSVC

from kefu_engine.components.classifier import OOS, Model, Scope, Vocabulary, signs, softmax
from kefu_engine.components.meanings import meanings
from kefu_engine.components.text import is_han

FOLDS = 4
ENOUGH = 0.1
"""When the solver stops: liblinear's default; scikit-learn's 0.0001 costs a quarter more for the same accuracy."""
FEWEST_INTENTS = 8
"""With fewer, leaving some out would say little of what is out of scope."""
SALADS = 400
"""Texts of random words that are judged as well: nobody's intent."""
OUTSIDE = 0.1
"""The share of messages that are taken to be out of scope before anything is known of them."""


class Kind(IntEnum):
    """Why a held-out text is in scope, or out of it."""

    INSIDE = 0
    LEFT_OUT = 1  # its intent was not trained
    LABELLED = 2  # `oos` by its label
    SALAD = 3  # random words


@dataclass(frozen=True)
class Table:
    """Texts as rows: features (sparse, length 1), meanings, shares of known features, and each one's intent."""

    features: Any
    meanings: Any
    known: Any
    intents: Any

    @classmethod
    def of(cls, texts: list[str], intents: Any, vocabulary: Vocabulary) -> "Table":
        """See each text."""
        seen = [vocabulary.see(text) for text in texts]
        ends = np.cumsum([0, *(len(one.places) for one in seen)])
        places, values = np.concatenate([one.places for one in seen]), np.concatenate([one.values for one in seen])
        features = csr_matrix((values, places, ends), shape=(len(seen), len(vocabulary)))
        known = np.array([one.known for one in seen])
        return cls(features, np.stack([one.meaning for one in seen]), known, intents)

    def part(self, rows: Any) -> "Table":
        """Some rows."""
        return Table(self.features[rows], self.meanings[rows], self.known[rows], self.intents[rows])


@dataclass(frozen=True)
class Held:
    """What models said of texts that they were not trained on."""

    margins: Any
    signs: Any
    intents: Any
    kinds: Any


def learn(texts: list[str], intents: list[str], penalty: float) -> Model:
    """Train on examples; `penalty` is the machine's C. Raises ValueError with fewer than two intents."""
    names = sorted(set(intents))
    if len(set(names) - {OOS}) < 2:
        raise ValueError("a classifier needs examples of at least two intents")
    vocabulary = Vocabulary.of(texts)
    number = {name: place for place, name in enumerate(names)}
    table = Table.of(texts, np.array([number[name] for name in intents]), vocabulary)
    salads = Table.of(_salads(), np.full(SALADS, -1), vocabulary)
    inner = np.array([name != OOS for name in names])
    held = _hold_out(table, salads, inner, penalty)
    weights, bias = _fit(table, len(names), penalty)
    split = len(vocabulary)
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


def _salads() -> list[str]:
    """Texts of 2 to 6 random words, half Chinese and half English, always the same."""
    random = np.random.default_rng(0)
    words = meanings().words
    halves = [[w for w in words if is_han(w)], [w for w in words if w.isascii()]]
    lots = [random.integers(len(halves[n % 2]), size=2 + n // 2 % 5) for n in range(SALADS)]
    picked = [[halves[n % 2][place] for place in places] for n, places in enumerate(lots)]
    return [("" if is_han(some[0]) else " ").join(some) for some in picked]


def _fit(table: Table, intents: int, penalty: float) -> tuple[Any, Any]:
    """Weights (features and meanings by intents) and biases; an intent without examples is never it."""
    rows = hstack([table.features, csr_matrix(table.meanings)]).tocsr()
    weights, bias = np.zeros((rows.shape[1], intents), np.float32), np.full(intents, -2.0, np.float32)
    if len(there := np.unique(table.intents)) < 2:  # nothing to tell apart
        bias[there] = 0.0
        return weights, bias
    machine = LinearSVC(C=penalty, tol=ENOUGH, random_state=0).fit(rows, table.intents)
    # Two intents are told apart by one row of weights; give each its own.
    two = len(machine.classes_) == 2
    found = np.vstack([-machine.coef_, machine.coef_]) if two else machine.coef_
    shifts = np.concatenate([-machine.intercept_, machine.intercept_]) if two else machine.intercept_
    weights[:, machine.classes_], bias[machine.classes_] = found.T, shifts
    return weights, bias


def _centres(table: Table, intents: int) -> Any:
    sums = np.zeros((intents, table.meanings.shape[1]), np.float32)
    np.add.at(sums, table.intents, table.meanings)
    return sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)


def _hold_out(table: Table, salads: Table, inner: Any, penalty: float) -> Held:
    """Every example is judged by a model that has not seen it; some intents are left out whole, as if out of scope."""
    left_out = _left_out(inner)
    folds = min(FOLDS, len(table.intents))
    dealer = StratifiedKFold if np.bincount(table.intents).max() >= folds else KFold
    dealt = dealer(folds, shuffle=True, random_state=0).split(table.known, table.intents)
    said = []
    for fold, (learnt, held) in enumerate(dealt):
        absent = np.isin(table.intents, np.flatnonzero(left_out == fold))
        learnt = learnt[~absent[learnt]]
        held = np.union1d(held, np.flatnonzero(absent))
        kinds = np.where(~inner[table.intents], Kind.LABELLED, np.where(absent, Kind.LEFT_OUT, Kind.INSIDE))
        part = table.part(learnt)
        weights, bias = _fit(part, len(inner), penalty)
        for texts, kind in ((table.part(held), kinds[held]), (salads.part(np.s_[fold::FOLDS]), None)):
            kind = np.full(len(texts.known), Kind.SALAD) if kind is None else kind
            said.append(_judge(part, weights, bias, texts, kind, inner))
    return Held(
        *(np.concatenate([getattr(one, name) for one in said]) for name in ("margins", "signs", "intents", "kinds"))
    )


def _left_out(inner: Any) -> Any:
    """The fold that does without an intent; half of the intents are never left out."""
    chosen = np.full(len(inner), -1)
    if inner.sum() >= FEWEST_INTENTS:
        order = np.random.default_rng(0).permutation(np.flatnonzero(inner))
        chosen[order] = np.arange(len(order)) % (2 * FOLDS)
    return chosen


def _judge(learnt: Table, weights: Any, bias: Any, texts: Table, kinds: Any, inner: Any) -> Held:
    # Features that only the held-out rows have are unknown to this model, as new words are to the final one.
    familiar = np.asarray(learnt.features.sum(axis=0)).ravel() > 0
    rows = texts.features.multiply(familiar).tocsr()
    share = np.asarray(rows.multiply(rows).sum(axis=1)).ravel()
    scale = 1 / np.sqrt(np.maximum(share, 1e-9))
    split = texts.features.shape[1]
    margins = scale[:, None] * (rows @ weights[:split]) + texts.meanings @ weights[split:] + bias
    marks = signs(margins, inner, texts.meanings, share * texts.known, _centres(learnt, len(inner)))
    return Held(margins, marks, texts.intents, kinds)


def _sharpness(held: Held, inner: Any) -> float:
    """The factor of the margins that makes what was held out likeliest (temperature scaling, Guo et al. 2017)."""
    inside = held.kinds == Kind.INSIDE
    margins, intents = np.where(inner, held.margins[inside], -np.inf), held.intents[inside]

    def loss(power: float) -> float:
        return float(-np.log(softmax(margins * np.exp(power))[np.arange(len(intents)), intents] + 1e-12).mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-2, 4), method="bounded").x))


def _scope(held: Held) -> Scope:
    """What is out of scope weighs OUTSIDE in all, each kind of it the same."""
    inside = held.kinds == Kind.INSIDE
    kinds = [held.kinds == kind for kind in Kind if kind != Kind.INSIDE and (held.kinds == kind).any()]
    weight = inside * (1 - OUTSIDE) / inside.sum()
    for kind in kinds:
        weight[kind] = OUTSIDE / len(kinds) / kind.sum()
    middle, spread = held.signs.mean(axis=0), np.maximum(held.signs.std(axis=0), 1e-6)
    learner = LogisticRegression(C=10.0)
    learner.fit((held.signs - middle) / spread, inside, sample_weight=weight * len(weight))
    weights = (learner.coef_[0] / spread).astype(np.float32)
    return Scope(weights, float(learner.intercept_[0] - weights @ middle))
