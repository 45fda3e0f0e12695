"""Chinese, English and both in one sentence, as features of an intent."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

import opencc
import rjieba

HAN = "\u3400-\u4dbf\u4e00-\u9fff"
RUNS = re.compile(rf"[{HAN}]+|[a-z]+(?:'[a-z]+)?|\d+|[^\s\w]")
NUMBERS = re.compile(r"(?<![a-z0-9])[a-z]{0,2}\s?\d{6,}")
LONGEST = 400
"""Characters looked at: an intent shows early, and a pasted page must not hold others up."""


@lru_cache(maxsize=1)
def _simplifier() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def normalise(text: str) -> str:
    """Half width, simplified, lower case; long numbers become one sign, since which number it is says nothing."""
    plain = unicodedata.normalize("NFKC", text[:LONGEST]).lower()
    return NUMBERS.sub(" # ", _simplifier().convert(plain))


def features(text: str) -> Iterator[str]:
    """Words, word pairs, and pieces of 1 to 3 Han characters or 3 to 5 Latin letters."""
    words: list[str] = []
    for run in RUNS.findall(normalise(text)):
        if "\u3400" <= run[0] <= "\u9fff":
            yield from (run[i : i + n] for n in (1, 2, 3) for i in range(len(run) - n + 1))
            words += rjieba.cut(run)
        else:
            framed = f"<{run}>"
            yield from (framed[i : i + n] for n in (3, 4, 5) for i in range(len(framed) - n + 1))
            words.append(run)
    yield from (f"w:{word}" for word in words)
    yield from (f"p:{left} {right}" for left, right in zip(["^", *words], [*words, "$"]))
