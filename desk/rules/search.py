"""Which terms a text is found by, in Chinese and English."""

from collections.abc import Callable, Sequence

Words = Callable[[str], Sequence[str]]
"""Folded words of a text (language.segment.words)."""


def terms(text: str, words: Words) -> list[str]:
    """Terms to store, or to ask for: words, and long Chinese words as their pairs of characters.

    So 订单 finds a text in which the dictionary saw 订单号.
    """
    return list(dict.fromkeys(term for word in words(text) for term in _pairs(word)))


def _pairs(word: str) -> list[str]:
    if len(word) < 3 or not "\u3400" <= word[0] <= "\u9fff":
        return [word]
    return [word[n : n + 2] for n in range(len(word) - 1)]
