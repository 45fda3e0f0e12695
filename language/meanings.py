"""What words mean: a table of vectors that puts words of like meaning near each other, both languages in one space."""

from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import takewhile
from math import log
from pathlib import Path
from typing import Final
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from language.segment import words

Vectors = NDArray[np.float32]
"""One row or many, each of length 1; zeros where nothing is known."""

COMMON: Final = 50.0  # words as common as these first ones say nearly nothing
LETTER: Final = 0.4  # what a single Chinese character weighs
FULL: Final = 127.0  # a number of one byte
UNKNOWN: Final = -1  # the place of a word that the table does not have


class Meanings:
    """How the table was made: docs/evaluation.md. Its words stand by how common they are, single characters first.

    What all words of a language have in common is taken off when it is read: else any two words of one language are
    nearer than a word and its translation. Without a table no word is known.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.words, vectors = list[str](), np.zeros((0, 1), np.int8)
        if path is not None:
            with np.load(path) as kept:
                self.words = bytes(kept["words"]).decode("utf-8").split("\n")
                vectors = centred(kept["vectors"], self.words)  # one byte a number
        self._places = {word: place for place, word in enumerate(self.words)}
        self._letters = sum(1 for _ in takewhile(lambda word: len(word) == 1, self.words))
        self.digest = f"{crc32(vectors.tobytes()):08x}"
        self.width = int(vectors.shape[1])
        self._none = np.zeros(self.width, np.float32)
        self._vectors = np.concatenate([vectors, np.zeros((1, self.width), np.int8)])  # the last: of what is unknown
        self._lengths = np.maximum(lengths(self._vectors), 1)[:, np.newaxis]
        self.of = lru_cache(65_536)(self._of)

    def __contains__(self, word: str) -> bool:
        return word in self._places

    def _of(self, word: str) -> Vectors:
        """A word's vector; that of its characters when it is Chinese and not in the table."""
        place = self._places.get(word)
        if place is not None:
            return to_length_1(self._vectors[place].astype(np.float32))
        known = [self._of(one) for one in word if one in self._places] if not word.isascii() and len(word) > 1 else []
        return to_length_1(np.sum(known, axis=0)) if known else self._none

    def weight(self, word: str) -> float:
        """0 to 1: how telling it is, by how rare it is in the language (Arora et al. 2017 weigh alike)."""
        place = self._places.get(word)
        if place is None:
            return 1.0
        if place < self._letters:
            return LETTER
        return min(1.0, (log(place - self._letters + COMMON) - 3) / 7)

    def matrix(self, said: Sequence[str]) -> Vectors:
        """Words as rows."""
        at = np.array([self._places.get(word, UNKNOWN) for word in said], np.intp)
        rows: Vectors = np.divide(self._vectors[at], self._lengths[at], dtype=np.float32)
        for row in np.flatnonzero(at == UNKNOWN).tolist():
            rows[row] = self.of(said[row])
        return rows

    def vector(self, text: str) -> Vectors:
        """A text: the weighted mean of its words."""
        return self.mean(words(text))

    def mean(self, said: Sequence[str]) -> Vectors:
        """As `vector`, of words that are cut already."""
        weights = np.array([self.weight(word) for word in said], np.float32)
        return to_length_1(weights @ self.matrix(said)) if said else self._none


def centred(vectors: NDArray[np.int8], said: Sequence[str]) -> NDArray[np.int8]:
    """Directions without the mean of the Chinese ones, or of the others; rows are words as they are `said`."""
    moved: Vectors = np.divide(vectors, np.maximum(lengths(vectors), 1)[:, np.newaxis], dtype=np.float32)
    chinese = np.array(["\u3400" <= word < "\ua000" for word in said], np.bool)
    for language in (chinese, ~chinese):
        if language.any():
            moved[language] -= moved[language].mean(axis=0)
    moved *= FULL / np.maximum(np.abs(moved).max(axis=1, keepdims=True, initial=0.0), 1e-6)
    return np.round(moved).astype(np.int8)


def to_length_1(vector: Vectors) -> Vectors:
    """The same direction; zeros stay."""
    length = float(np.sqrt(vector @ vector))
    return vector / np.float32(length) if length else vector


def lengths(rows: NDArray[np.int8]) -> Vectors:
    """Of each row; whole numbers are added, so none of it is ever there as floats."""
    squares: NDArray[np.int32] = np.einsum("ij,ij->i", rows, rows, dtype=np.int32)
    return np.sqrt(squares).astype(np.float32)


@cache
def meanings(path: Path) -> Meanings:
    """The table in this file, read once."""
    return Meanings(path)
