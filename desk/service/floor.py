"""The floor: who waits, who holds what, and since when somebody waits for an answer; read from the log."""

import asyncio
from bisect import bisect_left, insort
from collections import Counter, defaultdict, deque
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, Protocol

from conversation.events import (
    AgentAccepted,
    AgentAssigned,
    AgentReplied,
    ConversationReopened,
    Event,
    HandoffRequested,
    HoldChanged,
    MessageLeft,
    MessageReceived,
    ReturnedToQueue,
    Transferred,
)
from conversation.log import Log, Search, partition_of
from conversation.model import Conversation, fold
from desk.rules.premises import Premises
from desk.rules.routing import Waiting

HANDLINGS: Final = 50
PAGE: Final = 1000
REFUSED_SECONDS: Final = 30.0
ENTER: Final = (HandoffRequested, MessageLeft, Transferred, ReturnedToQueue, AgentAssigned, ConversationReopened)


class Source(Protocol):
    """Where the floor reads: the log's tail in this process, or the log itself."""

    async def read(self, after: Mapping[int, int], limit: int = PAGE) -> list[Event]:
        """As Log.read."""

    async def load(self, conversation: str) -> Conversation:
        """As Log.load."""


class Floor:
    """Everything that routing and the wallboard need to know of open conversations, without asking the store again."""

    def __init__(self, log: Log, source: Source, premises: Premises) -> None:
        self._log = log
        self._source = source
        self._premises = premises
        self._cursors: dict[int, int] | None = None
        self._refreshing = asyncio.Lock()
        self._ranks: list[tuple[float, str]] = []
        self._waiting: dict[str, Waiting] = {}
        self._taken_at: dict[str, datetime] = {}
        self._refusals: defaultdict[str, dict[str, datetime]] = defaultdict(dict)
        self._handling: dict[str, deque[float]] = {}
        self._loads: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self.held: dict[str, Conversation] = {}
        self.accept_by: dict[str, datetime] = {}
        self.passed_at: dict[str, datetime] = {}
        self.unanswered: dict[str, datetime] = {}
        self.moved_at: dict[str, datetime] = {}
        self.given_at: dict[str, datetime] = {}

    async def refresh(self) -> None:
        """Take in what happened since; one at a time, for two that take the same event would queue it twice."""
        async with self._refreshing:
            if self._cursors is None:
                self._cursors = dict(await self._log.last())
                await self._look_around()
            while events := await self._source.read(self._cursors, PAGE):
                for event in events:
                    self._cursors[partition_of(event.conversation)] = event.seq
                    await self._take(event)

    async def _look_around(self) -> None:
        for now in await self._log.waiting():
            await self._place(now)
        held: list[Conversation] = []
        search = Search(status="open", holder="agent")
        while page := await self._log.find(search, before=held[-1].seq if held else None, limit=PAGE):
            held += page
        for now in held:
            await self._place(now)
            if now.preview_by == "customer" and now.updated_at:
                self.unanswered[now.id] = now.updated_at
            if self._premises.group_of(now).accept_seconds:
                for event in await self._log.history(now.id):  # until when it has to be accepted
                    self._note(event, now)

    async def _take(self, event: Event) -> None:
        known = self.held.get(event.conversation)
        if known is None and (waiting := self._waiting.get(event.conversation)):
            known = waiting.now
        if known is None and not isinstance(event.fact, ENTER):
            return
        if known is not None and event.seq <= known.seq:
            return
        self._note(event, known)
        await self._place(fold(known, event) if known else await self._source.load(event.conversation))

    def _note(self, event: Event, known: Conversation | None) -> None:
        """Keep the times that the fold does not."""
        id = event.conversation
        match event.fact:
            case AgentAssigned(agent=agent, by=by):
                self._taken_at[id] = event.at
                self.given_at[agent] = self.moved_at[agent] = event.at
                seconds = self._premises.group_of(known).accept_seconds if known and by == "router" else 0
                if seconds:
                    self.accept_by[id] = event.at + timedelta(seconds=seconds)
                if known and known.preview_by == "customer":
                    self.unanswered[id] = event.at
            case AgentAccepted():
                self.accept_by.pop(id, None)
            case AgentReplied():
                self.accept_by.pop(id, None)
                self.unanswered.pop(id, None)
            case HoldChanged(on=False) | MessageReceived():
                self.unanswered.setdefault(id, event.at)
            case ReturnedToQueue(agent=agent, reason=reason) if reason != "not_accepted":  # that is no refusal
                self._refusals[id][agent] = event.at
            case Transferred(by=by, to=to) if to != by:  # who passes it on wants another to have it
                self._refusals[id][by] = event.at

    async def _place(self, now: Conversation) -> None:
        before = self.held.pop(now.id, None)
        if before is not None:
            self._count(before, -1)
        if known := self._waiting.pop(now.id, None):
            del self._ranks[bisect_left(self._ranks, known.rank)]
        if now.wanted_agent and now.updated_at:
            self.passed_at.setdefault(now.id, now.updated_at)
        else:
            self.passed_at.pop(now.id, None)
        if now.status == "open" and now.holder.kind == "agent":
            self.held[now.id] = now
            self._count(now, 1)
        else:
            self._leave_hands(now, before)
        if now.status == "open" and now.holder.kind == "queue":
            self._wait(now, known.last_agent if known else await self._last_agent(now))

    def _count(self, now: Conversation, by: int) -> None:
        self._loads[now.holder.agent][now.channel] += by

    def _wait(self, now: Conversation, last_agent: str) -> None:
        waiting = Waiting(now, last_agent, frozenset(self._refusals.get(now.id, ())))
        self._waiting[now.id] = waiting
        insort(self._ranks, waiting.rank)

    def _leave_hands(self, now: Conversation, before: Conversation | None) -> None:
        self.accept_by.pop(now.id, None)
        self.unanswered.pop(now.id, None)
        taken = self._taken_at.pop(now.id, None)
        if now.holder.kind != "queue":
            self._refusals.pop(now.id, None)
        if before and taken and now.updated_at:
            self.moved_at[before.holder.agent] = now.updated_at
            for group in {before.group, ""}:
                spent = self._handling.setdefault(group, deque(maxlen=HANDLINGS))
                spent.append((now.updated_at - taken).total_seconds())

    async def _last_agent(self, now: Conversation) -> str:
        """Who served this contact lately, here or in another conversation; "" when the group does not ask."""
        days = self._premises.group_of(now).last_agent_days
        if not days or now.updated_at is None:
            return ""
        others = [now] if now.last_agent else await self._log.find(Search(contact=now.contact), limit=5)
        earliest = now.updated_at - timedelta(days=days)
        served = [one for one in others if one.last_agent_at and one.last_agent_at >= earliest]
        return max(served, key=lambda one: one.last_agent_at or earliest).last_agent if served else ""

    def queue(self) -> list[Waiting]:
        """Who waits, in the order in which they are served."""
        return [self._waiting[id] for _, id in self._ranks]

    def forgive(self, at: datetime) -> None:
        """Who refused a conversation a while ago may get it again."""
        for id, refusals in tuple(self._refusals.items()):
            late = {
                agent: when for agent, when in refusals.items() if abs((at - when).total_seconds()) < REFUSED_SECONDS
            }
            if len(late) < len(refusals):
                self._refusals[id] = late
                if known := self._waiting.get(id):
                    self._waiting[id] = Waiting(known.now, known.last_agent, frozenset(late))

    def loads(self) -> Mapping[str, Counter[str]]:
        """Agent id to open conversations by channel, as they are until the next refresh."""
        return self._loads

    def handling(self, group: str) -> Sequence[float]:
        """Seconds that the latest conversations of this group, or of all when it had none, were in somebody's hands."""
        return self._handling.get(group) or self._handling.get("") or ()
