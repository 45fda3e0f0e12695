"""Which terms a text is found by, in Chinese and English."""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import chain, pairwise
from typing import Final

import Stemmer

from language.fold import fold
from language.segment import words

Rarity = Callable[[str], float]
"""A term's inverse document frequency."""

LONGEST: Final = 60  # a run of letters or digits beyond this is no word of anybody's question
_HAN: Final = re.compile(r"[\u3400-\u9fff]")
_stem: Final = Stemmer.Stemmer("english")


def is_han(word: str) -> bool:
    """Does it begin with a Chinese character?"""
    return "\u3400" <= word < "\ua000"


def terms(text: str) -> list[str]:
    """Terms in order, repeated as they occur: words (English ones stemmed), Chinese characters and pairs of them.

    Characters find what the dictionary cut elsewhere: 订单 in a text in which it saw 订单号.
    """
    return [*stems(text), *(letters := characters(text)), *pairs(letters)]


def stems(text: str) -> list[str]:
    """Words of both languages, Latin ones by their stem; single Chinese characters are left to `characters`."""
    return forms(words(text))


def forms(said: Sequence[str]) -> list[str]:
    """As `stems`, of words that are cut already."""
    return list(filter(None, map(_word, said)))


def characters(text: str) -> list[str]:
    """The Chinese characters."""
    return _HAN.findall(fold(text))


def pairs(letters: Sequence[str]) -> list[str]:
    """Neighbours, as bigrams marked so that they are no words."""
    return [f"{one}_{other}" for one, other in pairwise(letters)]


def joined(text: str) -> list[str]:
    """Neighbouring Latin words as one: a question for a power bank finds the PowerBank."""
    found = stems(text)
    return [f"{one}{other}" for one, other in pairwise(found) if one.isascii() and other.isascii()]


def units(text: str) -> list[str]:
    """What edit distances are counted in: Chinese characters, whole words of other scripts."""
    return letters(words(text))


def letters(said: Sequence[str]) -> list[str]:
    """As `units`, of words that are cut already."""
    return list(chain.from_iterable(map(_units, said)))


@lru_cache(65_536)
def _word(word: str) -> str:
    return "" if len(word) == 1 and is_han(word) else _form(word)


@lru_cache(65_536)
def _units(word: str) -> Sequence[str]:
    return word if is_han(word) else (_form(word),)


def _form(word: str) -> str:
    short = word[:LONGEST]
    return short if is_han(short) else str(_stem.stemWord(short.replace("’", "'").removesuffix("'s")))
