"""Unanswered questions that ask for the same, together."""

from collections.abc import Sequence
from typing import Final

from rapidfuzz.distance import LCSseq

from knowledge.rules.empty import EMPTY
from knowledge.rules.terms import characters, is_han, stems, units

ALIKE: Final = 0.45


def clusters(questions: Sequence[str]) -> list[list[int]]:
    """Places of questions that are alike, largest group first; each joins the first group that is near enough.

    Leader clustering (Hartigan 1975): one pass, and the first question of a group stands for it.
    """
    leaders: list[tuple[frozenset[str], list[str]]] = []
    groups: list[list[int]] = []
    by_term: dict[str, list[int]] = {}
    for place, question in enumerate(questions):
        terms, letters = _telling(question), units(question)
        near = dict.fromkeys(group for term in terms for group in by_term.get(term, ()))
        found = next((group for group in near if likeness(leaders[group], (terms, letters)) >= ALIKE), None)
        if found is None:
            found = len(groups)
            leaders.append((terms, letters))
            groups.append([])
            for term in terms:
                by_term.setdefault(term, []).append(found)
        groups[found].append(place)
    return sorted(groups, key=len, reverse=True)


def likeness(one: tuple[frozenset[str], list[str]], other: tuple[frozenset[str], list[str]]) -> float:
    """0 to 1: telling terms in common, or the same letters in the same order."""
    shared = len(one[0] & other[0]) / (min(len(one[0]), len(other[0])) or 1)
    longest = max(len(one[1]), len(other[1]), 1)
    return max(shared * 0.9, LCSseq.similarity(one[1], other[1]) / longest)


def _telling(question: str) -> frozenset[str]:
    telling = [word for word in stems(question) if word not in EMPTY and len(word) > 1]
    return frozenset(
        telling or [one for one in (*characters(question), *stems(question)) if is_han(one) or len(one) > 1]
    )
