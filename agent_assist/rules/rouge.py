"""ROUGE (Lin 2004): how much of a reference summary another one says, as F1."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from rapidfuzz.distance import LCSseq

from language.segment import tokens

MEASURES: Final = ("rouge1", "rouge2", "rougeL")


def units(text: str) -> list[str]:
    """What is counted: Chinese characters and other words, folded, without signs and without stemming."""
    found: list[str] = []
    for token in tokens(text):
        if token.text[0].isalnum():
            found += token.text if "\u3400" <= token.text[0] <= "\u9fff" else [token.text]
    return found


def rouge(told: str, reference: str) -> dict[str, float]:
    """F1 of single units, of pairs, and of the longest common subsequence; 0 to 1."""
    a, b = units(told), units(reference)
    scores = [_counted(a, b, 1), _counted(a, b, 2), _f1(LCSseq.similarity(a, b), len(a), len(b))]
    return dict(zip(MEASURES, scores, strict=True))


def mean_rouge(told: str, references: Sequence[str]) -> dict[str, float]:
    """Against several references: the mean over them, so that one lucky match does not count as three."""
    found = [rouge(told, one) for one in references]
    return {name: sum(one[name] for one in found) / len(found) for name in MEASURES}


def _counted(a: Sequence[str], b: Sequence[str], size: int) -> float:
    grams = [Counter(zip(*(side[start:] for start in range(size)), strict=False)) for side in (a, b)]
    return _f1((grams[0] & grams[1]).total(), grams[0].total(), grams[1].total())


def _f1(shared: int, told: int, wanted: int) -> float:
    return 2 * shared / (told + wanted) if told + wanted else 0.0
