"""How well a passage meets a question: a few plain measures, and weights learned for them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import exp, log
from types import MappingProxyType
from typing import Final

from rapidfuzz.distance import LCSseq

from knowledge.ports import Found, Hit, Passage
from knowledge.rules.terms import characters, pairs, stems, units

Rarity = Callable[[str], float]
"""A term's inverse document frequency."""

MEASURES: Final = ("bm25", "asked", "said", "pairs", "order", "words", "whole")
# Learned by `kefu knowledge fit` on question pairs (docs/knowledge.md); how they were made stands there.
WEIGHTS: Final = (4.0, 0.6, 0.5, 0.5, 0.8, 0.5, 0.4)

USED: Final = 0.6  # how far use can move an entry, in the same coin as the weights
SMOOTH: Final = 5.0  # judgements that an entry is given for a start, of each kind


@dataclass(frozen=True)
class Text:
    """A text as it is measured; each view is made once."""

    text: str

    @cached_property
    def units(self) -> list[str]:
        """What edit distances count."""
        return units(self.text)

    @cached_property
    def terms(self) -> frozenset[str]:
        """Words and characters."""
        return frozenset((*stems(self.text), *characters(self.text)))

    @cached_property
    def words(self) -> frozenset[str]:
        """Words alone."""
        return frozenset(stems(self.text))

    @cached_property
    def pairs(self) -> frozenset[str]:
        """Neighbouring units."""
        return frozenset(pairs(self.units))


def core(passage: Passage) -> str:
    """What a question is held against: the question that a pair answers, or the text itself."""
    return passage.question or passage.text


def measure(asked: Text, found: Found, best: float, rarity: Rarity) -> tuple[float, ...]:
    """The MEASURES of a candidate, each about 0 to 1; `best` is the highest BM25 score among the candidates."""
    said = Text(core(found.passage))
    shared = _weight(asked.terms & said.terms, rarity)
    longest = max(len(asked.units), len(said.units), 1)
    together = LCSseq.similarity(asked.units, said.units)
    return (
        found.score / best if best else 0.0,
        shared / (_weight(asked.terms, rarity) or 1.0),
        shared / (_weight(said.terms, rarity) or 1.0),
        _overlap(asked.pairs, said.pairs),
        together / longest,
        _overlap(asked.words, said.words),
        together / max(min(len(asked.units), len(said.units)), 1),
    )


def covered(asked: Text, passage: Passage, rarity: Rarity) -> float:
    """How much of what is asked the passage mentions anywhere, its heading and title included: 0 to 1."""
    everything = Text(f"{passage.title}\n{passage.heading}\n{passage.question}\n{passage.text}")
    whole = _weight(asked.words, rarity) + _weight(asked.pairs, rarity)
    met = _weight(asked.words & everything.words, rarity) + _weight(asked.pairs & everything.pairs, rarity)
    return met / whole if whole else 0.0


def prior(counts: Mapping[str, int]) -> float:
    """What its use says for an entry, about -1 to 1: helpful and used against unhelpful, smoothed."""
    good = counts.get("helpful", 0) + counts.get("used", 0) + counts.get("clicked", 0) / 5
    return max(-1.0, min(1.0, log((good + SMOOTH) / (counts.get("unhelpful", 0) + SMOOTH)) / 2))


def rank(
    question: str,
    found: Sequence[Found],
    rarity: Rarity,
    priors: Mapping[str, float] = MappingProxyType({}),
    weights: Sequence[float] = WEIGHTS,
) -> list[Hit]:
    """The candidates, best first; `priors` are those of entries, 0 for the others."""
    asked, best = Text(question), max((one.score for one in found), default=0.0)
    hits = []
    for one in found:
        measures = measure(asked, one, best, rarity)
        score = sum(weight * value for weight, value in zip(weights, measures, strict=True))
        score += USED * priors.get(one.passage.document, 0.0)
        hits.append(Hit(one.passage, score, max(measures[4], covered(asked, one.passage, rarity))))
    return sorted(hits, key=lambda hit: -hit.score)


def sigmoid(value: float) -> float:
    """From a sum of evidence to a probability."""
    return 1 / (1 + exp(-value))


def _weight(terms: frozenset[str], rarity: Rarity) -> float:
    return sum(rarity(term) for term in terms)


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """Jaccard's index."""
    return len(one & other) / (len(one | other) or 1)
