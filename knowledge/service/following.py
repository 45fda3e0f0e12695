"""Keeps the indexes at the library's revision, in every process."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from functools import partial
from time import monotonic
from typing import Final, Protocol

from knowledge.ports import Indexer
from knowledge.rules.rank import WEIGHTS
from knowledge.service.search import Search
from knowledge.store.entries import Entries
from knowledge.store.ranking import Ranking
from knowledge.store.uses import Uses, now

LOOK_SECONDS: Final = 0.4  # a change is visible everywhere within a second
TOGETHER: Final = 200
AT_ONCE: Final = 10  # writes that may follow each other
EACH_SECONDS: Final = 3.0  # between writes after these: each waits for the disk a dozen times, and so does the store
REST_SECONDS: Final = 5.0  # after a failure
ARRIVE_SECONDS: Final = 60.0
LEARN_SECONDS: Final = 30.0
LEARN_FROM: Final = timedelta(days=90)

logger: Final = logging.getLogger(__name__)


class Shelf(Protocol):
    """An index as it is kept up: of words or of vectors."""

    @property
    def revision(self) -> int:
        """The library's revision that it stands at."""

    def reload(self) -> int:
        """Read what was written last, by whomever; gives the revision."""


class Following:
    """Whoever gets a writer's lock writes; all the others read what it wrote.

    Words and vectors keep up by themselves: an embedding server that is away holds up vectors alone.
    """

    def __init__(
        self, entries: Entries, shelves: Sequence[tuple[Shelf, Indexer]], uses: Uses, ranking: Ranking, search: Search
    ) -> None:
        self._entries = entries
        self._shelves = shelves
        self._uses = uses
        self._ranking = ranking
        self._search = search

    async def run(self) -> None:
        """Until it is cancelled."""
        async with asyncio.TaskGroup() as together:
            for shelf, indexer in self._shelves:
                together.create_task(_again(partial(self._look, shelf, indexer, Spare(monotonic())), "an index"))
            together.create_task(_again(self._learn, "what the library learns"))

    async def _learn(self) -> float:
        await self.learn()
        return LEARN_SECONDS

    async def _look(self, shelf: Shelf, indexer: Indexer, spare: "Spare") -> float:
        """Keep it up; seconds until the next look. Single changes are seen at once, those of an import in portions."""
        before = shelf.revision
        await self._keep(shelf, indexer)
        return max(LOOK_SECONDS, spare.take(monotonic()) if shelf.revision != before else 0.0)

    async def learn(self) -> None:
        """What became of answers moves the order of later ones; so do weights that were learned."""
        self._search.learn(await self._uses.counts(now() - LEARN_FROM))
        self._search.weigh((await self._ranking.latest()) or WEIGHTS)

    async def catch_up(self) -> bool:
        """Bring all to the library's revision; False when another process is about to."""
        return all([await self._keep(shelf, indexer) for shelf, indexer in self._shelves])

    async def arrive(self, seconds: float = ARRIVE_SECONDS) -> None:
        """As catch_up, and wait for whoever writes. Raises TimeoutError."""
        async with asyncio.timeout(seconds):
            arrived = await self.catch_up()
            while not arrived:
                await asyncio.sleep(LOOK_SECONDS)
                arrived = await self.catch_up()

    async def _keep(self, shelf: Shelf, indexer: Indexer) -> bool:
        revision = await self._entries.revision()
        seen = shelf.revision
        if seen == revision:
            return True
        seen = await asyncio.to_thread(shelf.reload)
        anew = seen > revision  # another library than the one it was made from
        seen = 0 if anew else seen
        while seen < revision:
            documents, seen = await self._entries.changed(seen, TOGETHER)
            if not documents:
                break
            if not await indexer.write(documents, seen, anew=anew):
                return False
            anew = False
            await asyncio.to_thread(shelf.reload)
        return True


class Spare:
    """A token bucket: AT_ONCE are there, and one more each EACH_SECONDS."""

    def __init__(self, now: float) -> None:
        self._left, self._at = float(AT_ONCE), now

    def take(self, now: float) -> float:
        """Take one, at a time in seconds; the seconds until there is another."""
        self._left, self._at = min(AT_ONCE, self._left + (now - self._at) / EACH_SECONDS) - 1, now
        return max(0.0, 1 - self._left) * EACH_SECONDS


async def _again(work: Callable[[], Awaitable[float]], what: str) -> None:
    while True:
        try:
            await asyncio.sleep(await work())
        except Exception as error:  # the store, the writer or a server is away: what stands answers meanwhile
            logger.warning("%s is behind: %s", what, type(error).__name__)
            await asyncio.sleep(REST_SECONDS)
