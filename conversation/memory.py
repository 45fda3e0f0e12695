"""The log in memory: the contract in its plainest form, for tests."""

import asyncio
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from conversation.codec import blank
from conversation.events import Event, Fact, Redacted
from conversation.log import (
    PARTITIONS,
    Appended,
    Claimed,
    NoRoom,
    Parked,
    Room,
    Search,
    UnknownConversation,
    check,
    check_facts,
    fair_share,
    partition_of,
    place,
)
from conversation.model import Conversation, Holder, Speaker, fold


class MemoryLog:
    """Implements conversation.log.Log for one process."""

    def __init__(self) -> None:
        self._events: list[Event] = []
        self._conversations: dict[str, Conversation] = {}
        self._cursors: dict[tuple[str, int], int] = {}
        self._owners: dict[tuple[str, int], str] = {}
        self._members: dict[tuple[str, str], datetime] = {}
        self._parked: dict[tuple[str, int], Parked] = {}
        self._appended = asyncio.Event()

    async def append(
        self,
        conversation: str,
        *facts: Fact,
        cause: str,
        only_while: Holder | Speaker | None = None,
        room: Room | None = None,
    ) -> Appended:
        check_facts(facts, cause)
        kinds = {type(fact) for fact in facts}
        earlier = await self.recorded(conversation, cause)
        if any(type(event.fact) in kinds for event in earlier):
            return Appended(earlier, fresh=False)
        now = self._conversations.get(conversation, Conversation(conversation))
        check(now, only_while)
        if room is not None and not room.has(self._channels(room.agent)):
            raise NoRoom(room.agent)
        seqs = range(len(self._events) + 1, len(self._events) + 1 + len(facts))
        events, now = place(now, facts, cause=cause, seqs=seqs, at=datetime.now(UTC))
        self._events += events
        self._conversations[conversation] = now
        self._appended.set()
        return Appended(events, fresh=True)

    def _channels(self, agent: str) -> Counter[str]:
        return Counter(c.channel for c in self._conversations.values() if c.held_by(agent))

    async def recorded(self, conversation: str, cause: str) -> tuple[Event, ...]:
        return tuple(e for e in self._events if e.conversation == conversation and e.cause == cause)

    async def load(self, conversation: str, at: int | None = None) -> Conversation:
        if conversation not in self._conversations:
            raise UnknownConversation(conversation)
        if at is None:
            return self._conversations[conversation]
        then = Conversation(conversation)
        for event in self._events[:at]:
            if event.conversation == conversation:
                then = fold(then, event)
        return then

    async def load_all(self, conversations: Collection[str]) -> Mapping[str, Conversation]:
        return {id: self._conversations[id] for id in conversations if id in self._conversations}

    async def history(
        self,
        conversation: str,
        *,
        after: int = 0,
        before: int | None = None,
        limit: int | None = None,
    ) -> list[Event]:
        found = [
            event
            for event in self._events
            if event.conversation == conversation and event.seq > after and (before is None or event.seq < before)
        ]
        if limit is None:
            return found
        return found[:limit] if after and before is None else found[-limit:]

    async def event(self, seq: int) -> Event | None:
        return self._events[seq - 1] if 0 < seq <= len(self._events) else None

    async def events(self, seqs: Collection[int]) -> Mapping[int, Event]:
        return {seq: self._events[seq - 1] for seq in seqs if 0 < seq <= len(self._events)}

    async def of_kinds(self, kinds: Collection[str], *, before: int | None = None, limit: int = 50) -> list[Event]:
        found = [event for event in self._events if event.kind in kinds and (before is None or event.seq < before)]
        return found[::-1][:limit]

    async def find(self, search: Search, *, before: int | None = None, limit: int = 50) -> list[Conversation]:
        found = [c for c in self._conversations.values() if _matches(c, search) and (before is None or c.seq < before)]
        return sorted(found, key=lambda c: -c.seq)[:limit]

    async def waiting(self) -> list[Conversation]:
        found = [c for c in self._conversations.values() if c.status == "open" and c.holder.kind == "queue"]
        return sorted(
            found,
            key=lambda c: (c.waiting_since or datetime.max.replace(tzinfo=UTC), c.id),
        )

    async def count(self, search: Search) -> int:
        return sum(_matches(c, search) for c in self._conversations.values())

    async def loads(self) -> Mapping[str, int]:
        loads: dict[str, int] = {}
        for c in self._conversations.values():
            if c.status == "open" and c.holder.kind == "agent":
                loads[c.holder.agent] = loads.get(c.holder.agent, 0) + 1
        return loads

    async def read(self, after: Mapping[int, int], limit: int) -> list[Event]:
        def is_next(event: Event) -> bool:
            partition = partition_of(event.conversation)
            return partition in after and event.seq > after[partition]

        return [event for event in self._events if is_next(event)][:limit]

    async def last(self) -> Mapping[int, int]:
        last = dict.fromkeys(range(PARTITIONS), 0)
        for event in self._events:
            last[partition_of(event.conversation)] = event.seq
        return last

    async def wait(self, seconds: float) -> None:
        try:
            # Not wait_for: on Python 3.11 it can swallow a cancellation that comes with the wake-up.
            async with asyncio.timeout(seconds):
                await self._appended.wait()
        except TimeoutError:
            return
        self._appended.clear()

    async def redact(self, seq: int, *, by: str) -> Event:
        event = await self.event(seq)
        if event is None:
            raise UnknownConversation(f"nothing is recorded at seq {seq}")
        self._events[seq - 1] = replace(event, fact=blank(event.fact), redacted=True)
        done = await self.append(event.conversation, Redacted(seq, by), cause=f"redact:{seq}")
        return done.events[0]

    async def claim(self, owner: str, seconds: float, done: Mapping[str, Mapping[int, int]]) -> Claimed:
        self._advance(owner, done)
        return {reader: self._claim(reader, owner, datetime.now(UTC), seconds) for reader in done}

    def _claim(self, reader: str, owner: str, now: datetime, seconds: float) -> Mapping[int, int]:
        self._members[reader, owner] = now + timedelta(seconds=seconds)
        living = {o for (r, o), until in self._members.items() if r == reader and (o == owner or until > now)}
        owners = {p: self._owners.get((reader, p), "") for p in range(PARTITIONS)}
        mine, let_go = fair_share(owners, owner, living)
        self._owners |= {(reader, p): owner for p in mine} | {(reader, p): "" for p in let_go}
        return {p: self._cursors.get((reader, p), 0) for p in mine}

    def _advance(self, owner: str, done: Mapping[str, Mapping[int, int]]) -> None:
        for reader, cursors in done.items():
            for partition, seq in cursors.items():
                if self._owners.get((reader, partition)) == owner:
                    self._cursors[reader, partition] = max(seq, self._cursors.get((reader, partition), 0))

    async def release(self, owner: str, done: Mapping[str, Mapping[int, int]]) -> None:
        self._advance(owner, done)
        for reader in done:
            self._members.pop((reader, owner), None)

    async def bury(self, owner: str) -> None:
        self._members = {key: until for key, until in self._members.items() if key[1] != owner}

    async def park(self, parked: Parked) -> None:
        self._parked.setdefault((parked.reader, parked.seq), parked)

    async def parked(self, reader: str | None = None) -> Sequence[Parked]:
        found = [p for p in self._parked.values() if reader in (None, p.reader)]
        return sorted(found, key=lambda p: (p.seq, p.reader))

    async def unpark(self, reader: str, seq: int) -> bool:
        return self._parked.pop((reader, seq), None) is not None


def _matches(conversation: Conversation, search: Search) -> bool:
    return (
        search.holder in (None, conversation.holder.kind)
        and search.agent in (None, conversation.holder.agent)
        and search.status in (None, conversation.status)
        and search.contact in (None, conversation.contact)
        and search.site in (None, conversation.site)
    )
