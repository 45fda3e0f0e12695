"""The best sentence, row or pair for a question, and how sure it is that it answers it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from math import exp
from typing import Final

import numpy as np

from knowledge.ports import Hit, Passage
from knowledge.rules.empty import EMPTY
from knowledge.rules.rank import Rarity, sigmoid
from knowledge.rules.sought import sought
from knowledge.rules.synonyms import Synonyms
from knowledge.rules.terms import characters, forms, is_han, pairs, stems, units
from language.meanings import Meanings, Vectors
from language.segment import words
from language.sentences import sentences

ALL: Final = 0.999  # a word is wholly met
_FIGURE: Final = re.compile(r"\d+(?:[.,:]\d+)*")
_ENDS: Final = ("。", "！", "？", "；", ";", ".", "!", "?")
READ: Final = 16  # hits that are read for an answer
EVIDENCE: Final = (
    *("wide", "shape", "lacks", "pair", "focus", "place", "meant", "alike", "unmet", "row"),
    *("over", "title", "exact", "holds", "figure", "bare", "off", "rare", "around", "short"),
    *("home", "told", "long"),
)
AGAINST: Final = frozenset({"lacks", "unmet", "figure", "bare", "off", "short", "long"})  # the others speak for it
# From `kefu eval extract --fit` on benchmarks/documents, tune and open: what is chosen, and how sure it is that this
# answers.
CHOICE: Final = (
    *(2.2, 1.5, -0.5, 0.3, 4.0, 1.2, 2.9, 5.5, -1.4, 0.2),
    *(1.9, 0.1, 2.0, 0.5, 0.0, -0.4, -0.1, 1.0, 1.8, -0.8),
    *(0.6, 0.0, -1.4),
)
WEIGHTS: Final = (
    *(0.85, 0.3, -1.3, 0.0, 0.2, 0.1, 0.3, 3.5, -0.3, 0.2),
    *(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 4.6, -1.4),
    *(0.5, 4.1, -4.7),
)
LEAD: Final = 1.8  # what it weighs that no other passage's extract comes near
FAR: Final = 4.0  # nats by which the best is ahead when none does
BIAS: Final = -7.4
THRESHOLD: Final = 0.6  # a wrong answer costs more than none
WORDY, LENGTHY = 8, 400  # telling words of a long question, letters of a long extract
CLOSE: Final = 1.5  # a sentence this near to the best one of its passage is quoted with it
BARE: Final = 60  # letters: what is shorter and does not end as a sentence is a caption


@dataclass(frozen=True, slots=True)
class Extract:
    """A piece of a hit that could be the answer, and the EVIDENCE for it, each about 0 to 1."""

    text: str
    hit: Hit
    evidence: tuple[float, ...]
    lead: float = 0.0  # of the best: how far it is ahead of other passages, 0 to 1

    @property
    def score(self) -> float:
        """What orders the extracts of a question, in nats."""
        return sum(weight * value for weight, value in zip(CHOICE, self.evidence, strict=True))

    @property
    def sure(self) -> float:
        """How probable it is that this answers, when it is the best: 0 to 1."""
        known = sum(weight * value for weight, value in zip(WEIGHTS, self.evidence, strict=True))
        return sigmoid(BIAS + known + LEAD * self.lead)


def lead(best: float, others: Sequence[float]) -> float:
    """How far the best score is ahead of those of other passages' extracts: 0 to 1."""
    return min(best - max(others, default=best - FAR), FAR) / FAR


def quoted(found: Sequence[Extract]) -> tuple[str, ...]:
    """What is quoted of possible answers, best first: the best, and of its passage the next when it is as good."""
    best = found[0]
    for other in found[1:] if best.hit.passage.kind == "text" else ():
        apart = other.text not in best.text and best.text not in other.text
        if other.hit.passage.id == best.hit.passage.id and apart:
            whole = best.hit.passage.text
            both = sorted((best.text, other.text), key=whole.find)
            return tuple(both) if best.score - other.score <= CLOSE else (best.text,)
    return (best.text,)


