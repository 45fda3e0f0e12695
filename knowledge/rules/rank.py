"""How well a passage meets a question: a few plain measures, and a weight for each."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import exp, log
from types import MappingProxyType
from typing import Final

from rapidfuzz.distance import LCSseq

from knowledge.ports import Found, Hit, Passage
from knowledge.rules.terms import forms, is_han, letters, pairs
from language.segment import words

Rarity = Callable[[str], float]
"""A term's inverse document frequency."""

MEASURES: Final = ("bm25", "asked", "said", "pairs", "order", "words", "whole")
# Set by hand.
WEIGHTS: Final = (4.0, 0.6, 0.5, 0.5, 0.8, 0.5, 0.4)

READ: Final = 600  # letters of a passage that are held against a question
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


def measure(asked: Text, said: Text, bm25: float, rarity: Rarity) -> tuple[float, ...]:
    """The MEASURES of a candidate, each about 0 to 1; `bm25` is its score against the best candidate's."""
    shared = _weight(asked.terms & said.terms, rarity)
    longest = max(len(asked.units), len(said.units), 1)
    together = LCSseq.similarity(asked.units, said.units)
    return (
        bm25,
        shared / (_weight(asked.terms, rarity) or 1.0),
        shared / (_weight(said.terms, rarity) or 1.0),
        _overlap(asked.pairs, said.pairs),
        together / longest,
        _overlap(asked.words, said.words),
        together / max(min(len(asked.units), len(said.units)), 1),
    )


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
        said = Text(core(one.passage)[:READ])
        measures = measure(asked, said, one.score / best if best else 0.0, rarity)
        score = sum(weight * value for weight, value in zip(weights, measures, strict=True))
        score += USED * priors.get(one.passage.document, 0.0)
        hits.append(Hit(one.passage, score, max(measures[4], covered(asked, _parts(said, one.passage), rarity))))
    return sorted(hits, key=lambda hit: -hit.score)


def _parts(said: Text, passage: Passage) -> list[Text]:
    """What is held against the question, and what stands over and under it."""
    rest = f"{passage.title}\n{passage.heading}\n{passage.text[:READ] if passage.question else ''}"
    return [said, Text(rest)]


def sigmoid(value: float) -> float:
    """From a sum of evidence to a probability."""
    return 1 / (1 + exp(-value))


def _weight(terms: frozenset[str], rarity: Rarity) -> float:
    return sum(rarity(term) for term in terms)


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """Jaccard's index."""
    return len(one & other) / (len(one | other) or 1)
