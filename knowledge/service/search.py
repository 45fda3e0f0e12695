"""Asks the index, and orders what it finds."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from knowledge.ports import Hit, Index, Wish
from knowledge.rules.rank import rank
from knowledge.rules.sound import sounds
from knowledge.rules.terms import terms

CANDIDATES: Final = 20


class Search:
    """Finds passages in both languages; the work is done beside the event loop."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._thread = ThreadPoolExecutor(1, "kefu-knowledge")

    async def search(self, wish: Wish) -> list[Hit]:
        """As Knowledge.search."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self.find, wish)

    def find(self, wish: Wish) -> list[Hit]:
        """As `search`, in this thread."""
        found = self._index.search(wish, terms(wish.text), sounds(wish.text), max(CANDIDATES, wish.limit))
        known = dict[str, float]()

        def rarity(term: str) -> float:
            if term not in known:
                known[term] = self._index.rarity(term)
            return known[term]

        return rank(wish.text, found, rarity)[: wish.limit]

    def close(self) -> None:
        """Let what runs finish."""
        self._thread.shutdown()
