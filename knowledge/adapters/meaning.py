"""Vectors from the table of meanings that kefu ships with."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from language.meanings import Meanings, Vectors

LETTERS: Final = 2_000  # of a passage that count


class MeantWords:
    """The mean of a text's words."""

    def __init__(self, meanings: Meanings) -> None:
        self._meanings = meanings

    async def embed(self, texts: Sequence[str]) -> Vectors:
        """As Embedder.embed."""
        rows = [self._meanings.vector(text[:LETTERS]) for text in texts]
        return np.stack(rows) if rows else np.zeros((0, self._meanings.width), np.float32)
