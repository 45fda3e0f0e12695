"""What stands on a page and where: points from its upper left corner, y downwards."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

ROOM: Final = 0.3  # characters between two words that a space belongs in
WIDE: Final = 1.5  # characters between two words of different columns


@dataclass(frozen=True, slots=True)
class Word:
    """Characters that touch each other; `size` is that of their type, `apart` says that a space was set before them."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float
    bold: bool = False
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Stroke:
    """A straight line that is drawn, level or upright."""

    left: float
    right: float
    top: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Page:
    """One of a document; its words in the order in which they were set. `scanned`: it has pictures and no words."""

    width: float
    height: float
    words: tuple[Word, ...]
    strokes: tuple[Stroke, ...] = ()
    scanned: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """The words of one line in one column. `opens` is the width of what no line may break at its start."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float
    bold: bool
    opens: float


def lines(words: Sequence[Word]) -> list[Line]:
    """Words gathered to lines, in their order."""
    found: list[Line] = []
    held: list[Word] = []
    for word in words:
        if held and not (level(held[-1], word) and -1 < (word.left - held[-1].right) / word.size < WIDE):
            found.append(_line(held))
            held = []
        held.append(word)
    if held:
        found.append(_line(held))
    return found


def level(one: Word | Line, other: Word | Line) -> bool:
    """Whether two stand at the same height."""
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    return shared > 0.5 * min(one.bottom - one.top, other.bottom - other.top)


def joined(one: str, other: str) -> str:
    """Two lines of one text. Chinese has no space there, and a word that was broken gets its end back."""
    if not one or not other:
        return one + other
    if broken(one):
        return (one[:-1] if one[-2].islower() and other[0].islower() else one) + other
    return f"{one} {other}" if one[-1].isascii() and other[0].isascii() else one + other


def broken(text: str) -> bool:
    """Whether it ends in the midst of a word or a number."""
    return text[-1:] == "-" and text[-2:-1].isalnum()


def _unbroken(word: str) -> int:
    """How many of its first characters stay together: Latin ones, of Chinese one alone."""
    return next((place for place, one in enumerate(word) if not one.isascii()), len(word)) or 1


def _line(words: Sequence[Word]) -> Line:
    text = words[0].text
    for before, word in pairwise(words):
        room = word.apart or (
            word.left - before.right > ROOM * word.size and before.text[-1].isascii() and word.text[0].isascii()
        )
        text += f" {word.text}" if room else word.text
    return Line(
        text,
        words[0].left,
        words[-1].right,
        min(word.top for word in words),
        max(word.bottom for word in words),
        max(word.size for word in words),
        all(word.bold for word in words),
        (words[0].right - words[0].left) * _unbroken(words[0].text) / len(words[0].text),
    )
