"""Tags that a text suggests: what it speaks of more often than texts do."""

from collections import Counter
from typing import Final

from knowledge.rules.empty import EMPTY
from knowledge.rules.terms import is_han
from language.segment import words

TAGS: Final = 4
SCANNED: Final = 8_000


def suggest(text: str) -> tuple[str, ...]:
    """Up to TAGS words that stand in it at least twice, longer and more frequent ones first."""
    counted = Counter(
        word
        for word in words(text[:SCANNED])
        if word not in EMPTY and not word[0].isdigit() and len(word) > (1 if is_han(word) else 3)
    )
    weighed = {
        word: times * (len(word) if is_han(word) else len(word) / 3) for word, times in counted.items() if times > 1
    }
    return tuple(sorted(weighed, key=lambda word: (-weighed[word], word))[:TAGS])
