"""How well a passage meets a question: a few plain measures, and a weight for each."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import exp, log
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray
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
        return self.words | frozenset(filter(is_han, frozenset(self.units)))

    @cached_property
    def pairs(self) -> frozenset[str]:
        """Neighbouring units."""
        return frozenset(pairs(self.units))

    @cached_property
    def line(self) -> str:
        """Its units in a row, in which a pair is looked for."""
        return f"_{'_'.join(self.units)}_"


@lru_cache(256)
def _read(text: str) -> Text:
    """Measured and ranked by the same views; what is found often is cut once."""
    return Text(text)


def core(passage: Passage) -> str:
    """What a question is held against: the question that a pair answers, or the text itself."""
    return passage.question or passage.text


def measure(asked: Text, said: Text, bm25: float, near: float, beside: tuple[float, float], rarity: Rarity) -> Measured:
    """The MEASURES of a candidate, each about 0 to 1; `bm25` and `near` against those of the other candidates.

    `beside` is `met`, how much of what is asked is said, in these words or in words that mean nearly the same, and
    `meant`, how much of what is said is asked.
    """
    shared = _weight(asked.terms & said.terms, rarity)
    longest = max(len(asked.units), len(said.units), 1)
    return (
        bm25,
        shared / (_weight(asked.terms, rarity) or 1.0),
        shared / (_weight(said.terms, rarity) or 1.0),
        LCSseq.similarity(asked.units, said.units) / longest,
        near,
        *beside,
    )


def meetings(
    asked: Sequence[str], texts: Sequence[Sequence[str]], rarity: Rarity, meanings: Meanings
) -> list[tuple[float, float]]:
    """Each word of the question beside its nearest of each text, and the other way round: 0 to 1.

    Rare words count more. A word that several texts have is looked up once.
    """
    places = {word: place for place, word in enumerate(dict.fromkeys(word for said in texts for word in said))}
    # not @: its threads wait for each other longer than all of this takes
    near = np.maximum(np.einsum("ik,jk->ij", meanings.matrix(asked), meanings.matrix(list(places))), 0.0)
    for row, word in enumerate(asked):
        if word in places:
            near[row, places[word]] = 1.0
    mine, yours = _rarities(asked, rarity), _rarities(places, rarity)
    best, met = near.max(axis=0, initial=0.0), list[tuple[float, float]]()
    for said in texts:
        at = [places[word] for word in said]
        there, here = near[:, at].max(axis=1, initial=0.0), yours[at]
        met.append((float(mine @ there / (mine.sum() or 1.0)), float(here @ best[at] / (here.sum() or 1.0))))
    return met


def _rarities(words: Iterable[str], rarity: Rarity) -> NDArray[np.float64]:
    return np.array([rarity(word) for word in words], np.float64)


def covered(asked: Text, parts: Sequence[Text], rarity: Rarity) -> float:
    """How much of what is asked the parts of a passage mention: 0 to 1."""
    met_words = asked.words & frozenset().union(*(part.words for part in parts))
    met_pairs = frozenset(pair for pair in asked.pairs if any(f"_{pair}_" in part.line for part in parts))
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
    asked, best = _read(question), max((one.score for one in found), default=0.0) or 1.0
    known = [one for one in cosines if one is not None]
    least, span = min(known, default=0.0), (max(known, default=0.0) - min(known, default=0.0)) or 1.0
    texts = [_read(core(one.passage)[:READ]) for one in found]
    beside = meetings(asked.said, [text.said for text in texts], rarity, meanings)
    return [
        measure(
            asked,
            text,
            one.score / best,
            (cosine - least) / span if cosine is not None else 0.0,
            both,
            rarity,
        )
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
    asked, hits = _read(question), list[Hit]()
    for one, values in zip(found, measures, strict=True):
        score = sum(weight * value for weight, value in zip(weights, values, strict=True))
        score += USED * priors.get(one.passage.document, 0.0)
        carries = max(values[ORDER], covered(asked, _parts(one.passage), rarity))
        hits.append(Hit(one.passage, score, carries))
    return sorted(hits, key=lambda hit: -hit.score)


def _parts(passage: Passage) -> list[Text]:
    """What is held against the question, and what stands over and under it."""
    rest = f"{passage.title}\n{passage.heading}\n{passage.text[:READ] if passage.question else ''}"
    return [_read(core(passage)[:READ]), _read(rest)]


def sigmoid(value: float) -> float:
    """From a sum of evidence to a probability."""
    return 1 / (1 + exp(-value))


def _weight(terms: frozenset[str], rarity: Rarity) -> float:
    return sum(map(rarity, terms))
