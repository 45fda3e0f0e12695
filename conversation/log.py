"""The shared conversation store's face: what every room knows of it, and the few errors it speaks in."""

import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from conversation.events import ConversationStarted, Event, Fact
from conversation.model import Conversation, Holder, HolderKind, Speaker, Status, fold

PARTITIONS: Final = 8
"""How many shares the log has; a conversation is always in the same one. Changing it needs a migration."""


def partition_of(conversation: str) -> int:
    """The partition (0 to PARTITIONS - 1) of a conversation."""
    return zlib.crc32(conversation.encode()) % PARTITIONS


class UnknownConversation(LookupError):
    """There is no conversation with this id."""


class HolderChanged(Exception):
    """`only_while` did not hold any more, so nothing was appended."""

    def __init__(self, conversation: Conversation) -> None:
        super().__init__(f"{conversation.id} is {conversation.status} and held by {conversation.holder.kind}")
        self.conversation = conversation


@dataclass(frozen=True, slots=True)
class Room:
    """A condition: the agent has fewer than `places` open conversations, and fewer than `of_channel` on `channel`."""

    agent: str
    places: int
    channel: str = ""
    of_channel: int | None = None

    def has(self, channels: Mapping[str, int]) -> bool:
        """Is there room beside these open conversations, counted by channel?"""
        return sum(channels.values()) < self.places and (
            self.of_channel is None or channels.get(self.channel, 0) < self.of_channel
        )


class NoRoom(Exception):
    """The agent has as many conversations as they take, so nothing was appended."""


class LogUnavailable(ConnectionError):
    """The store cannot be reached just now; trying again later may work."""


@dataclass(frozen=True, slots=True)
class Appended:
    """The events of one append; `fresh` is False when this cause had been recorded before and nothing was added."""

    events: tuple[Event, ...]
    fresh: bool

    @property
    def seq(self) -> int:
        """The last event's place."""
        return self.events[-1].seq


@dataclass(frozen=True, slots=True)
class Parked:
    """A fact whose handler kept failing; `error` names the exception and where it rose, never a customer's words."""

    reader: str
    seq: int
    conversation: str
    kind: str
    error: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Search:
    """Which conversations; what is None does not matter."""

    holder: HolderKind | None = None
    agent: str | None = None
    status: Status | None = None
    contact: str | None = None
    site: str | None = None


Claimed = Mapping[str, Mapping[int, int]]
"""Reader to partition to cursor."""


