"""The best sentence, row or pair for a question, and how sure it is that it answers it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

import numpy as np

from knowledge.ports import Hit, Passage
from knowledge.rules.empty import EMPTY
from knowledge.rules.rank import Rarity, sigmoid
from knowledge.rules.synonyms import Synonyms
from knowledge.rules.terms import characters, is_han, pairs, stems, units
from language.meanings import Meanings, Vectors
from language.segment import words
from language.sentences import sentences

ALL: Final = 0.999  # a word is wholly met
_FIGURE: Final = re.compile(r"\d+(?:[.,:]\d+)*")
_ENDS: Final = ("。", "！", "？", "；", ";", ".", "!", "?")
READ: Final = 8  # hits that are read for an answer
_NUMBER: Final = r"[\d一二两三四五六七八九十百千万半]"
_MONEY: Final = (
    r"\d[\d,.]*\s*(?:元|块|万|美元|人民币|rmb|cny|usd|yuan|dollars?|港币|%|％|折)|[¥￥$€]\s*\d|[(（](?:元|usd)[)）]?\s*[:：]"
    r"|免费|包邮|free"
)
_SPAN: Final = (
    rf"{_NUMBER}+\s*(?:个)?(?:工作日|小时|分钟|天|日|周|月|年|季度|秒"
    r"|(?:business |working )?days?|hours?|minutes?|weeks?|months?|years?)"
)
_CLOCK: Final = (
    r"\d{1,2}\s*[:：点时]|\d+\s*月\s*\d+|\d{4}\s*(?:年|/|-\d\d?-)|\d\s*(?:am|pm)\b|周[一二三四五六日末]"
    rf"|monday|friday|sunday|weekday|节假日|{_SPAN}"
)
_PLACE: Final = r"[路街道区市县镇楼层]\S{0,8}\d+|address|street|road|avenue|@|https?://|委员会|仓|店|院"
_SOME: Final = rf"{_NUMBER}|\b(?:one|two|three|four|five|six|ten|once|twice)\b"
_YES: Final = r"不|可以|支持|无需|须|能|允许|包含|cannot|can|must|may|\bnot\b|always|never|included|allowed"
# What an answer must hold when the question asks in this way; words of the first kind ask for nothing else, those of
# the second are its subject too.
TYPES: Final = tuple(
    (re.compile(asks, re.IGNORECASE), re.compile(names or r"(?!)", re.IGNORECASE), re.compile(holds, re.IGNORECASE))
    for asks, names, holds in (
        (r"电话|热线|号码|phone(?: number)?|hotline|number to call", "", r"\d[\d -]{5,}"),
        (r"邮箱|邮件地址|e-?mail(?: address)?", "", r"@"),
        (r"多少钱|价格|价钱|售价|单价|how much|price|cost\b", r"收费|费用|运费|fees?\b|discount|折扣", _MONEY),
        (r"多久|多长时间|几天|多少天|几个?小时|几年|几个月|how (?:long|soon|fast|many days)", r"时效|期限", _SPAN),
        (r"几点|什么时候|何时|哪天|哪一天|几号|when\b|what time|which day|how often", "", _CLOCK),
        (r"哪里|哪儿|地址|在哪|where\b|address", "", _PLACE),
        (r"多少|几个|几次|几|多大|多重|多高|how (?:many|big|heavy|much|large)|what size", r"上限|percent", _SOME),
        (r"是谁|哪家|哪个公司|\bwho\b", "", r"[:：]|公司|\b[A-Z]\w+ [A-Z]\w+"),
        (r"吗\s*[?？]?$|能不能|可不可以|是否|^(?:can|may|is|are|does|do|will)\b", "", _YES),
    )
)
EVIDENCE: Final = (
    *("wide", "shape", "lacks", "pair", "focus", "place", "meant", "alike", "unmet", "row"),
    *("over", "title", "exact", "holds", "figure", "bare", "off", "rare"),
)
AGAINST: Final = frozenset({"lacks", "unmet", "figure", "bare", "off"})  # the others speak for an extract
# From `kefu eval extract --fit` on benchmarks/documents/tune: what is chosen, and how sure it is that this answers.
CHOICE: Final = (2.0, 1.3, -0.4, 0.0, 4.5, 1.4, 2.4, 3.5, -1.6, 0.0, 1.4, 0.3, 1.8, 0.5, -0.2, -0.3, -0.6, 1.4)
WEIGHTS: Final = (2.1, 1.9, -0.5, 0.0, 3.2, 0.6, 3.1, 5.1, 0.0, 0.2, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, -1.8, 0.0)
BIAS: Final = -6.9
THRESHOLD: Final = 0.5
CLOSE: Final = 1.5  # a sentence this near to the best one of its passage is quoted with it
BARE: Final = 60  # letters: what is shorter and does not end as a sentence is a caption


@dataclass(frozen=True, slots=True)
class Extract:
    """A piece of a hit that could be the answer, and the EVIDENCE for it, each about 0 to 1."""

    text: str
    hit: Hit
    evidence: tuple[float, ...]

    @property
    def score(self) -> float:
        """What orders the extracts of a question, in nats."""
        return sum(weight * value for weight, value in zip(CHOICE, self.evidence, strict=True))

    @property
    def sure(self) -> float:
        """How probable it is that this answers, when it is the best: 0 to 1."""
        return sigmoid(BIAS + sum(weight * value for weight, value in zip(WEIGHTS, self.evidence, strict=True)))


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
    that of the whole. `holds` is what an answer of the kind that is asked for must hold, when that can be told.
    """

    words: dict[str, float]
    pairs: frozenset[str]
    weight: float
    said: dict[str, float]
    vectors: Vectors
    vector: Vectors
    holds: re.Pattern[str] | None
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
        found = []
        for place, hit in enumerate(hits[:READ]):
            over = self._met(f"{hit.passage.title}\n{hit.passage.heading}"), self._met(hit.passage.title)
            found += [Extract(text, hit, self._evidence(text, hit, place, *over)) for text in _texts(hit.passage)]
        return sorted(found, key=lambda one: -one.score)

    def _subject(self, question: str) -> Subject:
        asks, holds = next(
            ((asks, holds) for asks, names, holds in TYPES if asks.search(question) or names.search(question)),
            (None, None),
        )
        plain = asks.sub(" ", question) if asks else question
        plain = plain if any(word not in EMPTY for word in stems(plain)) else question
        said = [word for word in self._joined(list(dict.fromkeys(stems(plain)))) if word not in EMPTY]
        said += [one for one in dict.fromkeys(characters(plain)) if one not in EMPTY and one in words(plain)]
        heads = {self._synonyms.head(word): self._weight(word) for word in said}
        written = [word for word in dict.fromkeys(words(plain)) if not EMPTY.intersection((word, *stems(word)))]
        weights = {word: self._weight(next(iter(stems(word)), word)) for word in written}
        return Subject(
            heads,
            frozenset(pairs(units(question))),
            sum(heads.values()),
            weights,
            self._meanings.matrix(written),
            self._meanings.vector(question),
            holds,
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

    def _evidence(self, text: str, hit: Hit, place: int, over: Vectors, title: Vectors) -> tuple[float, ...]:
        """`over` and `title`: how much the title with its headings, and the title alone, meet each written word."""
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
        return frozenset(self._synonyms.head(word) for word in stems(text))

    def _share(self, text: str) -> float:
        if not self.about.weight:
            return 0.0
        said = self._heads(text) | frozenset(characters(text))
        return sum(weight * _meets(word, said) for word, weight in self.about.words.items()) / self.about.weight


def _all(passage: Passage) -> str:
    return f"{passage.title}\n{passage.heading}\n{passage.question}\n{passage.text}"


def _texts(passage: Passage) -> Iterator[str]:
    """What may be quoted: a pair or row as a whole, of other passages a sentence, or a list with what leads to it."""
    if passage.kind != "text":
        yield passage.text
        return
    if "\n- " in passage.text:
        yield passage.text
    yield from (span.of(passage.text) for span in sentences(passage.text))


def _meets(word: str, said: frozenset[str]) -> float:
    """1 when the word is said, less when only its characters are."""
    if word in said:
        return 1.0
    if not is_han(word):
        return 0.0
    together = sum(one in said for one in word) / len(word)
    return 0.6 * together if together > 0.5 else 0.0
