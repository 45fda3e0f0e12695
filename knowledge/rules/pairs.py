"""Questions and answers in what people said to each other, and entries that say the same or the opposite."""

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from rapidfuzz.distance import LCSseq

from knowledge.rules.empty import EMPTY
from knowledge.rules.figures import figures
from knowledge.rules.terms import stems, units
from language.fold import fold
from language.pii import find
from language.segment import words
from language.sentences import sentences

SHORT, LONG = 6, 200  # letters of a question that can stand by itself
TELLING: Final = 12  # letters that an answer has at least
ALIKE: Final = 0.7
_ASKS: Final = re.compile(
    r"[?？]|吗|呢|什么|怎么|如何|多少|多久|几[个天点次]|哪|能不能|可不可以|是否|^\s*(?:how|what|when|where|which|who|why|can|do|does|is|are)\b",
    re.IGNORECASE,
)
_OWN: Final = re.compile(r"\d{6,}|https?://")  # an order number or a link is one customer's
_NOT: Final = re.compile(r"不(?!影响|锈)|没|无法|无需|\b(?:not|no|cannot|never)\b|n't\b")
_MINE: Final = re.compile(
    r"[我这那]的?(?:这|那)?个?(?:订?单|快递|快件|包裹|退款|货)|刚下的单"
    r"|\bmy (?:order|parcel|package|refund|delivery|return)\b",
    re.IGNORECASE,
)
_DOES: Final = re.compile(
    r"[帮为给]您|通知您|我(?:来|先|再|马上|立即|这就|已经?|帮|会)|稍等|稍候|请(?:提供|告诉|告知|发|问|您?说)"
    r"|\b(?:i['’](?:ll|ve)|i (?:will|have|can see|am|see)|let me|(?:one|a) moment|(?:tell|send|give) me)\b"
    r"|\b(?:could|can) you\b",
    re.IGNORECASE,
)
_COURTESIES: Final = """
谢谢 多谢 感谢 谢 好 好的 行 嗯 哦 明白 了解 收到 辛苦 亲 客服 在吗 早上好 下午好 晚上好
不客气 客气 再见 高兴 服务 祝 祝您 祝你 生活 愉快 欢迎 光临 抱歉 对不起 您好 你好 请问
thanks thank ok okay great good morning afternoon evening hi hello hey dear sir madam perfect understood
welcome bye glad sorry nice day
转 人工 真人 agent human person somebody
"""
_COURTESY: Final = frozenset(_COURTESIES.split())
_FILLING: Final = EMPTY | _COURTESY
_CLAUSE: Final = re.compile(r"[^，,~～]*[，,~～]\s*")
_GOES_ON: Final = re.compile(r"\s*(?:那|然后|再说|and\b|but\b|so\b|then\b|or\b|what about|how about)", re.IGNORECASE)
_POINTS: Final = re.compile(r"[它这那]|\b(?:it|its|this|that|these|those|they|them)\b", re.IGNORECASE)


class Said(NamedTuple):
    """A message at `seq` of the log; `by` is customer or agent."""

    by: str
    text: str
    seq: int = 0


def pairs_in(said: Iterable[Said]) -> Iterator[tuple[Said, Said]]:
    """Questions of a customer that an agent answered at once, where neither tells who somebody is.

    What is asked about one case, or answered by doing something about it or asking for more, helps nobody else.
    """
    question: Said | None = None
    for message in said:
        text = " ".join(message.text.split())
        if message.by == "customer":
            text = without_courtesy(text)
            asks = SHORT <= len(text) <= LONG and _ASKS.search(text) and not (_personal(text) or _MINE.search(text))
            question = message._replace(text=text) if asks and stands_alone(text) else None
        elif question:
            text = without_courtesy(text)
            tells = len(text) >= TELLING and not text.endswith(("?", "？"))
            if tells and not (_personal(text) or _DOES.search(text)):
                yield question, message._replace(text=text)
            question = None


def without_courtesy(text: str) -> str:
    """The sentences that say more than hello and thank you, each from where it does."""
    said = (_without_greeting(span.of(text)) for span in sentences(text))
    return re.sub(r"(?<=[。！？]) ", "", " ".join(filter(None, said)))


def _without_greeting(sentence: str) -> str:
    while (clause := _CLAUSE.match(sentence)) and _courteous(clause[0]):
        rest = sentence[clause.end() :]
        sentence = rest[:1].upper() + rest[1:]
    return "" if _courteous(sentence) else sentence


def _courteous(text: str) -> bool:
    """Is it courtesy and nothing else? 可以的 is an answer, though it has no telling word either."""
    said = words(text)
    return not said or (_FILLING.issuperset(said) and not _COURTESY.isdisjoint(said))


def stands_alone(question: str) -> bool:
    """Can it be understood without what was said before? Not when it goes on, or points at what it does not name."""
    named = {word for word in words(question) if not EMPTY.intersection((word, *stems(word)))}
    return not _GOES_ON.match(question) and len(named) > (1 if _POINTS.search(question) else 0)


def alike(one: str, other: str) -> float:
    """How much two questions are the same, letter by letter in order: 0 to 1."""
    mine, yours = units(one), units(other)
    return LCSseq.similarity(mine, yours) / max(len(mine), len(yours), 1)


def contradicts(one: str, other: str, *, whether: bool = False) -> bool:
    """Do two answers to the same question share no figure of a unit that both name?

    When the question asks `whether`: or does one alone say no?
    """
    mine, yours = figures(one), figures(other)
    if any(mine[unit].isdisjoint(yours[unit]) for unit in mine.keys() & yours.keys()):
        return True
    return whether and bool(_NOT.search(fold(one))) != bool(_NOT.search(fold(other)))


def _personal(text: str) -> bool:
    return bool(find(text) or _OWN.search(text))