@dataclass(frozen=True, slots=True)
class Subject:
    """What a question is about: its telling words by what stands for them, each with its weight.

    `said` are those words as they are written, each with its weight, and `vectors` their meanings as rows, `vector`
    that of the whole. `holds` is what an answer of the kind that is asked for must hold, when that can be told, and
    `sharp` whether hardly any does without.
    """

    words: dict[str, float]
    pairs: frozenset[str]
    weight: float
    said: dict[str, float]
    vectors: Vectors
    vector: Vectors
    holds: re.Pattern[str] | None
    sharp: bool
    figures: frozenset[str]


class Reading:
    """Reads hits for the answer to one question."""

    def __init__(self, question: str, rarity: Rarity, synonyms: Synonyms, meanings: Meanings) -> None:
        self._synonyms = synonyms
        self._rarity = rarity
        self._meanings = meanings
        self._most = rarity("\0")  # what a word weighs that stands nowhere
        self.about = self._subject(question)

    def extracts(self, hits: Sequence[Hit]) -> list[Extract]:
        """Possible answers, best first."""
        found, homes = [], _homes(hits[:READ])
        for place, hit in enumerate(hits[:READ]):
            title = self._met(hit.passage.title)
            over = np.maximum(title, self._met(hit.passage.heading))
            near = over, title, np.maximum(over, self._met(f"{hit.passage.question}\n{hit.passage.text}"))
            home = homes[hit.passage.document]
            found += [
                Extract(text, hit, (*self._evidence(text, hit, place, *near), *self._shape(text, home)))
                for text in texts(hit.passage)
            ]
        found.sort(key=lambda one: -one.score)
        if found:
            best = found[0]
            others = [one.score for one in found if one.hit.passage.id != best.hit.passage.id]
            found[0] = replace(best, lead=lead(best.score, others))
        return found

    def _shape(self, text: str, home: float) -> tuple[float, float, float]:
        """Evidence that is none of words: how much of what was found is of its document, how long both are."""
        return home, min(len(self.about.said), WORDY) / WORDY, min(len(text), LENGTHY) / LENGTHY

    def _subject(self, question: str) -> Subject:
        plain, holds, sharp = sought(question)
        plain = plain if any(word not in EMPTY for word in stems(plain)) else question
        said = [word for word in self._joined(list(dict.fromkeys(stems(plain)))) if word not in EMPTY]
        said += [one for one in dict.fromkeys(characters(plain)) if one not in EMPTY and one in words(plain)]
        heads = {self._synonyms.head(word): self._weight(word) for word in said}
        written = [word for word in self._joined(words(plain)) if not EMPTY.intersection((word, *stems(word)))]
        written = list(dict.fromkeys(written))
        weights = {word: self._weight(next(iter(stems(word)), word)) for word in written}
        return Subject(
            heads,
            frozenset(pairs(units(question))),
            sum(heads.values()),
            weights,
            self._meanings.matrix(written),
            self._meanings.vector(question),
            holds,
            sharp,
            frozenset(_FIGURE.findall(question)),
        )

    def _joined(self, said: Sequence[str]) -> Iterator[str]:
        """Words as they come, but "power bank" as the one word when the library writes it so."""
        last = ""
        for word, after in zip_longest(said, said[1:], fillvalue=""):
            both = f"{word}{after}"
            if after and both.isascii() and last != word and self._rarity(both) < self._most:
                yield both
                last = after
            elif last != word:
                yield word
                last = ""

    def _weight(self, word: str) -> float:
        """A word's rarity, or that of the most common one that means the same."""
        return min(self._rarity(one) for one in (word, *self._synonyms.others([word])))

    def _evidence(
        self, text: str, hit: Hit, place: int, over: Vectors, title: Vectors, around: Vectors
    ) -> tuple[float, ...]:
        """How much each written word is met by title and headings (`over`), `title` alone, all of it (`around`)."""
        passage, about = hit.passage, self.about
        here = f"{passage.question}\n{text}"
        heads, met = self._heads(here), np.maximum(over, self._met(here))
        row = passage.kind == "row"
        focus = sum(about.words.get(word, 0.0) for word in heads) / (sum(map(self._rarity, heads)) or 1.0)
        weights = np.array(list(about.said.values()), np.float32)
        whole = float(weights.sum()) or 1.0
        unmet = float((weights * (1 - met)).max(initial=0.0)) / self._most
        both, figures = about.pairs & frozenset(pairs(units(here))), frozenset(_FIGURE.findall(_all(passage)))
        return (
            *(self._share(f"{passage.title}\n{passage.heading}\n{here}"), len(both) / (len(about.pairs) or 1)),
            float(about.holds is not None and not about.holds.search(text)),
            *(hit.carries if passage.kind == "pair" else 0.0, min(focus, 1.0), 1 / (place + 1)),
            float(weights @ met) / whole,
            float(about.vector @ self._meanings.vector(here)),
            *(unmet, float(row), float(weights @ over) / whole, float(weights @ title) / whole),
            float(weights @ (met > ALL)) / whole,
            float(about.holds is not None and about.holds.search(text) is not None),
            float(not about.figures <= figures),
            float(passage.kind == "text" and len(text) < BARE and not text.endswith(_ENDS)),
            unmet if row else 0.0,
            sum(map(self._rarity, both)) / (sum(map(self._rarity, about.pairs)) or 1.0),
            float(weights @ around) / whole,
            float(about.sharp and about.holds is not None and not about.holds.search(text)),
        )

    def _met(self, text: str) -> Vectors:
        """How much each written word of the question is met: 1 when it is said, else how near the nearest word is."""
        about, there = self.about, words(text)
        if not there or not about.said:
            return np.zeros(len(about.said), np.float32)
        best = np.maximum((about.vectors @ self._meanings.matrix(there).T).max(axis=1), 0.0)
        heads, letters = self._heads(text), frozenset(characters(text))
        for place, word in enumerate(about.said):
            if any(self._synonyms.head(one) in heads for one in stems(word) or (word,)) or _meets(word, letters):
                best[place] = 1.0
        return np.asarray(best, np.float32)

    def _heads(self, text: str) -> frozenset[str]:
        said = words(text)
        alone = (word for word in said if len(word) == 1 and is_han(word) and word not in EMPTY)
        return frozenset(map(self._synonyms.head, (*forms(said), *alone)))

    def _share(self, text: str) -> float:
        if not self.about.weight:
            return 0.0
        said = self._heads(text) | frozenset(characters(text))
        return sum(weight * _meets(word, said) for word, weight in self.about.words.items()) / self.about.weight


