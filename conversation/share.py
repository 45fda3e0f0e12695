"""What every follower of the log has: its share of the partitions, how far it got, and where its poison goes."""

import asyncio
import logging
import traceback
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final
from uuid import uuid4

from conversation.events import Event
from conversation.log import Log, LogUnavailable, Parked, partition_of

Handler = Callable[[Event], Awaitable[None]]

LEASE_SECONDS: Final = 6.0
CLAIM_SECONDS: Final = 2.0
OUTAGE_SECONDS: Final = 0.5
RETRIES: Final = (0.1, 0.5, 2.0)

logger: Final = logging.getLogger(__name__)


class Shares:
    """What the followers in this process hold of the log, renewed for all of them in one transaction.

    One owner per process: who renews first renews for everybody. `dead` tells owners that were killed, so that nobody
    need wait for their leases to run out.
    """

    def __init__(self, log: Log, owner: str | None = None, dead: Callable[[], Sequence[str]] = tuple) -> None:
        self.log = log
        self._owner = owner or uuid4().hex
        self._dead = dead
        self._shares: dict[str, Share] = {}
        self._claimed = -CLAIM_SECONDS
        self._renewing = asyncio.Lock()

    def join(self, name: str, retries: tuple[float, ...] = RETRIES) -> "Share":
        """A share for the follower of this name, of which there is one in a process."""
        self._shares[name] = share = Share(name, self, retries)
        self._claimed = -CLAIM_SECONDS
        return share

    async def renew(self) -> None:
        """Every CLAIM_SECONDS: store what is done, keep the leases and take over what nobody holds.

        Raises LogUnavailable.
        """
        if not self._due():
            return
        async with self._renewing:
            if not self._due():
                return
            now = asyncio.get_running_loop().time()
            for owner in self._dead():
                await self.log.bury(owner)
            done = {name: share.moved() for name, share in self._shares.items()}
            granted = await self.log.claim(self._owner, LEASE_SECONDS, done)
            for name in done.keys() & self._shares.keys():
                self._shares[name].take(granted[name])
            self._claimed = now

    def _due(self) -> bool:
        return asyncio.get_running_loop().time() - self._claimed >= CLAIM_SECONDS

    async def leave(self, share: "Share") -> None:
        """Store what is done and leave the partitions to others."""
        async with self._renewing:
            if self._shares.pop(share.name, None) is None:
                return
            try:
                await self.log.release(self._owner, {share.name: share.moved()})
            except LogUnavailable:
                logger.warning("%s could not give its partitions back; their leases run out", share.name)


class Share:
    """The partitions one follower holds for now.

    An event is held from when it was read until it is done; what is stored is how far all is done.
    """

    def __init__(self, name: str, shares: Shares, retries: tuple[float, ...]) -> None:
        self.name = name
        self._shares = shares
        self._log = shares.log
        self._retries = retries
        self._cursors: dict[int, int] = {}
        self._stored: dict[int, int] = {}
        self._held: dict[int, dict[int, None]] = {}

    @property
    def cursors(self) -> Mapping[int, int]:
        """The last seq read, by partition."""
        return self._cursors

    async def renew(self) -> None:
        """As Shares.renew."""
        await self._shares.renew()

    async def give_back(self) -> None:
        """As Shares.leave."""
        await self._shares.leave(self)

    def moved(self) -> Mapping[int, int]:
        """How far all is done, where that is further than what is stored."""
        done = {
            partition: min(held) - 1 if (held := self._held.get(partition)) else seq
            for partition, seq in self._cursors.items()
        }
        return {partition: seq for partition, seq in done.items() if seq > self._stored[partition]}

    def take(self, granted: Mapping[int, int]) -> None:
        """These partitions are leased, and stored so far."""
        for partition in self._cursors.keys() - granted.keys():
            del self._cursors[partition], self._stored[partition]
        for partition, seq in granted.items():
            self._cursors.setdefault(partition, seq)
            self._stored[partition] = seq

    def has(self, event: Event) -> bool:
        """Whether its partition is still ours: it may have gone while the event was read."""
        return partition_of(event.conversation) in self._cursors

    def pass_by(self, event: Event) -> None:
        """It was read, and there is nothing to do."""
        self._cursors[partition_of(event.conversation)] = event.seq

    def hold(self, event: Event) -> None:
        """It was read and is not done yet."""
        self.pass_by(event)
        self._held.setdefault(partition_of(event.conversation), {})[event.seq] = None

    def done(self, event: Event) -> None:
        """What was held is done."""
        self._held[partition_of(event.conversation)].pop(event.seq, None)

    async def insist(self, event: Event, handler: Handler) -> None:
        """Try until it is done or parked; a log that is away is waited for."""
        tries = 0
        while True:
            try:
                return await handler(event)
            except LogUnavailable:
                await asyncio.sleep(OUTAGE_SECONDS)
            except Exception as error:
                if tries == len(self._retries):
                    logger.error("%s parked seq %d (%s): %s", self.name, event.seq, event.kind, _where(error))
                    return await self._park(event, error)
                await asyncio.sleep(self._retries[tries])
                tries += 1

    async def _park(self, event: Event, error: Exception) -> None:
        fact = Parked(self.name, event.seq, event.conversation, event.kind, _where(error), datetime.now(UTC))
        while True:
            try:
                return await self._log.park(fact)
            except LogUnavailable:
                await asyncio.sleep(OUTAGE_SECONDS)

    async def replay(self, seq: int, handler: Handler) -> bool:
        """Handle a parked fact again; True and no longer parked when it went well, else its error rises.

        A number that is not parked here gives False.
        """
        event = await self._log.event(seq)
        if event is None or not any(fact.seq == seq for fact in await self._log.parked(self.name)):
            return False
        await handler(event)
        return await self._log.unpark(self.name, seq)


def _where(error: Exception) -> str:
    """The exception's type and where it rose; not its message, which may quote a customer."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {frame.name} ({frame.filename.rsplit('/', 1)[-1]}:{frame.lineno})"
