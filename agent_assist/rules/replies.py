"""Which reply fits a moment: learned from past answers, in seconds and without a graphics card.

Moments and replies are brought into one space by regularised canonical correlation analysis (Hotelling 1936; as a
retrieval model: Hardoon et al. 2004) over truncated singular value decompositions of their terms. A reply's score is
its cosine to the moment there, and to it are added what similar moments of the past were answered, and shared words.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from agent_assist.rules.dialogue import Moment
from agent_assist.rules.space import Vector, Vocabulary, unit
from agent_assist.rules.terms import terms

FIELDS: Final = (("asked", 1.0), ("said", 0.7), ("earlier", 0.5))
PLACES: Final = 14  # one-hot: the nth answer up to 7, and how much was asked
PLACE_WEIGHT: Final = 0.5
TERMS: Final = 60_000
AT_LEAST: Final = 2
DECOMPOSED: Final = 400
DIMENSIONS: Final = 200
REGULAR: Final = 0.5
FEWEST: Final = 50  # answers to learn from; with less there is no model


@dataclass(frozen=True, slots=True)
class Contexts:
    """Moments as vectors: the terms of each field, and where in the conversation we are."""

    vocabularies: tuple[Vocabulary, ...]

    @classmethod
    def learn(cls, moments: Sequence[Moment]) -> "Contexts":
        """The terms of each field."""
        learned = (
            Vocabulary.learn((terms(getattr(one, name)) for one in moments), at_least=AT_LEAST, at_most=TERMS)
            for name, _ in FIELDS
        )
        return cls(tuple(learned))

    def matrix(self, moments: Sequence[Moment]) -> Any:
        """A sparse row for each moment."""
        from scipy import sparse  # training alone needs it at this size

        parts = [
            weight * vocabulary.matrix(terms(getattr(one, name)) for one in moments)
            for vocabulary, (name, weight) in zip(self.vocabularies, FIELDS, strict=True)
        ]
        placed = sparse.csr_matrix(np.array([place(one) for one in moments]).reshape(len(moments), PLACES))
        return sparse.hstack([*parts, placed]).tocsr()


def place(moment: Moment) -> Vector:
    """Where in the conversation we are, and how much was asked."""
    found = np.zeros(PLACES, np.float32)
    found[min(moment.nth, 7)] = PLACE_WEIGHT
    size = len(moment.asked)
    found[8 + sum(size > bound for bound in (0, 3, 8, 20, 50))] = PLACE_WEIGHT
    return found


@dataclass(frozen=True, slots=True)
class ReplyModel:
    """Brings moments and replies into one space."""

    contexts: Contexts
    words: Vocabulary
    moment_map: Vector
    moment_shift: Vector
    reply_map: Vector
    reply_shift: Vector

    def moments(self, moments: Sequence[Moment]) -> Vector:
        """A unit vector for each moment."""
        return unit(self.contexts.matrix(moments) @ self.moment_map - self.moment_shift)

    def replies(self, texts: Sequence[str]) -> Vector:
        """A unit vector for each text."""
        return unit(self.words.matrix(map(terms, texts)) @ self.reply_map - self.reply_shift)


def learn_replies(pairs: Sequence[tuple[Moment, str]]) -> ReplyModel:
    """From moments and how they were answered. Raises ValueError when there are too few."""
    if len(pairs) < FEWEST:
        raise ValueError(f"{len(pairs)} answers are too few to learn from; {FEWEST} are the least")
    contexts = Contexts.learn([moment for moment, _ in pairs])
    words = Vocabulary.learn((terms(reply) for _, reply in pairs), at_least=AT_LEAST, at_most=TERMS)
    asked = contexts.matrix([moment for moment, _ in pairs])
    answered = words.matrix(terms(reply) for _, reply in pairs)
    left, right = _decomposed(asked), _decomposed(answered)
    a, b = asked @ left, answered @ right
    shift_a, shift_b = a.mean(0), b.mean(0)
    to_a, to_b = _correlated(a - shift_a, b - shift_b)
    return ReplyModel(
        contexts,
        words,
        np.asarray(left @ to_a, np.float32),
        np.asarray(shift_a @ to_a, np.float32),
        np.asarray(right @ to_b, np.float32),
        np.asarray(shift_b @ to_b, np.float32),
    )


def _decomposed(matrix: Any) -> Vector:
    """The directions along which the rows differ most, as columns."""
    from sklearn.decomposition import TruncatedSVD  # slow to import, and needed for training alone

    many = max(1, min(DECOMPOSED, min(matrix.shape) - 1))
    return np.asarray(TruncatedSVD(many, random_state=0).fit(matrix).components_.T, np.float32)


def _correlated(a: Vector, b: Vector) -> tuple[Vector, Vector]:
    """The maps under which the two sides correlate most, each direction weighted by the root of its correlation."""
    white_a, white_b = _whitened(a), _whitened(b)
    u, strengths, v = np.linalg.svd(white_a @ (a.T @ b / len(a)) @ white_b)
    kept = min(DIMENSIONS, len(strengths))
    weights = np.sqrt(strengths[:kept])
    return white_a @ u[:, :kept] * weights, white_b @ v[:kept].T * weights


def _whitened(rows: Vector) -> Vector:
    spread = rows.T @ rows / len(rows)
    spread += REGULAR * np.trace(spread) / len(spread) * np.eye(len(spread), dtype=spread.dtype)
    values, vectors = np.linalg.eigh(spread)
    return np.asarray((vectors * values**-0.5) @ vectors.T, np.float32)
