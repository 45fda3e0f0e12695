"""One slip in every message: what a hurried thumb makes of it."""

import random
from collections import defaultdict
from collections.abc import Callable
from functools import lru_cache

import pypinyin

from kefu_engine.components.meanings import meanings
from kefu_engine.components.text import is_han
from kefu_engine.evaluation.examples import Example

SHORTEST = 4
"""Letters of an English word that is slipped in."""


def slipped(examples: list[Example], seed: int = 0) -> list[Example]:
    """The same with a Chinese character replaced by another of its sound, or in messages without any two letters of a
    word exchanged, one left out or one doubled; what has no place for a slip stays."""
    chance = random.Random(seed)
    return [Example(_slip(e.text, chance), e.intent, e.language) for e in examples]


def _slip(text: str, chance: random.Random) -> str:
    han = [place for place, sign in enumerate(text) if is_han(sign) and len(_same_sound()[_sound(sign)] - {sign})]
    if han:
        place = chance.choice(han)
        other = chance.choice(sorted(_same_sound()[_sound(text[place])] - {text[place]}))
        return text[:place] + other + text[place + 1 :]
    words = text.split(" ")
    long = [place for place, word in enumerate(words) if len(word) >= SHORTEST and word.isascii() and word.isalpha()]
    if not long:
        return text
    place = chance.choice(long)
    word = words[place]
    words[place] = chance.choice(SLIPS)(word, chance.randrange(1, len(word) - 1))
    return " ".join(words)


SLIPS: list[Callable[[str, int], str]] = [
    lambda word, at: word[:at] + word[at + 1] + word[at] + word[at + 2 :],
    lambda word, at: word[:at] + word[at + 1 :],
    lambda word, at: word[:at] + word[at] + word[at:],
]


@lru_cache(maxsize=1)
def _same_sound() -> dict[str, set[str]]:
    """Common characters by their syllable."""
    found: dict[str, set[str]] = defaultdict(set)
    for word in meanings().words:
        if len(word) == 1 and is_han(word):
            found[_sound(word)].add(word)
    return found


def _sound(character: str) -> str:
    return str(pypinyin.lazy_pinyin(character)[0])
