"""Questions with known answers, from files, for `kefu knowledge train`."""

import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final

from benchmarks.extraction import Truth, read_documents
from benchmarks.shelf import Shelf
from knowledge.ports import Passage, Wish
from knowledge.rules.learning import Lesson
from knowledge.rules.rank import core
from knowledge.service.search import Search
from language.fold import fold
from language.lines import BadLine, objects

MOST: Final = 4_000  # questions of a file that are learned from
SAME: Final = frozenset({1, "1"})


async def from_pairs(path: Path) -> list[Lesson]:
    """Lines of `text1`, `text2` and `label` (1: they ask the same): text2 is found by text1. Raises BadLine."""
    places: dict[str, str] = {}
    asked: dict[str, set[str]] = {}
    for number, row in objects(path):
        one, other = row.get("text1"), row.get("text2")
        if not isinstance(one, str) or not isinstance(other, str) or "label" not in row:
            raise BadLine(f"{path}:{number}: text1, text2 and label are needed")
        place = places.setdefault(other, f"d{len(places)}")
        if row["label"] in SAME and fold(one) != fold(other):
            asked.setdefault(one, set()).add(place)
    documents = {place: [Passage(place, 0, text)] for text, place in places.items()}
    questions = [(text, _among(right)) for text, right in list(asked.items())[:MOST]]
    with tempfile.TemporaryDirectory() as folder:
        shelf = Shelf(Path(folder))
        await shelf.put(documents)
        told = await lessons(shelf.search, questions)
        shelf.close()
    return told


async def from_truth(truths: Sequence[Truth], documents: Sequence[Path]) -> list[Lesson]:
    """Facts of documents (as `kefu eval extract` has them): right is every passage that holds the answer."""
    with tempfile.TemporaryDirectory() as folder:
        shelf = Shelf(Path(folder))
        await shelf.put(await read_documents(documents))
        questions = [(one.question, _holds(one)) for one in truths if one.answers]
        told = await lessons(shelf.search, questions)
        shelf.close()
    return told


async def lessons(search: Search, questions: Iterable[tuple[str, Callable[[Passage], bool]]]) -> list[Lesson]:
    """What is found for each question, without what only repeats it."""
    told = []
    for question, right in questions:
        found, measures = await search.candidates(Wish(question, "staff"))
        kept = [place for place, one in enumerate(found) if fold(core(one.passage)) != fold(question)]
        if kept:
            good = [right(found[place].passage) for place in kept]
            told.append(Lesson(question, [measures[place] for place in kept], good))
    return told


def _among(documents: set[str]) -> Callable[[Passage], bool]:
    return lambda passage: passage.document in documents


def _holds(truth: Truth) -> Callable[[Passage], bool]:
    return lambda passage: passage.document == (truth.document or passage.document) and truth.holds(passage.text)
