"""Words of Chinese, English and both in one sentence."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

import rjieba

from language.fold import fold

HAN: Final = r"\u3400-\u4dbf\u4e00-\u9fff"
RUNS: Final = re.compile(rf"[{HAN}]+|[^\W\d_{HAN}]+(?:['’][^\W\d_{HAN}]+)?|\d+(?:[.,:]\d+)*|[^\s\w]|_")


class Token(NamedTuple):
    """A word as it is folded, and where it stands."""

    text: str
    start: int
    end: int


def tokens(text: str) -> list[Token]:
    """Words, numbers and signs in order: Chinese by jieba's dictionary, the rest by rule."""
    return list(_tokens(fold(text)))


def words(text: str) -> list[str]:
    """The folded words and numbers, without signs."""
    found: list[str] = []
    for run in RUNS.findall(fold(text)):  # as tokens, without places: search does this a hundred times a question
        if _is_han(run[0]):
            found += rjieba.cut(run)
        elif run[0].isalnum():
            found.append(run)
    return found


def _tokens(folded: str) -> Iterator[Token]:
    for run in RUNS.finditer(folded):
        if not _is_han(run[0][0]):
            yield Token(run[0], run.start(), run.end())
            continue
        place = run.start()
        for word in rjieba.cut(run[0]):
            yield Token(word, place, place + len(word))
            place += len(word)


def _is_han(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff"
