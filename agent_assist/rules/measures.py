"""How good suggestions and summaries are, as figures."""

import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from agent_assist.rules.dialogue import Dialogue, Moment, agent_moments
from agent_assist.rules.replies import ReplyModel
from agent_assist.rules.terms import terms

AT: Final = (1, 5, 10)
CANDIDATES: Final = 100
MOST: Final = 2000
SEED: Final = 7
TRIES: Final = 50
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

    def score(self, query: Collection[str], counts: Counter[str]) -> float:
        """How well a text, as the counts of its terms, matches the query's."""
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


def ranked(truth: Sequence[bool], chances: Sequence[float]) -> dict[str, float]:
    """The area under the curve (0.5 is chance) and the average precision of chances; {} when all truth is the same."""
    from sklearn.metrics import average_precision_score, roc_auc_score  # slow to import, and needed by figures alone

    if len(set(truth)) < 2:
        return {}
    return {
        "auroc": float(roc_auc_score(truth, chances)),
        "average_precision": float(average_precision_score(truth, chances)),
    }


def candidates(test: Sequence[Dialogue]) -> list[tuple[Moment, list[str]]]:
    """Moments at which an agent answered, and 100 candidates: what was said, and answers of other conversations.

    At most 2,000 moments, drawn with a fixed seed; with few answers there are fewer candidates.
    """
    chance = np.random.default_rng(SEED)
    said = [
        (one.id, moment, turn.text) for one in test for moment, turn in agent_moments(one) if moment.asked and turn.text
    ]
    asked = []
    for conversation, moment, reply in (said[place] for place in chance.permutation(len(said))[:MOST]):
        found = {reply: None}
        for place in chance.integers(len(said), size=CANDIDATES * TRIES):
            other, _, text = said[place]
            if other != conversation:
                found[text] = None
            if len(found) == CANDIDATES:
                break
        asked.append((moment, list(found)))
    return asked


def reply_ranks(model: ReplyModel, test: Sequence[Dialogue]) -> list[int]:
    """The rank of what was really said, among each moment's candidates."""
    asked = candidates(test)
    texts = list(dict.fromkeys(text for _, found in asked for text in found))
    places = {text: place for place, text in enumerate(texts)}
    if not asked:
        return []
    ready = model.ready(texts)
    scores = (model.scores(moment, ready.only([places[text] for text in found])) for moment, found in asked)
    return [rank_of_first(one.tolist()) for one in scores]


def plain_ranks(bm25: Bm25, test: Sequence[Dialogue]) -> list[int]:
    """The same by BM25 of the candidate against what was asked."""
    counts: dict[str, Counter[str]] = {}
    ranks = []
    for moment, found in candidates(test):
        query = set(terms(moment.asked))
        counts |= {text: Counter(terms(text)) for text in found if text not in counts}
        ranks.append(rank_of_first([bm25.score(query, counts[text]) for text in found]))
    return ranks
