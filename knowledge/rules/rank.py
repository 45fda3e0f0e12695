"""How well a passage meets a question: a few plain measures, and a weight for each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import exp, log
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import LCSseq

from knowledge.ports import Found, Hit, Passage
from knowledge.rules.terms import Rarity, forms, is_han, letters, pairs
from language.meanings import Meanings
from language.segment import words

Measured = tuple[float, ...]

MEASURES: Final = ("bm25", "asked", "order", "near", "met", "meant")
# Learned by `kefu knowledge train` (docs/knowledge.md says from what).
WEIGHTS: Final = (2.0, 1.7, 1.23, 2.51, 2.76, 0.66)

READ: Final = 600  # letters of a passage that are held against a question
ORDER: Final = MEASURES.index("order")
USED: Final = 0.6  # how far use can move an entry, in the same coin as the weights
NOTHING: Final = ""
SMOOTH: Final = 5.0  # judgements that an entry is given for a start, of each kind


@dataclass(frozen=True)
class Text:
    """A text as it is measured, cut into words with spaces between; each view is made once."""

    cut: str

    @cached_property
    def said(self) -> list[str]:
        """Its words as they are cut."""
        return self.cut.split()

    @cached_property
    def units(self) -> list[str]:
        """What edit distances count."""
        return letters(self.said)

    @cached_property
    def terms(self) -> frozenset[str]:
        """Words and Chinese characters."""
        return frozenset(self.units).union(word for word in self.said if len(word) > 1 and is_han(word))

    @cached_property
    def line(self) -> str:
        """Its units in a row, in which a pair is looked for."""
        return f"_{'_'.join(self.units)}_"


@lru_cache(256)
def _read(cut: str) -> Text:
    """Measured and ranked by the same views; what is found often is read once."""
    return Text(cut)


class Question:
    """What is asked, and how much each part of it tells."""

    def __init__(self, text: str, rarity: Rarity) -> None:
        self.text = _read(" ".join(words(text)))
        self.terms = {term: rarity(term) for term in self.text.terms}
        self.parts = {word: rarity(word) for word in forms(self.text.said)}
        self.pairs = {f"_{pair}_": rarity(pair) for pair in pairs(self.text.units)}
        self._all = sum(self.terms.values()) or 1.0
        self._parts = sum(self.parts.values()) + sum(self.pairs.values())

    def said(self, text: Text) -> float:
        """How much of it the text says: 0 to 1."""
        return sum(self.terms[term] for term in self.terms.keys() & text.terms) / self._all

    def covered(self, texts: Sequence[Text]) -> float:
        """How much of it, neighbours too, the parts of a passage mention: 0 to 1."""
        met = sum(told for word, told in self.parts.items() if any(word in text.terms for text in texts))
        lines = " ".join(text.line for text in texts)
        met += sum(told for pair, told in self.pairs.items() if pair in lines)
        return met / self._parts if self._parts else 0.0


def core(passage: Passage) -> str:
    """What a question is held against: the question that a pair answers, or the text itself."""
    return passage.question or passage.text


def cut(passage: Passage) -> tuple[str, str]:
    """The words of `core`, and those over and under it, as Found has them."""
    rest = f"{passage.title}\n{passage.heading}\n{passage.text[:READ] if passage.question else ''}"
    return " ".join(words(core(passage)[:READ])), " ".join(words(rest))


def measure(asked: Question, said: Text, bm25: float, near: float, beside: tuple[float, float]) -> Measured:
    """The MEASURES of a candidate, each about 0 to 1; `bm25` and `near` against those of the other candidates.

    `beside` is `met`, how much of what is asked is said, in these words or in words that mean nearly the same, and
    `meant`, how much of what is said is asked.
    """
    mine, yours = asked.text.units, said.units
    order = LCSseq.similarity(mine, yours) / max(len(mine), len(yours), 1)
    return bm25, asked.said(said), order, near, *beside


def meetings(
    asked: Sequence[str], texts: Sequence[Sequence[str]], rarity: Rarity, meanings: Meanings
) -> list[tuple[float, float]]:
    """Each word of the question beside its nearest of each text, and the other way round: 0 to 1.

    Rare words count more. A word that several texts have is looked up once; the texts lie in one row, each behind a
    word that is nothing, so that none is empty.
    """
    if not texts:
        return []
    row = [word for said in texts for word in (NOTHING, *said)]
    places = {word: place for place, word in enumerate(dict.fromkeys(row))}
    # not @: its threads wait for each other longer than all of this takes
    near = np.maximum(np.einsum("ik,jk->ij", meanings.matrix(asked), meanings.matrix(list(places))), 0.0)
    for number, word in enumerate(asked):
        if word in places:
            near[number, places[word]] = 1.0
    mine, yours = _rarities(asked, rarity), _rarities(places, rarity)
    yours[places[NOTHING]] = 0.0
    at, starts = np.array([places[word] for word in row]), np.cumsum([0, *(len(said) + 1 for said in texts[:-1])])
    there = mine @ np.maximum.reduceat(near[:, at], starts, axis=1) / (mine.sum() or 1.0)
    here, best = yours[at], near.max(axis=0, initial=0.0)[at]
    whole = np.add.reduceat(here, starts)
    back = np.add.reduceat(here * best, starts) / np.where(whole, whole, 1.0)
    return list(zip(there.tolist(), back.tolist(), strict=True))


def _rarities(words: Iterable[str], rarity: Rarity) -> NDArray[np.float64]:
    return np.array([rarity(word) for word in words], np.float64)


def prior(counts: Mapping[str, int]) -> float:
    """What its use says for an entry, about -1 to 1: helpful and used against unhelpful, smoothed."""
    good = counts.get("helpful", 0) + counts.get("used", 0) + counts.get("clicked", 0) / 5
    return max(-1.0, min(1.0, log((good + SMOOTH) / (counts.get("unhelpful", 0) + SMOOTH)) / 2))


def measured(
    question: str,
    found: Sequence[Found],
    cosines: Sequence[float | None],
    rarity: Rarity,
    meanings: Meanings,
) -> list[Measured]:
    """The MEASURES of each candidate; cosines are put between those of the farthest and the nearest of them."""
    asked, best = Question(question, rarity), max((one.score for one in found), default=0.0) or 1.0
    known = [one for one in cosines if one is not None]
    least, span = min(known, default=0.0), (max(known, default=0.0) - min(known, default=0.0)) or 1.0
    texts = [_read(one.core) for one in found]
    beside = meetings(asked.text.said, [text.said for text in texts], rarity, meanings)
    return [
        measure(asked, text, one.score / best, (cosine - least) / span if cosine is not None else 0.0, both)
        for one, text, cosine, both in zip(found, texts, cosines, beside, strict=True)
    ]


def rank(
    question: str,
    found: Sequence[Found],
    measures: Sequence[Measured],
    rarity: Rarity,
    priors: Mapping[str, float] = MappingProxyType({}),
    weights: Sequence[float] = WEIGHTS,
) -> list[Hit]:
    """The candidates, best first; `priors` are those of entries, 0 for the others."""
    asked, hits = Question(question, rarity), list[Hit]()
    for one, values in zip(found, measures, strict=True):
        score = sum(weight * value for weight, value in zip(weights, values, strict=True))
        score += USED * priors.get(one.passage.document, 0.0)
        carries = max(values[ORDER], asked.covered([_read(one.core), _read(one.rest)]))
        hits.append(Hit(one.passage, score, carries))
    return sorted(hits, key=lambda hit: -hit.score)


def sigmoid(value: float) -> float:
    """From a sum of evidence to a probability."""
    return 1 / (1 + exp(-value))
