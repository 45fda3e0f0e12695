"""Asks the index, orders what it finds, and answers with an extract and its source, or not at all."""

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Final, TypeVar

from knowledge.ports import Answer, Hit, Index, Wish
from knowledge.rules.answer import THRESHOLD, Extract, Reading
from knowledge.rules.rank import Rarity, prior, rank
from knowledge.rules.sound import sounds
from knowledge.rules.synonyms import Synonyms
from knowledge.rules.terms import joined, stems, terms
from language.detect import language_of

T = TypeVar("T")
CANDIDATES: Final = 20
OTHERS: Final = 3


def _today() -> date:
    return datetime.now(UTC).date()


class Search:
    """Finds passages in both languages; the work is done beside the event loop. See Knowledge."""

    def __init__(self, index: Index, synonyms: Synonyms | None = None, today: Callable[[], date] = _today) -> None:
        self._index = index
        self._synonyms = synonyms or Synonyms()
        self._today = today
        self._priors: Mapping[str, float] = {}
        self._thread = ThreadPoolExecutor(1, "kefu-knowledge")

    def learn(self, counts: Mapping[str, Mapping[str, int]]) -> None:
        """How entries were used lately, by kind of use, moves their place."""
        self._priors = {entry: prior(kinds) for entry, kinds in counts.items()}

    async def search(self, wish: Wish) -> list[Hit]:
        """As Knowledge.search."""
        return await self._beside(lambda: self.find(wish))

    async def answer(self, wish: Wish) -> Answer:
        """As Knowledge.answer."""
        return await self._beside(lambda: self.say(wish))

    async def _beside(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def find(self, wish: Wish) -> list[Hit]:
        """As `search`, in this thread."""
        return self._find(wish, self._rarity())[: wish.limit]

    def say(self, wish: Wish) -> Answer:
        """As `answer`, in this thread."""
        hits, found = self.read(wish)
        language = language_of(wish.text)
        if not found or found[0].sure < THRESHOLD:
            return Answer("", found[0].sure if found else 0.0, language, others=tuple(hits[:OTHERS]))
        best = found[0]
        others = [hit for hit in hits if hit.passage.id != best.hit.passage.id]
        return Answer(best.text, best.sure, language, best.hit, tuple(others[:OTHERS]))

    def read(self, wish: Wish) -> tuple[list[Hit], list[Extract]]:
        """What was found, and what in it may be the answer; both best first."""
        rarity = self._rarity()
        hits = self._find(wish, rarity)
        return hits, Reading(wish.text, rarity, self._synonyms).extracts(hits)

    def _find(self, wish: Wish, rarity: Rarity) -> list[Hit]:
        wish = wish if wish.on else replace(wish, on=self._today())
        others = self._synonyms.others(stems(wish.text))
        others += joined(wish.text)
        found = self._index.search(wish, terms(wish.text), others, sounds(wish.text), max(CANDIDATES, wish.limit))
        return rank(wish.text, found, rarity, self._priors)

    def _rarity(self) -> Rarity:
        known = dict[str, float]()

        def rarity(term: str) -> float:
            if term not in known:
                known[term] = self._index.rarity(term)
            return known[term]

        return rarity

    def close(self) -> None:
        """Let what runs finish."""
        self._thread.shutdown()
