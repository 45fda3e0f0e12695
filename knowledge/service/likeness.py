"""Which entries say the same as another one, or the opposite."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from knowledge.ports import Hit, Passage, Piece, Wish
from knowledge.rules.pairs import ALIKE, alike, contradicts
from knowledge.service.search import Search

COMPARED: Final = 50  # pairs of an entry that are held against the library


@dataclass(frozen=True, slots=True)
class Likeness:
    """Pair `number` of an entry, and a passage elsewhere that answers the same; `contradicts` when figures differ."""

    number: int
    passage: Passage
    contradicts: bool


async def likenesses(search: Search, entry: str, pieces: Sequence[Piece]) -> list[Likeness]:
    """Near-duplicates of an entry's pairs in other entries, contradictions first."""
    asked = [(number, piece) for number, piece in enumerate(pieces) if piece.kind == "pair"][:COMPARED]
    found = [
        Likeness(number, hit.passage, contradicts(piece.text, hit.passage.text))
        for number, piece in asked
        for hit in await search.search(Wish(piece.question, "staff", limit=5))
        if hit.passage.document != entry and same(piece.question, hit)
    ]
    return sorted(found, key=lambda one: not one.contradicts)


def same(question: str, hit: Hit) -> bool:
    """Does the hit answer the same question?"""
    return hit.passage.kind == "pair" and alike(question, hit.passage.question) >= ALIKE
