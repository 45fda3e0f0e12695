"""How fast conversations are inspected, beside the loop one would write first."""

import random
import re
import time
from collections.abc import Callable, Sequence
from typing import Final

from rich.console import Console
from rich.progress import track

from quality_check.rules.document import Rule
from quality_check.rules.engine import Engine
from quality_check.rules.tokens import ENTITIES
from quality_check.rules.view import Conversation, Turn

Cut = Callable[[str], list[str]]
TURNS: Final = 20
RUNS: Final = 3
AT_ONCE: Final = 1500  # conversations in memory
SAID: Final = (
    "您好，请问有什么可以帮您？", "我的订单还没有发货，等了三天了", "麻烦提供一下订单号", "订单号是202611240001",
    "好的，正在为您查询，请稍等", "为什么这么慢，能不能快一点", "非常抱歉让您久等了", "快递已经到达杭州转运中心",
    "那什么时候能送到呢", "预计明天下午送达，请保持电话畅通", "如果不合适可以退货吗", "签收后七天内可以申请无理由退货",
    "运费谁出", "质量问题由我们承担运费", "发票怎么开", "电子发票会发送到您的邮箱", "好的知道了谢谢",
    "不客气，祝您生活愉快",
)  # fmt: skip


def measure(rules: Sequence[Rule], conversations: int = 1500) -> dict[str, float]:
    """CPU figures: conversations a second on one core, times the plain loops, milliseconds a live message."""
    chance = random.Random(13)
    stored = [_conversation(chance, number) for number in range(min(conversations, AT_ONCE))]
    engine = Engine(rules)
    engine.inspect(stored[0])
    seconds = min(_cpu(lambda: [engine.inspect(one) for one in stored]) for _ in range(RUNS))
    if conversations > AT_ONCE:  # the mean over all of them, a part at a time
        seconds = _all(engine, chance, conversations) * len(stored) / conversations
    few = stored[: max(1, len(stored) // 150)]
    cut = _cutter()
    anew = _cpu(lambda: [_plain(rules, one, cut, anew=True) for one in few])
    once = _cpu(lambda: [_plain(rules, one, cut, anew=False) for one in few])
    share = len(few) / len(stored)
    return {
        "rules": len(rules),
        "conversations": conversations,
        "conversations_per_s_core": round(len(stored) / seconds, 1),
        "ratio_plain_loop": round(anew / (seconds * share), 1),
        "ratio_plain_loop_cut_once": round(once / (seconds * share), 1),
        "live_ms": round(1000 * _live(engine, stored) / len(stored) / TURNS, 4),
        "ratio_100000_words": round(_list_cost(stored, 100_000) / _list_cost(stored, 100), 2),
    }


def _all(engine: Engine, chance: random.Random, conversations: int) -> float:
    spent = 0.0
    for start in track(range(0, conversations, AT_ONCE), "engine", console=Console(stderr=True)):
        part = [_conversation(chance, number) for number in range(start, min(start + AT_ONCE, conversations))]
        spent += _cpu(lambda part=part: [engine.inspect(one) for one in part])  # type: ignore[misc]
    return spent


def _cutter() -> Cut:
    """jieba's, its dictionary read."""
    import jieba  # only the bench needs it, and it is slow to load

    jieba.setLogLevel("WARNING")
    jieba.initialize()
    return jieba.lcut  # type: ignore[no-any-return]


def _live(engine: Engine, stored: Sequence[Conversation]) -> float:
    """All conversations side by side, a message of each at a time."""
    running = [engine.begin({}) for _ in stored]
    rounds = [[one.turns[at] for one in stored] for at in range(TURNS)]
    return _cpu(lambda: [one.hear(turn) for said in rounds for one, turn in zip(running, said, strict=True)])


def _list_cost(stored: Sequence[Conversation], words: int) -> float:
    """One rule with so many words that are hardly ever said."""
    said = [f"{SAID[number % len(SAID)][:4]}{number:06}号" for number in range(words)]
    engine = Engine([Rule.model_validate({"id": "long", "when": {"said": {"keyword": {"words": said}}}})])
    return min(_cpu(lambda: [engine.inspect(one) for one in stored]) for _ in range(RUNS))


def agreement(pairs: Sequence[tuple[bool, bool]]) -> dict[str, float]:
    """Precision, recall and F1 of (right, said) pairs, 0 where undefined; `support` is how many are right."""
    both = sum(right and said for right, said in pairs)
    said = sum(said for _, said in pairs)
    support = sum(right for right, _ in pairs)
    precision, recall = both / said if said else 0.0, both / support if support else 0.0
    f1 = 2 * both / (said + support) if said + support else 0.0
    return {"precision": round(precision, 4), "recall": round(recall, 4), "f1": round(f1, 4), "support": support}


def _conversation(chance: random.Random, number: int) -> Conversation:
    turns = (
        Turn("agent" if at % 2 else "customer", chance.choice(SAID) + str(chance.randrange(10**6)), at * 20.0)
        for at in range(TURNS)
    )
    return Conversation(str(number), tuple(turns))


def _cpu(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _plain(rules: Sequence[Rule], conversation: Conversation, cut: Cut, *, anew: bool) -> int:
    """Each rule by itself: each turn cut into words for its lists, `anew` or once, and searched for its patterns."""
    found = 0
    kept = {} if anew else {turn.text: set(cut(turn.text)) for turn in conversation.turns}
    for rule in rules:
        for one in rule.when.values():
            for turn in conversation.turns:
                if one.keyword:
                    words = kept.get(turn.text) or set(cut(turn.text))
                    found += any(word in words or word in turn.text for word in one.keyword.words)
                elif one.regex or one.entity in ENTITIES:
                    pattern = one.regex.match if one.regex else ENTITIES[one.entity or ""]
                    found += bool(re.search(pattern, turn.text, re.IGNORECASE))
    return found
