"""Which reply fits a moment: learned from past answers, in seconds and without a graphics card.

Moments and replies are brought into one space by regularised canonical correlation analysis (Hotelling 1936; as a
retrieval model: Hardoon et al. 2004) over truncated singular value decompositions of their terms. A reply's closeness
is its cosine to the moment there, and the terms it shares with each field of the moment; how much each counts is
learned on conversations that the space was not (conditional logit over the candidates: McFadden 1974). Those that are
close are then judged one by one by boosted trees (rules/forest.py) over these and what else tells a fitting answer.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from agent_assist.rules.dialogue import Moment
from agent_assist.rules.forest import Forest, learn_forest
from agent_assist.rules.space import SMALLEST, Vector, Vocabulary, unit
from agent_assist.rules.terms import terms

FIELDS: Final = (("asked", 1.0), ("said", 0.7), ("earlier", 0.5), ("told", 0.5))
PLACES: Final = 14  # one-hot: the nth answer up to 7, and how much was asked
PLACE_WEIGHT: Final = 0.5
TERMS: Final = 60_000
AT_LEAST: Final = 2
DECOMPOSED: Final = 400
DIMENSIONS: Final = 200
REGULAR: Final = 1.0
FOLDS: Final = 3  # parts, each asked of a space that did not see it, to learn how much everything counts
BLOCK: Final = 100  # answers among which the right one is to be found
BLOCKS: Final = 20
CAUTION: Final = 0.01
FEWEST: Final = 50  # answers to learn from; with less there is no model
ENOUGH: Final = 200  # answers for a forest
WRONG: Final = 30  # other answers beside each right one
JUDGED: Final = 4000  # moments that the forest learns from
KNOWN: Final = 1000  # past moments, and replies, that tell how close anything is
NEAREST: Final = 10
SEED: Final = 7

Answered = tuple[Moment, str]


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
class Replies:
    """Texts made ready to be judged: a row each in the space, over the terms, of what they look like (how long, and
    whether they ask), and of how close past moments are to them (the nearest, on average, and the deviation)."""

    vectors: Vector
    rows: Any
    looks: Vector
    crowds: Vector

    def only(self, places: Sequence[int]) -> "Replies":
        """Some of them, in this order."""
        return Replies(self.vectors[places], self.rows[places], self.looks[places], self.crowds[places])


@dataclass(frozen=True, slots=True)
class ReplyModel:
    """Brings moments and replies into one space. `mix` says how much each field's terms count beside the cosine;
    `past_moments` and `past_replies` are some of the space; without a forest closeness is all there is."""

    contexts: Contexts
    words: Vocabulary
    moment_map: Vector
    moment_shift: Vector
    reply_map: Vector
    reply_shift: Vector
    mix: Vector
    past_moments: Vector
    past_replies: Vector
    forest: Forest | None = None

    def moments(self, moments: Sequence[Moment]) -> Vector:
        """A unit vector for each moment."""
        return unit(self.contexts.matrix(moments) @ self.moment_map - self.moment_shift)

    def replies(self, texts: Sequence[str]) -> Vector:
        """A unit vector for each text."""
        return self._placed(self.terms_of(texts))

    def _placed(self, rows: Any) -> Vector:
        return unit(rows @ self.reply_map - self.reply_shift)

    def terms_of(self, texts: Sequence[str]) -> Any:
        """A sparse row for each text."""
        return self.words.matrix(map(terms, texts))

    def ready(self, texts: Sequence[str]) -> Replies:
        """Texts that are to be judged."""
        rows = self.terms_of(texts)
        looks = np.array([[np.log1p(len(text)), _asks(text)] for text in texts], np.float32).reshape(len(texts), 2)
        vectors = self._placed(rows)
        near = vectors @ self.past_moments.T
        crowds = np.column_stack([_nearest(near), near.mean(1), near.std(1)])
        return Replies(vectors, rows, looks, crowds)

    def asked(self, moments: Sequence[Moment]) -> Any:
        """A sparse row for each moment over the replies' terms: its product with a reply's is what they share."""
        fields = [self.terms_of([getattr(one, name) for one in moments]) for name, _ in FIELDS]
        return sum(weight * rows for weight, rows in zip(self.mix.tolist(), fields, strict=True))

    def scores(self, moment: Moment, replies: Replies) -> Vector:
        """How well each reply fits: the forest's probability, or without one the closeness."""
        if self.forest is None:
            shared = (replies.rows @ self.asked([moment]).T).toarray().ravel()
            return np.asarray(replies.vectors @ self.moments([moment])[0] + shared, np.float32)
        return self.forest.chances(self.features(moment, replies))

    def features(self, moment: Moment, replies: Replies) -> Vector:
        """A row for each reply: its cosine, what it shares with each field, what it looks like, and the moment itself,
        which says what all this means. Some replies are close to everything (hubs: Radovanović et al. 2010), so the
        cosine is also told in deviations from the reply's mean, and beside it the mean of the nearest on either side
        (as in CSLS: Conneau et al. 2018)."""
        shared = (replies.rows @ self.terms_of([getattr(moment, name) for name, _ in FIELDS]).T).toarray()
        lengths = [float(np.log1p(len(text))) for text in (moment.asked, moment.said)]
        at = self.moments([moment])
        crowd = float(_nearest(at @ self.past_replies.T)[0])
        own = [min(moment.nth, 10), *lengths, _asks(moment.said), _asks(moment.asked), crowd]
        close, (nearest, mean, spread) = replies.vectors @ at[0], replies.crowds.T
        parts = [close, (close - mean) / np.maximum(spread, SMALLEST), nearest, mean, shared, replies.looks]
        return np.column_stack([*parts, np.tile(own, (len(replies.looks), 1))]).astype(np.float32)


