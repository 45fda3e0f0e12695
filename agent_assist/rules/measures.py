"""How good suggestions and summaries are, as figures."""

import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from agent_assist.rules.terms import terms

AT: Final = (1, 5, 10)
SATURATION: Final = 1.2  # BM25's k1 and b, as Lucene sets them
LENGTH: Final = 0.75


def recalls(ranks: Sequence[int], at: Sequence[int] = AT) -> dict[str, float]:
    """Share of ranks (from 1) within each bound, and the mean reciprocal rank."""
    count = max(len(ranks), 1)
    found = {f"recall@{bound}": sum(rank <= bound for rank in ranks) / count for bound in at}
    return {**found, "mrr": sum(1 / rank for rank in ranks) / count}


def rank_of_first(scores: Sequence[float]) -> int:
    """The first score's rank among all; whoever ties with it stands before it."""
    return 1 + sum(score >= scores[0] for score in scores[1:])


@dataclass(frozen=True, slots=True)
class Bm25:
    """The usual word match, to compare with (Robertson and Zaragoza 2009), over the terms of past replies."""

    documents: int
    frequency: Mapping[str, int]
    mean_length: float

    @classmethod
    def learn(cls, texts: Sequence[str]) -> "Bm25":
        """How frequent each term is."""
        cut = [terms(text) for text in texts]
        frequency = Counter(word for some in cut for word in set(some))
        return cls(len(cut), frequency, max(sum(map(len, cut)) / max(len(cut), 1), 1.0))

    def score(self, query: Collection[str], text: str) -> float:
        """How well the text matches the query's words."""
        counts = Counter(terms(text))
        norm = SATURATION * (1 - LENGTH + LENGTH * counts.total() / self.mean_length)
        total = 0.0
        for word in query:
            if times := counts.get(word, 0):
                seen = self.frequency.get(word, 0)
                rarity = math.log(1 + (self.documents - seen + 0.5) / (seen + 0.5))
                total += rarity * times * (SATURATION + 1) / (times + norm)
        return total


def shared(truth: Sequence[bool], told: Sequence[bool]) -> dict[str, float]:
    """Precision and recall of what was told, and how often it was true."""
    hits = sum(a and b for a, b in zip(truth, told, strict=True))
    return {
        "precision": hits / max(sum(told), 1),
        "recall": hits / max(sum(truth), 1),
        "share": sum(truth) / max(len(truth), 1),
    }
