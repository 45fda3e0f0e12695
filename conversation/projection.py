"""How a room that only keeps follows the log: many facts at once, so that its tables cost one write for all of them."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Final

from conversation.events import Event, Fact
from conversation.log import LogUnavailable
from conversation.share import CLAIM_SECONDS, OUTAGE_SECONDS, RETRIES, Shares
from conversation.tail import Tail

BATCH: Final = 256
PAUSE_SECONDS: Final = 0.25

Take = Callable[[Sequence[Event]], Awaitable[None]]


class Projection:
    """Follows the log for tables that are made from it, in seq order and at least once.

    `take` must be idempotent. If it raises for a batch, each of the batch's facts is tried alone, and parked when it
    keeps raising. Between two batches it pauses for `pause` seconds: what comes meanwhile is the next batch.
    """

    def __init__(
        self,
        name: str,
        hears: Collection[type[Fact]],
        take: Take,
        *,
        shares: Shares,
        tail: Tail,
        pause: float = PAUSE_SECONDS,
        retries: tuple[float, ...] = RETRIES,
    ) -> None:
        self.name = name
        self._hears = frozenset(hears)
        self._take = take
        self._tail = tail
        self._pause = pause
        self._share = shares.join(name, retries)
        self._working: asyncio.Task[None] | None = None
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to follow, from this projection's cursors on."""
        self._task = asyncio.create_task(self._run(), name=f"projection {self.name}")

    async def stop(self) -> None:
        """Finish the batch in hand, store the cursors and give the partitions back."""
        if self._task is None:
            return
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        if self._working is not None:
            await self._working
        await self._share.give_back()

    async def _run(self) -> None:
        while True:
            try:
                await self._share.renew()
                events = await self._tail.read(self._share.cursors, BATCH)
            except LogUnavailable:
                await asyncio.sleep(OUTAGE_SECONDS)
                continue
            if heard := [event for event in events if self._read(event)]:
                self._working = asyncio.create_task(self._work(heard))
                await asyncio.shield(self._working)
            if not events:
                await self._tail.wait_beyond(self._share.cursors, CLAIM_SECONDS / 2)
            if len(events) < BATCH:
                await asyncio.sleep(self._pause)

    def _read(self, event: Event) -> bool:
        if not self._share.has(event):
            return False
        heard = type(event.fact) in self._hears
        (self._share.hold if heard else self._share.pass_by)(event)
        return heard

    async def _work(self, events: Sequence[Event]) -> None:
        try:
            await self._take(events)
        except Exception:  # which of them, and why, shows when each is tried alone
            for event in events:
                await self._share.insist(event, self._one)
        for event in events:
            self._share.done(event)

    async def _one(self, event: Event) -> None:
        await self._take([event])

    async def replay(self, seq: int) -> bool:
        """Take a parked fact again; as Share.replay."""
        return await self._share.replay(seq, self._one)
