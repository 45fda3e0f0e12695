"""How well a passage meets a question: a few plain measures, and a weight for each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import exp, log
from types import MappingProxyType
from typing import Final

import numpy as np
from rapidfuzz.distance import LCSseq

from knowledge.ports import Found, Hit, Passage
from knowledge.rules.terms import forms, is_han, letters, pairs
from language.meanings import Meanings
from language.segment import words

Rarity = Callable[[str], float]
"""A term's inverse document frequency."""
Measured = tuple[float, ...]

MEASURES: Final = ("bm25", "asked", "said", "order", "near", "met", "meant")
# Learned by `kefu knowledge train` (docs/knowledge.md says from what).
WEIGHTS: Final = (2.0, 1.7, 0.0, 1.23, 2.51, 2.76, 0.66)

READ: Final = 600  # letters of a passage that are held against a question
ORDER: Final = MEASURES.index("order")
USED: Final = 0.6  # how far use can move an entry, in the same coin as the weights
SMOOTH: Final = 5.0  # judgements that an entry is given for a start, of each kind


@dataclass(frozen=True)
class Text:
    """A text as it is measured; each view is made once."""

    text: str

    @cached_property
    def said(self) -> list[str]:
        """Its words as they are cut."""
        return words(self.text)

    @cached_property
    def units(self) -> list[str]:
        """What edit distances count."""
        return letters(self.said)

    @cached_property
    def words(self) -> frozenset[str]:
        """Words alone."""
        return frozenset(forms(self.said))

    @cached_property
    def terms(self) -> frozenset[str]:
        """Words and Chinese characters."""
        return self.words | frozenset(one for one in self.units if is_han(one))

    @cached_property
    def pairs(self) -> frozenset[str]:
        """Neighbouring units."""
        return frozenset(pairs(self.units))


def core(passage: Passage) -> str:
    """What a question is held against: the question that a pair answers, or the text itself."""
    return passage.question or passage.text


def measure(asked: Text, said: Text, bm25: float, near: float, rarity: Rarity, meanings: Meanings) -> Measured:
    """The MEASURES of a candidate, each about 0 to 1; `bm25` and `near` against those of the other candidates.

    `met` is how much of what is asked is said, in these words or in words that mean nearly the same; `meant` how much
    of what is said is asked.
    """
    shared = _weight(asked.terms & said.terms, rarity)
    longest = max(len(asked.units), len(said.units), 1)
    return (
        bm25,
        shared / (_weight(asked.terms, rarity) or 1.0),
        shared / (_weight(said.terms, rarity) or 1.0),
        LCSseq.similarity(asked.units, said.units) / longest,
        near,
        *meeting(asked.said, said.said, rarity, meanings),
    )


def meeting(asked: Sequence[str], said: Sequence[str], rarity: Rarity, meanings: Meanings) -> tuple[float, float]:
    """Each word of one text beside its nearest of the other, both ways, rare words counting more: 0 to 1."""
    if not asked or not said:
        return 0.0, 0.0
    near = np.maximum(meanings.matrix(asked) @ meanings.matrix(said).T, 0.0)
    mine, yours = frozenset(asked), frozenset(said)
    there = [1.0 if word in yours else float(best) for word, best in zip(asked, near.max(axis=1), strict=True)]
    here = [1.0 if word in mine else float(best) for word, best in zip(said, near.max(axis=0), strict=True)]
    return _mean(asked, there, rarity), _mean(said, here, rarity)


def _mean(words: Sequence[str], values: Sequence[float], rarity: Rarity) -> float:
    weights = [rarity(word) for word in words]
    return sum(weight * value for weight, value in zip(weights, values, strict=True)) / (sum(weights) or 1.0)


def covered(asked: Text, parts: Sequence[Text], rarity: Rarity) -> float:
    """How much of what is asked the parts of a passage mention: 0 to 1."""
    met_words = asked.words & frozenset().union(*(part.words for part in parts))
    met_pairs = asked.pairs & frozenset().union(*(part.pairs for part in parts))
    whole = _weight(asked.words, rarity) + _weight(asked.pairs, rarity)
    return (_weight(met_words, rarity) + _weight(met_pairs, rarity)) / whole if whole else 0.0


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
    asked, best = Text(question), max((one.score for one in found), default=0.0) or 1.0
    known = [one for one in cosines if one is not None]
    least, span = min(known, default=0.0), (max(known, default=0.0) - min(known, default=0.0)) or 1.0
    return [
        measure(
            asked,
            Text(core(one.passage)[:READ]),
            one.score / best,
            (cosine - least) / span if cosine is not None else 0.0,
            rarity,
            meanings,
        )
        for one, cosine in zip(found, cosines, strict=True)
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
    asked, hits = Text(question), []
    for one, values in zip(found, measures, strict=True):
        score = sum(weight * value for weight, value in zip(weights, values, strict=True))
        score += USED * priors.get(one.passage.document, 0.0)
        carries = max(values[ORDER], covered(asked, _parts(one.passage), rarity))
        hits.append(Hit(one.passage, score, carries))
    return sorted(hits, key=lambda hit: -hit.score)


def _parts(passage: Passage) -> list[Text]:
    """What is held against the question, and what stands over and under it."""
    rest = f"{passage.title}\n{passage.heading}\n{passage.text[:READ] if passage.question else ''}"
    return [Text(core(passage)[:READ]), Text(rest)]


def sigmoid(value: float) -> float:
    """From a sum of evidence to a probability."""
    return 1 / (1 + exp(-value))


def _weight(terms: frozenset[str], rarity: Rarity) -> float:
    return sum(rarity(term) for term in terms)
