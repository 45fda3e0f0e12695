"""The log's newest events in this process, read once for all who follow it here."""

import asyncio
from collections import OrderedDict, defaultdict, deque
from collections.abc import Callable, Mapping, Set
from typing import Final

from conversation.events import ConversationStarted, Event
from conversation.log import PARTITIONS, Log, LogUnavailable, partition_of
from conversation.model import Conversation, fold

KEPT: Final = 2000
FOLDS: Final = 20_000
BATCH: Final = 1000
POLL_SECONDS: Final = 1.0
RETRY_SECONDS: Final = 0.5


class Tail:
    """One query per wake-up, however many rooms and live views there are.

    It starts at the log's end; older events are read from the log itself.
    """

    def __init__(self, log: Log) -> None:
        self._log = log
        self._ends: dict[int, int] = {}
        self._starts: dict[int, int] = {}
        self._recent: defaultdict[int, deque[Event]] = defaultdict(deque)
        self._listeners: list[Callable[[Event], None]] = []
        self._folds: OrderedDict[str, Conversation] = OrderedDict()
        self._grown = asyncio.Condition()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Find the log's end and follow it from there."""
        self._ends = dict(await self._log.last())
        self._starts = dict(self._ends)
        self._task = asyncio.create_task(self._follow())

    async def stop(self) -> None:
        """Follow no longer."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    @property
    def ends(self) -> Mapping[int, int]:
        """Each partition's last seq that was read here."""
        return self._ends

    def listen(self, listener: Callable[[Event], None]) -> Callable[[], None]:
        """Call `listener` with every new event, in each conversation's order; the answer stops it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    async def read(self, after: Mapping[int, int], limit: int = BATCH) -> list[Event]:
        """As Log.read, up to what the tail has reached."""
        if any(seq < self._starts[partition] for partition, seq in after.items()):
            behind = {p: seq for p, seq in after.items() if seq < self._starts[p]}
            return await self._log.read(behind, limit)
        found = [e for partition, seq in after.items() for e in _after(self._recent[partition], seq)]
        found.sort(key=lambda event: event.seq)
        return found[:limit]

    async def load(self, conversation: str) -> Conversation:
        """The conversation as of the newest event that was read here, mostly without asking the log.

        Raises UnknownConversation. To act, append with `only_while`: the log may have gone on.
        """
        if conversation not in self._folds:
            self._meet(await self._log.load(conversation))
        return self._folds[conversation]

    async def load_all(self, conversations: Set[str]) -> Mapping[str, Conversation]:
        """As `load`, of those that there are; what is not known here is asked of the log in one query."""
        found = {id: self._folds[id] for id in conversations if id in self._folds}
        for loaded in (await self._log.load_all(conversations - found.keys())).values():
            found[loaded.id] = self._meet(loaded)
        return found

    def _meet(self, loaded: Conversation) -> Conversation:
        """While it was loaded the tail may have read on."""
        kept = self._folds.get(loaded.id)
        now = loaded if kept is None or kept.seq < loaded.seq else kept
        self._keep(now)
        return now

    def _keep(self, now: Conversation) -> None:
        self._folds[now.id] = now
        self._folds.move_to_end(now.id)
        if len(self._folds) > FOLDS:
            self._folds.popitem(last=False)

    def _fold(self, event: Event) -> None:
        kept = self._folds.get(event.conversation)
        if kept is None and isinstance(event.fact, ConversationStarted):
            kept = Conversation(event.conversation)
        if kept is not None and kept.seq < event.seq:
            self._keep(fold(kept, event))

    async def wait_beyond(self, cursors: Mapping[int, int], seconds: float) -> None:
        """Return as soon as one of these partitions has more than its cursor, or after `seconds`."""

        def more() -> bool:
            return any(self._ends[partition] > seq for partition, seq in cursors.items())

        try:
            async with asyncio.timeout(seconds), self._grown:
                await self._grown.wait_for(more)
        except TimeoutError:
            return

    async def _follow(self) -> None:
        while True:
            try:
                events = await self._log.read(self._ends, BATCH)
            except LogUnavailable:
                await asyncio.sleep(RETRY_SECONDS)
                continue
            if events:
                await self._take(events)
            if len(events) < BATCH:
                await self._log.wait(POLL_SECONDS)

    async def _take(self, events: list[Event]) -> None:
        for event in events:
            partition = partition_of(event.conversation)
            recent = self._recent[partition]
            recent.append(event)
            self._ends[partition] = event.seq
            self._fold(event)
            if len(recent) > KEPT // PARTITIONS:
                self._starts[partition] = recent.popleft().seq
            for listener in tuple(self._listeners):
                listener(event)
        async with self._grown:
            self._grown.notify_all()


def _after(events: deque[Event], seq: int) -> list[Event]:
    found = []
    for event in reversed(events):
        if event.seq <= seq:
            break
        found.append(event)
    return found
