"""Texts as vectors: weighted terms, and the space in which what was asked lies near what was answered."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Vector = NDArray[np.float32]

SMALLEST: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Known terms with their places and inverse document frequencies."""

    places: Mapping[str, int]
    rarity: Vector

    @classmethod
    def learn(cls, documents: Iterable[Sequence[str]], *, at_least: int, at_most: int) -> "Vocabulary":
        """From documents' terms: those in `at_least` documents, the `at_most` most frequent."""
        count, seen = 0, Counter[str]()
        for document in documents:
            count += 1
            seen.update(set(document))
        kept = [(term, times) for term, times in seen.most_common(at_most) if times >= at_least]
        rarity = [np.log((1 + count) / (1 + times)) + 1 for _, times in kept]
        return cls({term: place for place, (term, _) in enumerate(kept)}, np.array(rarity, np.float32))

    def vector(self, document: Sequence[str]) -> tuple[list[int], Vector]:
        """Places and weights (logarithmic count times rarity, length 1); terms that are not known do not count."""
        counts = Counter(place for term in document if (place := self.places.get(term)) is not None)
        places = list(counts)
        weights = (1 + np.log(np.fromiter(counts.values(), np.float32, len(counts)))) * self.rarity[places]
        return places, weights / max(float(np.linalg.norm(weights)), SMALLEST)

    def matrix(self, documents: Iterable[Sequence[str]]) -> Any:
        """A sparse matrix with a row for each document."""
        indices, values, ends = list[int](), list[Vector](), [0]
        for document in documents:
            places, weights = self.vector(document)
            indices += places
            values.append(weights)
            ends.append(len(indices))
        data = np.concatenate(values) if values else np.zeros(0, np.float32)
        return sparse.csr_matrix((data, indices, ends), shape=(len(ends) - 1, len(self.places)))


def unit(rows: NDArray[Any]) -> Vector:
    """Each row with length 1."""
    lengths = np.linalg.norm(rows, axis=-1, keepdims=True)
    return np.asarray(rows / np.maximum(lengths, SMALLEST), np.float32)
