"""The best sentence, row or pair for a question, and how sure it is that it answers it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from knowledge.ports import Hit, Passage
from knowledge.rules.empty import EMPTY
from knowledge.rules.rank import Rarity, sigmoid
from knowledge.rules.synonyms import Synonyms
from knowledge.rules.terms import characters, is_han, pairs, stems, units
from language.segment import words
from language.sentences import sentences

READ: Final = 8  # hits that are read for an answer
_MONEY: Final = (
    r"\d[\d,.]*\s*(?:元|块|万|美元|人民币|rmb|cny|usd|yuan|dollars?|港币|%|％|折)|[¥￥$€]\s*\d|免费|包邮|free"
)
_SPAN: Final = (
    r"[\d一二两三四五六七八九十半百]+\s*(?:个)?(?:工作日|小时|分钟|天|日|周|月|年|季度|秒|days?|hours?|minutes?|weeks?|months?|years?|"
    r"business days?|working days?)"
)
_CLOCK: Final = (
    r"\d{1,2}\s*[:：点时]|\d+\s*月\s*\d+|\d{4}\s*[年/-]|am\b|pm\b|周[一二三四五六日末]|monday|sunday|weekday|节假日|"
    + _SPAN
)
# What kind of words an answer must hold when the question asks in this way.
TYPES: Final = tuple(
    (re.compile(asks, re.IGNORECASE), re.compile(holds, re.IGNORECASE))
    for asks, holds in (
        (r"多少钱|价格|价钱|售价|单价|收费|费用|运费|how much|price|cost\b|fee\b", _MONEY),
        (r"多久|多长时间|几天|几个?小时|几年|几个月|时效|期限|how long|how soon|how many (?:days|hours|years)", _SPAN),
        (r"几点|什么时候|何时|哪天|when\b|what time", _CLOCK),
        (r"电话|热线|号码|phone|hotline|number to call", r"\d[\d-]{4,}"),
        (r"邮箱|email|e-mail", r"@"),
        (
            r"多少|几个|几次|几|how many|多大|多重|多高",
            r"[\d一二两三四五六七八九十百千万半]|\b(?:one|two|three|four|five|six|ten)\b",
        ),
    )
)
# Weights of the evidence (docs/knowledge.md says how they were found).
WEIGHTS: Final = (4.0, 2.0, 1.5, 1.5, 1.0)
BIAS: Final = -4.5
THRESHOLD: Final = 0.5


@dataclass(frozen=True, slots=True)
class Extract:
    """A piece of a hit that could be the answer."""

    text: str
    hit: Hit
    evidence: tuple[float, ...]

    @property
    def sure(self) -> float:
        """How probable it is that this answers: 0 to 1."""
        return sigmoid(BIAS + sum(weight * value for weight, value in zip(WEIGHTS, self.evidence, strict=True)))


@dataclass(frozen=True, slots=True)
class Subject:
    """What a question is about: its telling words by what stands for them, and the neighbours among its characters."""

    words: tuple[str, ...]
    pairs: frozenset[str]
    weight: float


def subject(question: str, rarity: Rarity, synonyms: Synonyms) -> Subject:
    """The question without what every question has."""
    telling = [word for word in dict.fromkeys(stems(question)) if word not in EMPTY]
    telling += [one for one in dict.fromkeys(characters(question)) if one not in EMPTY and [one] == words(one)]
    heads = tuple(dict.fromkeys(synonyms.head(word) for word in telling))
    return Subject(heads, frozenset(pairs(units(question))), sum(rarity(head) for head in heads))


def extracts(question: str, hits: Sequence[Hit], rarity: Rarity, synonyms: Synonyms) -> list[Extract]:
    """Possible answers, best first."""
    about = subject(question, rarity, synonyms)
    wants = [holds for asks, holds in TYPES if asks.search(question)][:1]
    found = [
        Extract(text, hit, _evidence(about, wants, text, hit, rarity, synonyms))
        for hit in hits[:READ]
        for text in _texts(hit.passage)
    ]
    return sorted(found, key=lambda one: -one.sure)


def _texts(passage: Passage) -> Iterator[str]:
    """What may be quoted: a pair or row as a whole, of other passages a sentence, or a list with what leads to it."""
    if passage.kind != "text":
        yield passage.text
        return
    if "\n- " in passage.text:
        yield passage.text
    yield from (span.of(passage.text) for span in sentences(passage.text))


def _evidence(
    about: Subject, wants: Sequence[re.Pattern[str]], text: str, hit: Hit, rarity: Rarity, synonyms: Synonyms
) -> tuple[float, ...]:
    """About 0 to 1 each: what is asked stands here or above; here; as it was asked; of the kind that is asked for."""
    passage = hit.passage
    here = f"{passage.question}\n{text}"
    above = f"{passage.title}\n{passage.heading}\n{here}"
    near = _share(about, here, rarity, synonyms)
    wide = _share(about, above, rarity, synonyms)
    typed = 1.0 if not wants or wants[0].search(text) else 0.0
    shape = len(about.pairs & frozenset(pairs(units(here)))) / (len(about.pairs) or 1)
    return wide, near, shape, typed, float(passage.kind == "pair") * hit.carries


def _share(about: Subject, text: str, rarity: Rarity, synonyms: Synonyms) -> float:
    if not about.weight:
        return 0.0
    low = frozenset(synonyms.head(word) for word in stems(text)) | frozenset(characters(text))
    met = sum(rarity(word) * _meets(word, low) for word in about.words)
    return met / about.weight


def _meets(word: str, said: frozenset[str]) -> float:
    """1 when the word is said, less when only its characters are."""
    if word in said:
        return 1.0
    if not is_han(word):
        return 0.0
    together = sum(one in said for one in word) / len(word)
    return 0.6 * together if together > 0.5 else 0.0