class Log(Protocol):
    """An append-only log of facts, folded on the way in. Any method may raise LogUnavailable."""

    async def append(
        self,
        conversation: str,
        *facts: Fact,
        cause: str,
        only_while: Holder | Speaker | None = None,
        room: Room | None = None,
    ) -> Appended:
        """Record facts together, durably, or none of them.

        Unique on (conversation, cause, kind): a cause that was recorded before returns the events of that time. With
        `only_while` the open conversation must be held so, and with `room` the agent must have room, at the moment of
        the commit.

        Raises:
            HolderChanged: somebody else holds it, or it is closed.
            NoRoom: the agent has too many already.
            UnknownConversation: the first fact of all must be ConversationStarted.
            ValueError: no fact, or two of one kind under one cause.
        """

    async def recorded(self, conversation: str, cause: str) -> tuple[Event, ...]:
        """What this cause led to; () when nothing."""

    async def load(self, conversation: str, at: int | None = None) -> Conversation:
        """The conversation now, or as it was just after seq `at`. Raises UnknownConversation."""

    async def load_all(self, conversations: Collection[str]) -> Mapping[str, Conversation]:
        """These conversations now, as far as there are, in one query."""

    async def history(
        self,
        conversation: str,
        *,
        after: int = 0,
        before: int | None = None,
        limit: int | None = None,
    ) -> list[Event]:
        """Events with after < seq < before, oldest first: the first `limit` given only `after`, else the latest."""

    async def event(self, seq: int) -> Event | None:
        """The event at a place, or None."""

    async def events(self, seqs: Collection[int]) -> Mapping[int, Event]:
        """The events at these places, as far as there are."""

    async def of_kinds(self, kinds: Collection[str], *, before: int | None = None, limit: int = 50) -> list[Event]:
        """Events of these kinds in all conversations, before seq `before`, latest first."""

    async def find(self, search: Search, *, before: int | None = None, limit: int = 50) -> list[Conversation]:
        """Conversations whose last fact is before seq `before`, latest first."""

    async def waiting(self) -> list[Conversation]:
        """All conversations in the queue, longest wait first."""

    async def count(self, search: Search) -> int:
        """How many conversations match."""

    async def loads(self) -> Mapping[str, int]:
        """Agent id to the number of open conversations in their hands."""

    async def read(self, after: Mapping[int, int], limit: int) -> list[Event]:
        """The next events of the partitions named, each after its own seq, in seq order; no event is ever skipped."""

    async def last(self) -> Mapping[int, int]:
        """Each partition's last seq (0 when it is empty)."""

    async def wait(self, seconds: float) -> None:
        """Return at the next append heard of here, or after `seconds`. One that came since the last wait counts."""

    async def redact(self, seq: int, *, by: str) -> Event:
        """Blank the words of the fact at `seq` and record Redacted. Raises UnknownConversation when there is none."""

    async def claim(self, owner: str, seconds: float, done: Mapping[str, Mapping[int, int]]) -> Claimed:
        """Lease, for each reader named, this owner's fair share of the partitions for `seconds`; first store `done`.

        `done` is reader to partition to cursor; cursors only move forward, and those of partitions that another owner
        has meanwhile leased stay. Returns reader to partition to cursor.
        """

    async def release(self, owner: str, done: Mapping[str, Mapping[int, int]]) -> None:
        """Store `done` and give the leases of these readers back, so that others need not wait for them to run out."""

    async def bury(self, owner: str) -> None:
        """Give all its leases back: this owner is known to be dead."""

    async def park(self, parked: Parked) -> None:
        """Put a fact aside for this reader; again is harmless."""

    async def parked(self, reader: str | None = None) -> Sequence[Parked]:
        """What is parked, oldest first."""

    async def unpark(self, reader: str, seq: int) -> bool:
        """Forget a parked fact; False when it was not parked."""


def place(
    now: Conversation,
    facts: Sequence[Fact],
    *,
    cause: str,
    seqs: Sequence[int],
    at: datetime,
) -> tuple[tuple[Event, ...], Conversation]:
    """Give each fact its place of `seqs` and fold them. Raises UnknownConversation, as append does."""
    if now.seq == 0 and not isinstance(facts[0], ConversationStarted):
        raise UnknownConversation(now.id)
    events = tuple(Event(seq, now.id, cause, at, fact) for seq, fact in zip(seqs, facts, strict=True))
    for event in events:
        now = fold(now, event)
    return events, now


def check(now: Conversation, only_while: Holder | Speaker | None) -> None:
    """Raise HolderChanged unless `only_while` holds."""
    if isinstance(only_while, Speaker):
        if not now.may_write(only_while.agent):
            raise HolderChanged(now)
    elif only_while is not None and (now.status != "open" or now.holder != only_while):
        raise HolderChanged(now)


def check_facts(facts: Sequence[Fact], cause: str) -> None:
    """Raise ValueError when these facts cannot be one append."""
    if not facts:
        raise ValueError("an append needs at least one fact")
    if not cause:
        raise ValueError("an append needs a cause")
    if len({type(fact) for fact in facts}) < len(facts):
        raise ValueError("one cause can lead to one fact of a kind")


def fair_share(owners: Mapping[int, str], owner: str, living: Collection[str]) -> tuple[set[int], set[int]]:
    """Which partitions are this owner's from now on, and which of those it has it must let go.

    Everybody living gets at most an equal part; what an owner has it keeps first, what the dead had is free.
    """
    share = -(-PARTITIONS // len(living))
    free = [partition for partition, has in owners.items() if has == owner or has not in living]
    mine = set(sorted(free, key=lambda partition: owners[partition] != owner)[:share])
    return mine, {partition for partition in free if owners[partition] == owner} - mine
