"""Texts as vectors: weighted terms, and the space in which what was asked lies near what was answered."""

from collections import ChainMap, Counter
from collections.abc import Iterable, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Vector = NDArray[np.float32]

SMALLEST: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Known terms with their places and inverse document frequencies; `unseen` is that of a term never seen."""

    places: MutableMapping[str, int]
    rarity: Vector
    unseen: float

    def __len__(self) -> int:
        return len(self.rarity)  # a chain of places would count them one by one

    @classmethod
    def learn(cls, documents: Iterable[Sequence[str]], *, at_least: int, at_most: int) -> "Vocabulary":
        """From documents' terms: those in `at_least` documents, the `at_most` most frequent."""
        count, seen = 0, Counter[str]()
        for document in documents:
            count += 1
            seen.update(set(document))
        kept = [(term, times) for term, times in seen.most_common(at_most) if times >= at_least]
        rarity = [float(np.log((1 + count) / (1 + times))) + 1 for _, times in kept]
        places = {term: place for place, (term, _) in enumerate(kept)}
        return cls(places, np.array(rarity, np.float32), max(rarity, default=1.0))

    def grown(self, documents: Iterable[Sequence[str]]) -> "Vocabulary":
        """With the terms of these few documents too: as rare as one that was never seen. Nothing is copied for it."""
        fresh = dict.fromkeys(term for document in documents for term in document if term not in self.places)
        if not fresh:
            return self
        places = {term: len(self) + place for place, term in enumerate(fresh)}
        rarity = np.concatenate([self.rarity, np.full(len(places), self.unseen, np.float32)])
        return Vocabulary(ChainMap(places, self.places), rarity, self.unseen)

    def vector(self, document: Sequence[str]) -> tuple[list[int], Vector]:
        """Places and weights of the known terms: logarithmic count times rarity.

        The whole document, with its terms that are not known, has length 1: who shares one word of ten is not close.
        """
        counts = Counter(document)
        known = [(place, times) for term, times in counts.items() if (place := self.places.get(term)) is not None]
        places = [place for place, _ in known]
        weights = (1 + np.log(np.fromiter((times for _, times in known), np.float32, len(known)))) * self.rarity[places]
        unknown = self.unseen**2 * (len(counts) - len(known))
        return places, np.asarray(weights / max(float(np.sqrt(weights @ weights + unknown)), SMALLEST), np.float32)

    def matrix(self, documents: Iterable[Sequence[str]]) -> Any:
        """A sparse matrix with a row for each document."""
        indices, values, ends = list[int](), list[Vector](), [0]
        for document in documents:
            places, weights = self.vector(document)
            indices += places
            values.append(weights)
            ends.append(len(indices))
        data = np.concatenate(values) if values else np.zeros(0, np.float32)
        return sparse.csr_matrix((data, indices, ends), shape=(len(ends) - 1, len(self)))


def unit(rows: NDArray[Any]) -> Vector:
    """Each row with length 1."""
    lengths = np.linalg.norm(rows, axis=-1, keepdims=True)
    return np.asarray(rows / np.maximum(lengths, SMALLEST), np.float32)
