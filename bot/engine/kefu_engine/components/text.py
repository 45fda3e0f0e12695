"""Chinese, English and both in one sentence: words, and features of an intent."""

import itertools
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

import opencc
import pypinyin
import rjieba

from kefu_engine.components.emoji import in_words

HAN = "\u3400-\u4dbf\u4e00-\u9fff"
RUNS = re.compile(rf"[{HAN}]+|[a-z]+(?:'[a-z]+)?|\d+|[^\s\w]")
NUMBERS = re.compile(r"(?<![a-z0-9])[a-z]{0,2}\s?\d{6,}")
UNSEEN = re.compile("[\u200d\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]")
"""What joins, colours or chooses the drawing of emoji."""
LONGEST = 400
"""Characters looked at: an intent shows early, and a pasted page must not hold others up."""


@lru_cache(maxsize=1)
def _simplifier() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def normalise(text: str) -> str:
    """Half width, simplified, lower case, emoji in words; long numbers become one sign: which it is says nothing."""
    plain = UNSEEN.sub("", unicodedata.normalize("NFKC", text[:LONGEST])).lower().replace("’", "'")
    return NUMBERS.sub(" # ", _simplifier().convert(in_words(plain)))


def is_han(run: str) -> bool:
    """Whether a run or word is Chinese."""
    return "\u3400" <= run[0] <= "\u9fff"


def runs(text: str) -> list[str]:
    """Stretches of Han characters, Latin words, numbers, single signs; in order."""
    return RUNS.findall(normalise(text))


def words_of(stretches: list[str]) -> list[str]:
    """The same with Chinese cut into words."""
    return [word for run in stretches for word in (rjieba.cut(run) if is_han(run) else (run,))]


def features(stretches: list[str], words: list[str]) -> Iterator[str]:
    """Words, word pairs, pieces of 1 to 3 Han characters or 3 to 5 Latin letters, and pairs of Chinese syllables."""
    for run in stretches:
        if is_han(run):
            yield from (run[i : i + n] for n in (1, 2, 3) for i in range(len(run) - n + 1))
            # By sound, 订蛋 is 订单: what a slip of the pinyin keyboard leaves alone.
            sounds = [_sound(character) for character in run]
            yield from (f"s:{left} {right}" for left, right in itertools.pairwise(sounds))
        else:
            framed = f"<{run}>"
            yield from (framed[i : i + n] for n in (3, 4, 5) for i in range(len(framed) - n + 1))
    yield from (f"w:{word}" for word in words)
    yield from (f"p:{left} {right}" for left, right in zip(["^", *words], [*words, "$"], strict=True))


@lru_cache(maxsize=30_000)
def _sound(character: str) -> str:
    """A character's commonest syllable, without its tone."""
    return str(pypinyin.lazy_pinyin(character)[0])