def _homes(hits: Sequence[Hit]) -> dict[str, float]:
    """How much of what was found is of each document, by softmax of the scores."""
    top = max((hit.score for hit in hits), default=0.0)
    whole, found = sum(exp(hit.score - top) for hit in hits), dict[str, float]()
    for hit in hits:
        found[hit.passage.document] = found.get(hit.passage.document, 0.0) + exp(hit.score - top) / whole
    return found


def _all(passage: Passage) -> str:
    return f"{passage.title}\n{passage.heading}\n{passage.question}\n{passage.text}"


def texts(passage: Passage) -> Iterator[str]:
    """What may be quoted: a pair or row as a whole, of other passages a sentence, or a list with what leads to it."""
    if passage.kind != "text":
        yield passage.text
        return
    if "\n- " in passage.text:
        yield passage.text
    yield from (clause for clause in _clauses(passage.text) if clause != passage.title)


def _clauses(text: str) -> Iterator[str]:
    """Sentences; what a semicolon parts is one."""
    start = end = 0
    for span in sentences(text):
        start = span.start if not text[start:end].endswith((";", "；")) else start
        end = span.end
        if not text[start:end].endswith((";", "；")):
            yield text[start:end]
    if text[start:end].endswith((";", "；")):
        yield text[start:end]


def _meets(word: str, said: frozenset[str]) -> float:
    """1 when the word is said, less when only its characters are."""
    if word in said:
        return 1.0
    if not is_han(word):
        return 0.0
    together = sum(one in said for one in word) / len(word)
    return 0.6 * together if together > 0.5 else 0.0
