"""Keeps the index at the library's revision, in every process."""

import asyncio
import logging
from datetime import datetime, timedelta
from typing import Final

import orjson

from knowledge.ports import Index, Indexer, Passage
from knowledge.rules.passages import Piece
from knowledge.service.search import Search
from knowledge.store.entries import Entries, passages_of
from knowledge.store.uses import Uses, now

LOOK_SECONDS: Final = 0.4  # a change is visible everywhere within a second
TOGETHER: Final = 200
REST_SECONDS: Final = 5.0
LEARN_EVERY: Final = timedelta(seconds=30)
LEARN_FROM: Final = timedelta(days=90)

logger: Final = logging.getLogger(__name__)


class Following:
    """Whoever gets the writer's lock writes; all the others read what it wrote."""

    def __init__(self, entries: Entries, index: Index, indexer: Indexer, uses: Uses, search: Search) -> None:
        self._entries = entries
        self._index = index
        self._indexer = indexer
        self._uses = uses
        self._search = search
        self._learned: datetime | None = None

    async def run(self) -> None:
        """Until it is cancelled."""
        while True:
            try:
                await self.catch_up()
                await self._learn()
                await asyncio.sleep(LOOK_SECONDS)
            except Exception as error:  # the store or the writer is away: the old index answers meanwhile
                logger.warning("the knowledge index is behind: %s", type(error).__name__)
                await asyncio.sleep(REST_SECONDS)

    async def _learn(self) -> None:
        """From time to time: what became of answers moves the order of later ones."""
        if self._learned is None or now() - self._learned > LEARN_EVERY:
            self._learned = now()
            self._search.learn(await self._uses.counts(now() - LEARN_FROM))

    async def catch_up(self) -> bool:
        """Bring the index to the library's revision; False when another process is about to."""
        revision = await self._entries.revision()
        seen = self._index.revision
        if seen == revision:
            return True
        seen = await asyncio.to_thread(self._index.reload)
        anew = seen > revision  # another library than the one it was made from
        seen = 0 if anew else seen
        while seen < revision:
            documents: dict[str, list[Passage]] = {}
            for entry, text in await self._entries.changed(seen, TOGETHER):
                pieces = [Piece(**one) for one in orjson.loads(text)]
                documents[entry.id], seen = passages_of(entry, pieces), entry.revision
            if not documents:
                break
            if not await self._indexer.write(documents, seen, anew=anew):
                return False
            anew = False
            await asyncio.to_thread(self._index.reload)
        return True
