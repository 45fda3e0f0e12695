"""What words mean: vectors that put words of like meaning near each other, Chinese and English in one space."""

from functools import lru_cache
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np

from kefu_engine.components.text import is_han

TABLE = Path(__file__).with_name("meanings.npz")


class Meanings:
    """A word's vector has length 1. How the table was made: docs/evaluation.md."""

    def __init__(self, path: Path) -> None:
        with np.load(path) as kept:
            self.words = bytes(kept["words"]).decode("utf-8").split("\n")
            self._vectors = kept["vectors"]  # int8, each row scaled to its own largest number
        self._places = {name: place for place, name in enumerate(self.words)}
        self.digest = f"{crc32(self._vectors.tobytes()):08x}"
        self.width = int(self._vectors.shape[1])

    def __contains__(self, word: str) -> bool:
        return word in self._places

    def of(self, word: str) -> Any:
        """The vector, float32; of a Chinese word that is not in the table that of its characters; or None."""
        place = self._places.get(word)
        if place is None and len(word) > 1 and is_han(word):
            return _to_length_1(sum((v for v in map(self.of, word) if v is not None), np.zeros(self.width, np.float32)))
        return None if place is None else _to_length_1(self._vectors[place].astype(np.float32))

    def mean(self, words: list[str], weights: list[float]) -> Any:
        """The weighted mean of those that are known, scaled to length 1; zeros when none is."""
        total = np.zeros(self.width, np.float32)
        for word, weight in zip(words, weights, strict=True):
            vector = self.of(word)
            if vector is not None:
                total += weight * vector
        return _to_length_1(total)


def _to_length_1(vector: Any) -> Any:
    length = float(np.sqrt(vector @ vector))
    return vector / length if length else vector


@lru_cache(maxsize=1)
def meanings() -> Meanings:
    """The table that the engine ships with."""
    return Meanings(TABLE)
