"""How every room follows the log: in order inside a conversation, conversations side by side, poison put aside."""

import asyncio
import logging
import traceback
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from uuid import uuid4

from conversation.events import Event, Fact
from conversation.log import Log, LogUnavailable, Parked, partition_of
from conversation.tail import Tail

Handler = Callable[[Event], Awaitable[None]]

LEASE_SECONDS: Final = 6.0
CLAIM_SECONDS: Final = 2.0
OUTAGE_SECONDS: Final = 0.5

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Pace:
    """How eagerly a reader works: conversations at once, events in hand, seconds between tries of one fact."""

    side_by_side: int = 64
    in_hand: int = 1000
    retries: tuple[float, ...] = (0.1, 0.5, 2.0)


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
        log: Log,
        tail: Tail,
        pace: Pace | None = None,
    ) -> None:
        self.name = name
        self._handlers = handlers
        self._log = log
        self._tail = tail
        self._pace = pace or Pace()
        self._owner = uuid4().hex
        self._cursors: dict[int, int] = {}
        self._stored: dict[int, int] = {}
        self._pending: dict[int, dict[int, None]] = {}
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
        try:
            await self._store()
            await self._log.release(self.name, self._owner)
        except LogUnavailable:
            log.warning(
                "reader %s could not give its partitions back; their leases run out",
                self.name,
            )

    async def _run(self) -> None:
        claimed = -CLAIM_SECONDS
        loop = asyncio.get_running_loop()
        while True:
            try:
                if loop.time() - claimed >= CLAIM_SECONDS:
                    await self._claim()
                    claimed = loop.time()
                events = await self._tail.read(self._cursors)
            except LogUnavailable:
                await asyncio.sleep(OUTAGE_SECONDS)
                continue
            for event in events:
                self._take(event)
            while sum(map(len, self._chains.values())) > self._pace.in_hand:
                self._room.clear()
                await self._room.wait()
            if not events:
                await self._tail.wait_beyond(self._cursors, CLAIM_SECONDS / 2)

    async def _claim(self) -> None:
        await self._store()
        leased = await self._log.claim(self.name, self._owner, LEASE_SECONDS)
        for partition in self._cursors.keys() - leased.keys():
            del self._cursors[partition], self._stored[partition]
        for partition, seq in leased.items():
            if partition not in self._cursors:
                self._cursors[partition] = self._stored[partition] = seq

    async def _store(self) -> None:
        """Write down how far each partition is done: up to the oldest event still in hand."""
        done = {
            partition: min(pending) - 1 if (pending := self._pending.get(partition)) else seq
            for partition, seq in self._cursors.items()
        }
        moved = {partition: seq for partition, seq in done.items() if seq > self._stored[partition]}
        await self._log.advance(self.name, self._owner, moved)
        self._stored |= moved

    def _take(self, event: Event) -> None:
        partition = partition_of(event.conversation)
        self._cursors[partition] = event.seq
        if type(event.fact) not in self._handlers:
            return
        self._pending.setdefault(partition, {})[event.seq] = None
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
                await self._handle(chain[0])
            event = chain.popleft()
            del self._pending[partition_of(conversation)][event.seq]
            self._room.set()
        del self._chains[conversation]

    async def _handle(self, event: Event) -> None:
        handler = self._handlers[type(event.fact)]
        tries = 0
        while True:
            try:
                return await handler(event)
            except LogUnavailable:
                await asyncio.sleep(OUTAGE_SECONDS)
            except Exception as error:
                if tries == len(self._pace.retries):
                    log.error(
                        "%s parked seq %d (%s): %s",
                        self.name,
                        event.seq,
                        event.kind,
                        _where(error),
                    )
                    return await self._park(event, error)
                await asyncio.sleep(self._pace.retries[tries])
                tries += 1

    async def _park(self, event: Event, error: Exception) -> None:
        fact = Parked(
            self.name,
            event.seq,
            event.conversation,
            event.kind,
            _where(error),
            datetime.now(UTC),
        )
        while True:
            try:
                return await self._log.park(fact)
            except LogUnavailable:
                await asyncio.sleep(OUTAGE_SECONDS)

    async def replay(self, seq: int) -> bool:
        """Handle a parked fact again; True and no longer parked when it went well, else its error rises.

        A number that is not parked for this reader gives False.
        """
        event = await self._log.event(seq)
        if event is None or not any(fact.seq == seq for fact in await self._log.parked(self.name)):
            return False
        await self._handlers[type(event.fact)](event)
        return await self._log.unpark(self.name, seq)


def _where(error: Exception) -> str:
    """The exception's type and where it rose; not its message, which may quote a customer."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {frame.name} ({frame.filename.rsplit('/', 1)[-1]}:{frame.lineno})"
