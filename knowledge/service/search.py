"""Asks the index, orders what it finds, and answers with an extract and its source, or not at all."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Final, TypeVar

import numpy as np

from knowledge.ports import Answer, Embedder, EmbedderAway, Found, Hit, Index, Nearness, Wish
from knowledge.rules.answer import THRESHOLD, Extract, quoted
from knowledge.rules.rank import WEIGHTS, Measured, measured, prior, rank
from knowledge.rules.reading import READ, Reading
from knowledge.rules.sound import sounds
from knowledge.rules.synonyms import Synonyms
from knowledge.rules.terms import Rarity, joined, stems, terms
from language.detect import language_of
from language.meanings import Meanings, Vectors

T = TypeVar("T")
CANDIDATES: Final = 14
NEAREST: Final = 8
OTHERS: Final = 3

logger: Final = logging.getLogger(__name__)


def _today() -> date:
    return datetime.now(UTC).date()


@dataclass(frozen=True, slots=True)
class Dense:
    """The side of search that goes by meaning: where vectors come from, and those of all passages."""

    embedder: Embedder
    nearness: Nearness


class Search:
    """Finds passages in both languages; the work is done beside the event loop. See Knowledge."""

    def __init__(
        self,
        index: Index,
        synonyms: Synonyms | None = None,
        meanings: Meanings | None = None,
        dense: Dense | None = None,
        *,
        today: Callable[[], date] = _today,
    ) -> None:
        self._index = index
        self._synonyms = synonyms or Synonyms()
        self._meanings = meanings or Meanings()
        self._dense = dense
        self._today = today
        self._priors: Mapping[str, float] = {}
        self._weights: Sequence[float] = WEIGHTS
        self._thread = ThreadPoolExecutor(1, "kefu-knowledge")

    def learn(self, counts: Mapping[str, Mapping[str, int]]) -> None:
        """How entries were used lately, by kind of use, moves their place."""
        self._priors = {entry: prior(kinds) for entry, kinds in counts.items()}

    def weigh(self, weights: Sequence[float]) -> None:
        """Order by these weights of the MEASURES from now on."""
        self._weights = weights

    async def search(self, wish: Wish) -> list[Hit]:
        """As Knowledge.search."""
        near = await self._near(wish.text)
        return await self._beside(lambda: self.find(wish, near))

    async def answer(self, wish: Wish) -> Answer:
        """As Knowledge.answer."""
        near = await self._near(wish.text)
        return await self._beside(lambda: self.say(wish, near))

    async def extracts(self, wish: Wish) -> list[Extract]:
        """What in the hits may be the answer, best first: to learn its weights from."""
        return (await self.reading(wish))[1]

    async def reading(self, wish: Wish) -> tuple[list[Hit], list[Extract]]:
        """What was found, and what in it may be the answer; both best first."""
        near = await self._near(wish.text)
        return await self._beside(lambda: self.read(wish, near))

    async def candidates(self, wish: Wish) -> tuple[list[Found], list[Measured]]:
        """What could be the answer, and how it was measured, in no order: to learn weights from."""
        near = await self._near(wish.text)
        return await self._beside(lambda: self._measured(wish, near, self._index.rarity))

    async def _near(self, text: str) -> Vectors | None:
        """The question's vector; None when there is none, and then words alone find."""
        if self._dense is None:
            return None
        try:
            vectors: Vectors = await self._dense.embedder.embed([text])
            return np.asarray(vectors[0])
        except EmbedderAway as error:
            logger.warning("a question was searched by its words alone: %s", error)
            return None

    async def _beside(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def find(self, wish: Wish, near: Vectors | None = None) -> list[Hit]:
        """As `search`, in this thread."""
        return self._find(wish, near, self._index.rarity)[: wish.limit]

    def say(self, wish: Wish, near: Vectors | None = None) -> Answer:
        """As `answer`, in this thread."""
        hits, found = self.read(wish, near)
        language = language_of(wish.text)
        if not found or found[0].sure < THRESHOLD:
            return Answer("", found[0].sure if found else 0.0, language, others=tuple(hits[:OTHERS]))
        best = found[0]
        others = [hit for hit in hits if hit.passage.id != best.hit.passage.id]
        return Answer(
            "\n".join(quoted([one.score for one in found], found)),
            best.sure,
            language,
            best.hit,
            tuple(others[:OTHERS]),
        )

    def read(self, wish: Wish, near: Vectors | None = None) -> tuple[list[Hit], list[Extract]]:
        """As `reading`, in this thread."""
        rarity = self._index.rarity
        found, measures = self._measured(wish, near, rarity)
        hits = rank(wish.text, found, measures, rarity, self._priors, self._weights)
        if found:  # what has most of the words, rare ones above all (KX001), is read wherever it came to stand
            first = next(place for place, hit in enumerate(hits) if hit.passage.id == found[0].passage.id)
            hits.insert(min(first, READ - 1), hits.pop(first))
        return hits, Reading(wish.text, rarity, self._synonyms, self._meanings).extracts(hits)

    def _find(self, wish: Wish, near: Vectors | None, rarity: Rarity) -> list[Hit]:
        found, measures = self._measured(wish, near, rarity)
        return rank(wish.text, found, measures, rarity, self._priors, self._weights)

    def _measured(self, wish: Wish, near: Vectors | None, rarity: Rarity) -> tuple[list[Found], list[Measured]]:
        wish = wish if wish.on else replace(wish, on=self._today())
        others = self._synonyms.others([*stems(wish.text), *(one.name for one in self._synonyms.spoken(wish.text))])
        others += joined(wish.text)
        found = self._index.search(wish, terms(wish.text), others, sounds(wish.text), max(CANDIDATES, wish.limit))
        cosines: list[float | None] = [None] * len(found)
        if near is not None and self._dense is not None:
            known = {one.passage.id for one in found}
            ids = [id for id in self._dense.nearness.nearest(near, NEAREST) if id not in known]
            found += self._index.fetch(wish, ids)
            cosines = self._dense.nearness.cosines(near, [one.passage.id for one in found])
        return found, measured(wish.text, found, cosines, rarity, self._meanings)

    def close(self) -> None:
        """Let what runs finish."""
        self._thread.shutdown()
