"""Reads what was found for the answer to one question."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, zip_longest
from math import exp
from typing import Final

import numpy as np

from knowledge.ports import Hit, Passage
from knowledge.rules.answer import Extract, lead, texts
from knowledge.rules.empty import EMPTY
from knowledge.rules.figures import figures
from knowledge.rules.passages import BELOW, values
from knowledge.rules.rank import Text
from knowledge.rules.sought import sought
from knowledge.rules.synonyms import Synonyms
from knowledge.rules.terms import Rarity, forms, is_han, pairs, stems
from language.fold import fold
from language.meanings import Meanings, Vectors
from language.segment import words

ALL: Final = 0.999  # a word is wholly met
READ: Final = 12  # hits that are read for an answer
WORDY, LENGTHY = 8, 400  # telling words of a long question, letters of a long extract
LIKE: Final = 0.6  # how much a word is met when only its characters are said


@dataclass(frozen=True, slots=True)
class Subject:
    """What a question is about: its telling words as they are written, each with its weight, which `weight` adds up.

    `ways` has for each of them the heads of what a text may say for it, and how far each meets it; `worth` what each
    of these heads counts. `vectors` are the words' meanings as rows, `vector` that of the whole. `units` are those of
    the question's figures. `holds` is what an answer of the kind that is asked for must hold, when that can be told,
    and `sharp` whether hardly any does without, `whether` that yes or no is asked for.
    """

    said: dict[str, float]
    weight: float
    ways: dict[str, dict[str, float]]
    worth: dict[str, float]
    pairs: frozenset[str]
    vectors: Vectors
    vector: Vectors
    holds: re.Pattern[str] | None
    sharp: bool
    whether: bool
    units: frozenset[str]


class Seen:
    """A text that is read, cut into words once; each view of it is made once."""

    def __init__(self, text: str, synonyms: Synonyms) -> None:
        self.text = text
        self.cut = Text(" ".join(words(text)))
        self._synonyms = synonyms

    @cached_property
    def letters(self) -> frozenset[str]:
        """Its Chinese characters."""
        return frozenset(filter(is_han, self.cut.units))

    @cached_property
    def heads(self) -> frozenset[str]:
        """What stands for its words: those of one Chinese character too, when they tell something."""
        alone = (word for word in self.cut.said if len(word) == 1 and is_han(word) and word not in EMPTY)
        said = chain(forms(self.cut.said), alone, (one.name for one in self._synonyms.phrases(self.cut.units)))
        return frozenset(map(self._synonyms.head, said))


@dataclass(frozen=True, slots=True)
class Around:
    """What surrounds a possible answer: its passage's title, heading and question, and all of it.

    `over`, `named` and `whole` say how much each written word of the question is met by title and heading, by the title
    alone, and by all. `under` is how much of the last heading the question says, `key` how much of a row's cell that it
    says most of: 0 to 1.
    """

    title: Seen
    heading: Seen
    question: Seen
    over: Vectors
    named: Vectors
    whole: Vectors
    under: float
    key: float


class Reading:
    """Reads hits for the answer to one question."""

    def __init__(self, question: str, rarity: Rarity, synonyms: Synonyms, meanings: Meanings) -> None:
        self._synonyms = synonyms
        self._rarity = rarity
        self._meanings = meanings
        self._most = rarity("\0")  # what a word weighs that stands nowhere
        self._seen: dict[str, Seen] = {}
        self._near: dict[str, Vectors] = {}  # of a word that was read, to each written word of the question
        self._mets: dict[str, Vectors] = {}  # of a text
        self.about = self._subject(question)
        self._weights = np.array(list(self.about.said.values()), np.float32)

    def extracts(self, hits: Sequence[Hit]) -> list[Extract]:
        """Possible answers, best first."""
        hits = hits[:READ]
        homes, arounds = _homes(hits), [self._around(hit.passage) for hit in hits]
        titled = np.maximum.reduce([one.named for one in arounds], initial=0.0) > ALL
        found = list[Extract]()
        for place, (hit, around) in enumerate(zip(hits, arounds, strict=True)):
            shared = (1 / (place + 1), homes[hit.passage.document], self._most_of(titled * (1 - around.whole)))
            before = ""
            for text in texts(hit.passage):
                found.append(Extract(text, hit, self._evidence(text, before, around, shared)))
                before = text.partition("\n- ")[0]
        found.sort(key=lambda one: -one.score)
        if found:
            found[0] = replace(found[0], lead=lead([one.score for one in found], found))
        return found

    def _read(self, text: str) -> Seen:
        seen = self._seen.get(text)
        if seen is None:
            seen = self._seen[text] = Seen(text, self._synonyms)
        return seen

    def _subject(self, question: str) -> Subject:
        asked, written = sought(question), self._telling(question)
        said = {word: self._weight(self._names(word)[0]) for word in written}
        ways = {word: self._ways([*self._names(word), *phrases]) for word, phrases in written.items()}
        worth = dict[str, float]()
        for word, way in ways.items():
            for head, share in way.items():
                worth[head] = max(worth.get(head, 0.0), share * said[word])
        return Subject(
            said,
            sum(said.values()),
            ways,
            worth,
            frozenset(pairs(self._read(question).cut.units)),
            self._meanings.matrix(list(written)),
            self._meanings.mean(self._read(question).cut.said),
            asked.holds,
            asked.sharp,
            asked.whether,
            frozenset(figures(question)) - EMPTY - {""},
        )

    def _telling(self, question: str) -> dict[str, list[str]]:
        """The words that say what is asked about, each with the phrases that it is part of.

        A phrase that has no such word stands for itself. Of a question that has neither, those that have synonyms.
        """
        telling = [word for word in map(self._bare, words(sought(question).plain)) if _tells(word)]
        spoken = [(one.name, fold(question[one.first : one.last])) for one in self._synonyms.spoken(question)]
        found = {word: [name for name, span in spoken if _within(word, span)] for word in self._joined(telling)}
        met = set(chain.from_iterable(found.values()))
        found |= {name: [] for name, span in spoken if name not in met and sought(span).plain.strip()}
        if alone := [name for name in met if len(found) > 1 and all(name in names for names in found.values())]:
            return {name: [] for name in alone}
        if found:
            return found
        said = words(question)
        return {word: [] for word in said if self._names(word)[0] in self._synonyms} or {word: [] for word in said}

    def _ways(self, names: Sequence[str]) -> dict[str, float]:
        """The heads of what may be said for any of these, and how far each meets it."""
        found = dict[str, float]()
        for name in names:
            for head, share in self._synonyms.meets(self._synonyms.head(name)).items():
                found[head] = max(share, found.get(head, 0.0))
        return found

    def _bare(self, word: str) -> str:
        """The word without the auxiliary that was taken for its beginning: 能放, 要加."""
        glued = len(word) == 2 and is_han(word) and word[0] in EMPTY and word not in self._meanings
        return word[1] if glued else word

    def _names(self, word: str) -> Sequence[str]:
        """What synonyms know a word by."""
        return (word,) if word in self._synonyms else forms([word]) or (word,)

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
        return min(map(self._rarity, self._synonyms.same(word)))

    def _around(self, passage: Passage) -> Around:
        title, heading, question = map(self._read, (passage.title, passage.heading, passage.question))
        named = self._met(title)
        over = np.maximum(named, self._met(heading))
        inside = np.maximum(self._met(question), self._met(self._read(passage.text)))
        under = self._said_of(passage.heading.rpartition(BELOW)[2])
        key = max(map(self._said_of, values(passage.text))) if passage.kind == "row" else 0.0
        return Around(title, heading, question, over, named, np.maximum(over, inside), under, key)

    def _said_of(self, text: str) -> float:
        """How much of a short text the question says, rare words counting more: 0 to 1."""
        told = {word: self._rarity(word) for word in self._read(text).heads}
        return sum(told[word] for word in told.keys() & self.about.worth.keys()) / (sum(told.values()) or 1.0)

    def _evidence(
        self, text: str, before: str, around: Around, shared: tuple[float, float, float]
    ) -> tuple[float, ...]:
        """The EVIDENCE, as it is ordered there; `before` is what the passage says before the text.

        `shared` is what all texts of a passage share: place, home, aside.
        """
        about, mine, (place, home, aside) = self.about, self._read(text), shared
        heads = mine.heads | around.question.heads
        met = np.maximum(around.over, np.maximum(self._met(mine), self._met(around.question)))
        flow = np.maximum(met, self._met(self._read(before)))
        holds = about.holds is not None and bool(about.holds.search(text))
        lacks = about.holds is not None and not holds
        focus = sum(about.worth.get(word, 0.0) for word in heads) / (sum(map(self._rarity, heads)) or 1.0)
        both = about.pairs & frozenset(pairs([*around.question.cut.units, *mine.cut.units]))
        meaning = self._meanings.mean([*around.question.cut.said, *mine.cut.said])
        wide = self._share(around.title, around.heading, around.question, mine)
        return (
            *(wide, len(both) / (len(about.pairs) or 1), float(lacks), min(focus, 1.0), place),
            *(self._mean_of(met), float(about.vector @ meaning), self._most_of(1 - met)),
            *(self._mean_of(around.over), self._mean_of((met > ALL).astype(np.float32)), float(holds)),
            sum(map(self._rarity, both)) / (sum(map(self._rarity, about.pairs)) or 1.0),
            self._mean_of(around.whole),
            float(about.sharp and lacks),
            1 - wide if about.whether else 0.0,
            *(home, min(len(about.said), WORDY) / WORDY, min(len(text), LENGTHY) / LENGTHY),
            *(self._mean_of(flow), aside, float(bool(about.units) and not about.units.isdisjoint(figures(text)))),
            *(around.key, around.under),
        )

    def _mean_of(self, met: Vectors) -> float:
        """Over the written words of the question, by their weight: 0 to 1."""
        return float(self._weights @ met) / (float(self._weights.sum()) or 1.0)

    def _most_of(self, unmet: Vectors) -> float:
        """Of the written word of the question that weighs most in it: 0 to 1."""
        return float((self._weights * unmet).max(initial=0.0)) / self._most

    def _met(self, seen: Seen) -> Vectors:
        """How much each written word of the question is met: 1 when it is said, else how near the nearest word is."""
        met = self._mets.get(seen.text)
        if met is None:
            met = self._mets[seen.text] = self._meet(seen)
        return met

    def _meet(self, seen: Seen) -> Vectors:
        about, there = self.about, seen.cut.said
        if not there or not about.said:
            return np.zeros(len(about.said), np.float32)
        fresh = [word for word in dict.fromkeys(there) if word not in self._near]
        if fresh:
            self._near.update(zip(fresh, self._meanings.matrix(fresh) @ about.vectors.T, strict=True))
        best = np.maximum.reduce([self._near[word] for word in there], initial=0.0)
        for place, (word, ways) in enumerate(about.ways.items()):
            best[place] = max(best[place], _meets(word, seen.letters), _most(ways, seen.heads))
        return np.asarray(best, np.float32)

    def _share(self, *texts: Seen) -> float:
        """How much of what is asked is said by one of the texts: 0 to 1."""
        if not self.about.weight:
            return 0.0
        said = frozenset[str]().union(*(text.heads | text.letters for text in texts))
        met = (
            max(_most(self.about.ways[word], said), _meets(word, said)) * told for word, told in self.about.said.items()
        )
        return sum(met) / self.about.weight


def _tells(word: str) -> bool:
    return not EMPTY.intersection((word, *stems(word)))


def _within(word: str, span: str) -> bool:
    return word in span if is_han(word) else word in words(span)


def _most(ways: Mapping[str, float], heads: frozenset[str]) -> float:
    """How far the best of these ways is said: 0 to 1."""
    return max((share for head, share in ways.items() if head in heads), default=0.0)


def _homes(hits: Sequence[Hit]) -> dict[str, float]:
    """How much of what was found is of each document, by softmax of the scores."""
    top = max((hit.score for hit in hits), default=0.0)
    whole, found = sum(exp(hit.score - top) for hit in hits), dict[str, float]()
    for hit in hits:
        found[hit.passage.document] = found.get(hit.passage.document, 0.0) + exp(hit.score - top) / whole
    return found


def _meets(word: str, said: frozenset[str]) -> float:
    """1 when the word is said, less when only its characters are."""
    if word in said:
        return 1.0
    if not is_han(word):
        return 0.0
    together = sum(one in said for one in word) / len(word)
    return LIKE * together if together > 0.5 else 0.0
