"""Which entries say the same as another one, or the opposite."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from knowledge.ports import Hit, Passage, Piece, Wish
from knowledge.rules.answer import THRESHOLD, Extract, lead
from knowledge.rules.pairs import ALIKE, alike, contradicts
from knowledge.rules.sought import sought
from knowledge.service.search import Search

COMPARED: Final = 50  # pairs of an entry that are held against the library
PAIRS: Final = 5  # of others, that each is held against


@dataclass(frozen=True, slots=True)
class Likeness:
    """Pair `number` of an entry, and a passage elsewhere that answers the same; `contradicts` when it says otherwise.

    A document's text is named only when it contradicts: most pairs say what a document says.
    """

    number: int
    passage: Passage
    contradicts: bool


async def likenesses(search: Search, entry: str, pieces: Sequence[Piece]) -> list[Likeness]:
    """Near-duplicates of an entry's pairs in other entries, contradictions first."""
    asked = [(number, piece) for number, piece in enumerate(pieces) if piece.kind == "pair"][:COMPARED]
    found = list[Likeness]()
    for number, piece in asked:
        hits, extracts = await search.reading(Wish(piece.question, "staff"))
        found += _of_pair(number, piece, [hit for hit in hits[:PAIRS] if hit.passage.document != entry])
        found += _of_text(number, piece, [one for one in extracts if one.hit.passage.document != entry])
    return sorted(found, key=lambda one: not one.contradicts)


def _of_pair(number: int, piece: Piece, hits: Sequence[Hit]) -> Iterator[Likeness]:
    whether = sought(piece.question).whether
    for hit in hits:
        if same(piece.question, hit):
            yield Likeness(number, hit.passage, contradicts(piece.text, hit.passage.text, whether=whether))


def _of_text(number: int, piece: Piece, extracts: Sequence[Extract]) -> Iterator[Likeness]:
    """The best that documents say, when it would be the answer if there were no pair."""
    said = [one for one in extracts if one.hit.passage.kind != "pair"]
    if not said:
        return
    best = replace(said[0], lead=lead([one.score for one in said], said))
    if best.sure >= THRESHOLD and contradicts(piece.text, best.text, whether=sought(piece.question).whether):
        yield Likeness(number, replace(best.hit.passage, text=best.text), contradicts=True)


def same(question: str, hit: Hit) -> bool:
    """Does the hit answer the same question?"""
    return hit.passage.kind == "pair" and alike(question, hit.passage.question) >= ALIKE