def _nearest(cosines: Vector) -> Vector:
    """The mean of each row's highest."""
    many = min(NEAREST, cosines.shape[1])
    return np.asarray(np.partition(cosines, -many, axis=1)[:, -many:].mean(1), np.float32)


def _asks(text: str) -> bool:
    return "?" in text or "？" in text or "吗" in text


def learn_replies(talks: Sequence[Sequence[Answered]]) -> ReplyModel:
    """From the answers of each conversation. Raises ValueError with too few."""
    pairs = [pair for talk in talks for pair in talk]
    if len(pairs) < FEWEST:
        raise ValueError(f"{len(pairs)} answers are too few to learn from; {FEWEST} are the least")
    parts = [talks[start::FOLDS] for start in range(FOLDS if len(pairs) >= ENOUGH else 1)]
    chance = np.random.default_rng(SEED)
    features, right = list[Vector](), list[float]()
    mix = np.zeros(len(FIELDS), np.float32)
    for number, part in enumerate(parts):
        held = [pair for talk in part for pair in talk]
        rest = [talk for place, talk in enumerate(talks) if place % FOLDS != number]
        if not held or sum(map(len, rest)) < FEWEST // 2:
            continue
        model = _space(rest)
        mix = _mixed(model, held) if number == 0 else mix
        if len(pairs) >= ENOUGH:
            for rows in _judged(model, part, chance, JUDGED // FOLDS):
                features.append(rows)
                right += [1.0, *(0.0 for _ in rows[1:])]
    forest = learn_forest(np.concatenate(features), np.array(right, np.float32)) if features else None
    return replace(_space(talks), mix=mix, forest=forest)


def _judged(
    model: ReplyModel, talks: Sequence[Sequence[Answered]], chance: np.random.Generator, most: int
) -> Iterator[Vector]:
    """For each moment the features of its answer, and below those of answers of other conversations."""
    said = [(number, *pair) for number, talk in enumerate(talks) for pair in talk]
    texts = list(dict.fromkeys(reply for _, _, reply in said))
    places, ready = {text: place for place, text in enumerate(texts)}, model.ready(texts)
    for number, moment, reply in (said[one] for one in chance.permutation(len(said))[:most]):
        drawn = (said[one] for one in chance.integers(len(said), size=2 * WRONG))
        wrong = [places[text] for other, _, text in drawn if other != number and text != reply][:WRONG]
        if wrong:
            yield model.features(moment, ready.only([places[reply], *wrong]))


def _space(talks: Sequence[Sequence[Answered]]) -> ReplyModel:
    """Without a mix or a forest. Each moment is paired with its answer, and with the one after: what is said next is
    told by it too, and pairs are few."""
    pairs = [pair for talk in talks for pair in talk]
    moments, replies = [moment for moment, _ in pairs], [reply for _, reply in pairs]
    contexts = Contexts.learn(moments)
    words = Vocabulary.learn(map(terms, replies), at_least=AT_LEAST, at_most=TERMS)
    asked, answered = contexts.matrix(moments), words.matrix(map(terms, replies))
    left, right = _decomposed(asked), _decomposed(answered)
    a, b = asked @ left, answered @ right
    first, second = _paired(talks)
    shift_a, shift_b = a[first].mean(0), b[second].mean(0)
    to_a, to_b = _correlated(a[first] - shift_a, b[second] - shift_b)
    at, shift = np.asarray(left @ to_a, np.float32), np.asarray(shift_a @ to_a, np.float32)
    to, moved = np.asarray(right @ to_b, np.float32), np.asarray(shift_b @ to_b, np.float32)
    some = np.random.default_rng(SEED).permutation(len(pairs))[:KNOWN]
    past = unit(asked[some] @ at - shift), unit(answered[some] @ to - moved)
    return ReplyModel(contexts, words, at, shift, to, moved, np.zeros(len(FIELDS), np.float32), *past)


def _paired(talks: Sequence[Sequence[Answered]]) -> tuple[list[int], list[int]]:
    """Places of moments and of the answers they tell, counted over all conversations."""
    first, second, start = list[int](), list[int](), 0
    for talk in talks:
        places = range(start, start + len(talk))
        first += [*places, *places[:-1]]
        second += [*places, *places[1:]]
        start += len(talk)
    return first, second


def _mixed(model: ReplyModel, pairs: Sequence[tuple[Moment, str]]) -> Vector:
    """What makes the answer that was given the likeliest of all answers in its block, for a cosine that counts 1."""
    from scipy.optimize import minimize  # slow to import, and needed for learning alone

    blocks = [pairs[start : start + BLOCK] for start in range(0, len(pairs) - 1, BLOCK)][:BLOCKS]
    features = []
    for block in blocks:
        moments, texts = [moment for moment, _ in block], [reply for _, reply in block]
        rows = model.terms_of(texts).T
        shared = [(model.terms_of([getattr(one, name) for one in moments]) @ rows).toarray() for name, _ in FIELDS]
        features.append(np.stack([model.moments(moments) @ model.replies(texts).T, *shared], axis=-1))

    def loss(weights: Any) -> tuple[float, Any]:
        cost, slope = CAUTION * float(weights @ weights), 2 * CAUTION * weights
        for block in features:
            scores = block @ weights
            likely = np.exp(scores - scores.max(1, keepdims=True))
            likely /= likely.sum(1, keepdims=True)
            right = np.arange(len(block))
            cost -= float(np.log(likely[right, right] + SMALLEST).sum())
            slope = slope + np.einsum("mc,mcf->f", likely, block) - block[right, right].sum(0)
        return cost, slope

    found = minimize(loss, np.array([1.0, *(0.0 for _ in FIELDS)]), jac=True).x
    return np.asarray(np.maximum(found[1:], 0) / max(found[0], 1.0), np.float32)


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
