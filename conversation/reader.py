"""How a room that acts follows the log: in order inside a conversation, conversations side by side."""

import asyncio
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

from conversation.events import Event, Fact
from conversation.log import LogUnavailable
from conversation.share import CLAIM_SECONDS, OUTAGE_SECONDS, RETRIES, Handler, Shares
from conversation.tail import Tail


@dataclass(frozen=True, slots=True)
class Pace:
    """How eagerly a reader works: conversations at once, events in hand, seconds between tries of one fact."""

    side_by_side: int = 64
    in_hand: int = 1000
    retries: tuple[float, ...] = RETRIES


class Reader:
    """Follows the log for one room and hands each fact to its handler, at least once and in order.

    A handler must be idempotent, which it is when it appends under a cause derived from the event. One that raises is
    tried again; one that keeps raising is parked, except that a log which is away is waited for.
    """

    def __init__(
        self,
        name: str,
        handlers: Mapping[type[Fact], Handler],
        *,
        shares: Shares,
        tail: Tail,
        pace: Pace | None = None,
    ) -> None:
        self.name = name
        self._handlers = handlers
        self._tail = tail
        self._pace = pace or Pace()
        self._share = shares.join(name, self._pace.retries)
        self._chains: dict[str, deque[Event]] = {}
        self._slots = asyncio.Semaphore(self._pace.side_by_side)
        self._room = asyncio.Event()
        self._working: set[asyncio.Task[None]] = set()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to follow, from this reader's cursors on."""
        self._task = asyncio.create_task(self._run(), name=f"reader {self.name}")

    async def stop(self) -> None:
        """Finish what is in hand, store the cursors and give the partitions back."""
        if self._task is None:
            return
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        await asyncio.gather(*self._working)
        await self._share.give_back()

    async def _run(self) -> None:
        while True:
            try:
                await self._share.renew()
                events = await self._tail.read(self._share.cursors)
            except LogUnavailable:
                await asyncio.sleep(OUTAGE_SECONDS)
                continue
            for event in events:
                self._take(event)
            while sum(map(len, self._chains.values())) > self._pace.in_hand:
                self._room.clear()
                await self._room.wait()
            if not events:
                await self._tail.wait_beyond(self._share.cursors, CLAIM_SECONDS / 2)

    def _take(self, event: Event) -> None:
        if not self._share.has(event):
            return
        if type(event.fact) not in self._handlers:
            self._share.pass_by(event)
            return
        self._share.hold(event)
        chain = self._chains.get(event.conversation)
        if chain is not None:
            chain.append(event)
            return
        self._chains[event.conversation] = deque([event])
        task = asyncio.create_task(self._work(event.conversation))
        self._working.add(task)
        task.add_done_callback(self._working.discard)

    async def _work(self, conversation: str) -> None:
        chain = self._chains[conversation]
        while chain:
            async with self._slots:
                await self._share.insist(chain[0], self._handlers[type(chain[0].fact)])
            self._share.done(chain.popleft())
            self._room.set()
        del self._chains[conversation]

    async def replay(self, seq: int) -> bool:
        """Handle a parked fact again; as Share.replay."""
        return await self._share.replay(seq, self._handle)

    async def _handle(self, event: Event) -> None:
        await self._handlers[type(event.fact)](event)
