"""Tags that a text suggests: terms that it speaks of more often than the library does."""

from collections import Counter
from collections.abc import Mapping
from typing import Final

import rjieba

from knowledge.rules.empty import EMPTY
from knowledge.rules.terms import Rarity, is_han, stems
from language.segment import words

TAGS: Final = 4
SCANNED: Final = 8_000  # letters
# Parts of speech, as jieba's dictionary has them, that name nothing: conjunctions, pronouns, adverbs, numbers, times …
EMPTY_KINDS: Final = frozenset(("a", "c", "d", "e", "f", "m", "o", "p", "q", "r", "t", "u", "y", "z"))
# They fill sentences in any library: verbs without an object of their own, and English words of no subject.
_CHINESE: Final = """
需要 提供 进行 可以 支持 使用 包括 包含 超过 不能 不得 应当 属于 满足 按照 联系 要求 有效 无法 建议 注意 情况
如需 比如 例如 有关 上述 下列 所有 全部 主要 直接 继续 保持 确保 请勿 谢谢 感谢 默认 只能
仅限 无需 不可 未能 亦可 便于 导致 造成 涉及 避免 给予 允许
用于 位于 来自 作为 想要 希望 觉得 发现 存在 具有 拥有 方面 过程 程度 基础 条件 情形 实际 原因 结果
之后 之前 时间 方式 内容 部分 其他 时候 开始 完成 处理 选择 说明 表示 得到 成为 出现 发生 以上 以下 以内 左右 小时 分钟
"""
_ENGLISH: Final = """
also only more other each every within during after before until over under between than once twice first
last next same such both either another used using make made take taken given without already still well
very just even always never often usually please cannot while because through including depending about
days hours minutes weeks months years time thing things ones item items need needs
however therefore moreover furthermore additionally otherwise although though whether unless instead meanwhile thus
hence despite except since towards upon into onto above below against again around along across behind beyond near
almost enough quite rather perhaps maybe soon later earlier currently directly simply approximately according based
most several various different certain whole full part parts kind kinds able allow allows allowed like likely keep
kept known come comes goes going gone being doing done someone anyone everyone nobody nothing something anything
everything itself yourself themselves include includes included provide provides provided contain contains follow
following follows start starts begin ends ensure show shows find send sent thank thanks welcome dear regards
"""
DULL: Final = frozenset(f"{_CHINESE}{_ENGLISH}".split())


def repeated(text: str) -> dict[str, int]:
    """Terms that stand in a text at least twice, and how often."""
    said = Counter(word for word in words(text[:SCANNED]) if _names(word))
    times: Counter[str] = Counter()
    forms = dict[str, str]()  # the most frequent of a term's forms
    for word, count in said.most_common():
        times[forms.setdefault(_form(word), word)] += count
    return {word: count for word, count in times.items() if count > 1}


def suggest(said: Mapping[str, int], rarity: Rarity = lambda _: 1.0) -> tuple[str, ...]:
    """Up to TAGS of the terms that a text repeats, first those that are frequent here and rare in the library."""
    weighed = {
        word: count * rarity(_form(word)) * min(len(word) if is_han(word) else len(word) / 3, 4)
        for word, count in said.items()
    }
    return tuple(sorted(weighed, key=lambda word: (-weighed[word], word))[:TAGS])


def _names(word: str) -> bool:
    """Is it a term: a noun or what is done, of two letters at least?"""
    if word in EMPTY or word in DULL or word[0].isdigit() or len(word) < (2 if is_han(word) else 4):
        return False
    return not is_han(word) or rjieba.tag(word)[0][1] not in EMPTY_KINDS


def _form(word: str) -> str:
    return next(iter(stems(word)), word)
