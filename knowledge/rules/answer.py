"""The best sentence, row or pair for a question, and how sure it is that it answers it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

from knowledge.ports import Hit, Passage
from knowledge.rules.empty import EMPTY
from knowledge.rules.rank import Rarity, sigmoid
from knowledge.rules.synonyms import Synonyms
from knowledge.rules.terms import characters, is_han, pairs, stems, units
from language.segment import words
from language.sentences import sentences

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
EVIDENCE: Final = ("wide", "near", "shape", "holds", "lacks", "pair", "key", "focus", "place")
# Rounded from `kefu eval extract --fit` on benchmarks/documents/tune; `pair`, of which tune has none, by hand.
WEIGHTS: Final = (3.2, 1.8, 1.9, 1.1, -1.6, 2.0, 0.4, 0.7, 1.7)
BIAS: Final = -4.7
THRESHOLD: Final = 0.5
KEY: Final = re.compile(r"(?:^|[;；\n]\s*)(?:- )?(?P<key>[^:：;；\n。]{1,30})[:：]\s*(?P<value>[^;；\n]+)")


@dataclass(frozen=True, slots=True)
class Extract:
    """A piece of a hit that could be the answer, and the EVIDENCE for it, each about 0 to 1."""

    text: str
    hit: Hit
    evidence: tuple[float, ...]

    @property
    def sure(self) -> float:
        """How probable it is that this answers: 0 to 1."""
        return sigmoid(BIAS + sum(weight * value for weight, value in zip(WEIGHTS, self.evidence, strict=True)))


@dataclass(frozen=True, slots=True)
class Subject:
    """What a question is about: its telling words by what stands for them, each with its weight.

    `holds` is what an answer of the kind that is asked for must hold, when that can be told.
    """

    words: dict[str, float]
    pairs: frozenset[str]
    weight: float
    holds: re.Pattern[str] | None


class Reading:
    """Reads hits for the answer to one question."""

    def __init__(self, question: str, rarity: Rarity, synonyms: Synonyms) -> None:
        self._synonyms = synonyms
        self._rarity = rarity
        self._most = rarity("\0")  # what a word weighs that stands nowhere
        self.about = self._subject(question)

    def extracts(self, hits: Sequence[Hit]) -> list[Extract]:
        """Possible answers, best first."""
        found = [
            Extract(text, hit, self._evidence(text, hit, place))
            for place, hit in enumerate(hits[:READ])
            for text in _texts(hit.passage)
        ]
        return sorted(found, key=lambda one: -one.sure)

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
        whole = sum(heads.values())
        return Subject(heads, frozenset(pairs(units(question))), whole, holds)

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

    def _evidence(self, text: str, hit: Hit, place: int) -> tuple[float, ...]:
        passage, about = hit.passage, self.about
        here = f"{passage.question}\n{text}"
        near, words = self._share(here), self._heads(here)
        wide = self._share(f"{passage.title}\n{passage.heading}\n{here}")
        holds = bool(about.holds and about.holds.search(text))
        shape = len(about.pairs & frozenset(pairs(units(here)))) / (len(about.pairs) or 1)
        focus = sum(about.words.get(word, 0.0) for word in words) / (sum(map(self._rarity, words)) or 1.0)
        return (
            *(wide, near, shape, float(holds), float(about.holds is not None and not holds)),
            *(hit.carries if passage.kind == "pair" else 0.0, self._key(text), min(focus, 1.0)),
            1 / (place + 1),
        )

    def _key(self, text: str) -> float:
        """How much of "name: value" in it has a name that the question says: 0 to 1."""
        best = 0.0
        for found in KEY.finditer(text):
            names = {one for one in self._heads(found["key"]) if one not in EMPTY}
            weight = sum(map(self._rarity, names))
            met = sum(self._rarity(one) for one in names if one in self.about.words)
            best = max(best, met / weight if weight else 0.0)
        return best

    def _heads(self, text: str) -> frozenset[str]:
        return frozenset(self._synonyms.head(word) for word in stems(text))

    def _share(self, text: str) -> float:
        if not self.about.weight:
            return 0.0
        said = self._heads(text) | frozenset(characters(text))
        return sum(weight * _meets(word, said) for word, weight in self.about.words.items()) / self.about.weight


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
