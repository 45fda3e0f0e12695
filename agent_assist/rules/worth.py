"""Is there anything worth suggesting, and which of it? Silence is better than noise."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from agent_assist.rules.dialogue import Moment
from agent_assist.rules.repertoire import Match
from agent_assist.rules.waiting import Waiting
from language.fold import fold
from language.segment import words

MOST: Final = 3
CARDS: Final = frozenset({"article", "similar"})  # to read rather than to send
MOST_CARDS: Final = 2
WORTH_A_CARD: Final = 0.5
WORTH: Final = 0.35  # how likely to be used a suggestion must be
CERTAIN: Final = 0.02  # nothing is surer than this
GREETED: Final = """
你好 您好 在吗 在 在么 嗨 哈喽 喂 谢谢 多谢 感谢 谢谢你 谢谢您 好 好的 好吧 好呢 行 可以 嗯 嗯嗯 哦 噢 哦哦
知道 了 知道了 明白 明白了 收到
是 是的 对 对的 没有 没有了 没了 再见 拜拜 辛苦 辛苦了 的 啊 呢 哈 吗 亲
ok okay yes yep no nope hi hello hey thanks thank you thx bye goodbye sure great fine cool
good morning afternoon evening alright the a got it that is all
"""
SMALL_TALK: Final = frozenset(GREETED.split())


@dataclass(frozen=True, slots=True)
class Scale:
    """Weights that turn a match into the likelihood of being used: logistic over words, model and source."""

    offset: float = -2.2
    words: float = 3.0
    model: float = 2.5
    source: Mapping[str, float] = field(default_factory=dict)

    def likely(self, match: Match) -> float:
        """0 to 1."""
        total = self.offset + self.words * match.words + self.model * max(match.model, 0.0)
        return _share(total + self.source.get(match.line.source, 0.0))

    def moved(self, source: str, likely: float) -> float:
        """What a source says of itself (0 to 1), moved to how often it is really used."""
        likely = min(max(likely, CERTAIN), 1 - CERTAIN)
        return _share(math.log(likely / (1 - likely)) + self.source.get(source, 0.0))


def _share(logit: float) -> float:
    return 1 / (1 + math.exp(-logit))


def is_small_talk(asked: str) -> bool:
    """A greeting, thanks, yes or no, or no words at all: the agent needs no help with it."""
    return all(word in SMALL_TALK for word in words(asked))


def is_quiet(moment: Moment, waiting: Waiting | None) -> bool:
    """Is nothing to be suggested? What was learned says when the house's own agents do not answer, or not yet; before
    anything was learned small talk needs no answer."""
    if waiting is None:
        return is_small_talk(moment.asked)
    return waiting.chance(moment) >= waiting.least


def worthwhile(matches: Iterable[tuple[Match, float]], least: float = WORTH) -> Sequence[tuple[Match, float]]:
    """The likeliest few replies, then the likeliest cards, which take longer to read and must be surer; none when none
    is likely enough. Of two with the same words the likelier counts."""
    chosen: dict[str, tuple[Match, float]] = {}
    for match, likely in sorted(matches, key=lambda one: -one[1]):
        if likely >= least:
            chosen.setdefault(fold(match.line.text).strip(), (match, likely))
    replies = [one for one in chosen.values() if one[0].line.source not in CARDS]
    cards = [one for one in chosen.values() if one[0].line.source in CARDS and one[1] >= WORTH_A_CARD]
    return [*replies[:MOST], *cards[:MOST_CARDS]]
