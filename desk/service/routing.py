"""Gives waiting conversations to present agents, takes them back from absent ones, and says who waits how long."""

import asyncio
import logging
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any, Final, Protocol

from conversation.codec import timestamp
from conversation.events import (
    AgentAssigned,
    ConversationClosed,
    ConversationReopened,
    Event,
    HandedBack,
    HandoffRequested,
    MessageLeft,
    Prioritised,
    ReturnedToQueue,
    Transferred,
)
from conversation.log import HolderChanged, Log, LogUnavailable, NoRoom, Room
from conversation.model import QUEUE, Conversation, Holder
from conversation.share import Share
from conversation.signals import Signals
from desk.ports import Presence
from desk.rules.hours import Absence, opens_at
from desk.rules.people import ANY, STATES, Agent
from desk.rules.premises import Premises
from desk.rules.routing import Hand, Need, Waiting, can_serve, expected_wait, need_of, plan
from desk.service.floor import Floor
from desk.store.staff import Staff

TICK_SECONDS: Final = 1.0
AT_ONCE: Final = 512
STAFF_SECONDS: Final = 1.0
MOVES: Final = (
    HandoffRequested,
    MessageLeft,
    Transferred,
    ReturnedToQueue,
    HandedBack,
    ConversationClosed,
    ConversationReopened,
    Prioritised,
)

Told = tuple[int, bool, int | None]  # place, absent, minutes to wait

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class GroupQueue:
    """How many wait for a group ("" is any), and since when the first of them has."""

    id: str
    waiting: int
    since: datetime | None

    def told(self, at: datetime) -> dict[str, Any]:
        """On the wire, where the wait is in seconds."""
        return {"id": self.id, "waiting": self.waiting, "longest_wait_seconds": _seconds(self.since, at)}


@dataclass(frozen=True, slots=True)
class QueueFigures:
    """Conversations waiting and since when, agents by state, and how many more they can take."""

    waiting: int
    since: datetime | None
    agents: Mapping[str, int]
    free_capacity: int
    groups: tuple[GroupQueue, ...]

    def told(self, at: datetime) -> dict[str, Any]:
        """On the wire, where the waits are in seconds."""
        return {
            "waiting": self.waiting,
            "longest_wait_seconds": _seconds(self.since, at),
            "agents": self.agents,
            "free_capacity": self.free_capacity,
            "groups": [group.told(at) for group in self.groups],
        }


class People(Protocol):
    """Who works here (desk.store.staff.Roster)."""

    async def all(self) -> list[Staff]:
        """Everyone active."""


class Routing:
    """One process routes at a time; several would waste work but never break a rule (docs/decisions/0003)."""

    def __init__(
        self,
        log: Log,
        floor: Floor,
        people: People,
        presence: Presence,
        signals: Signals,
        premises: Premises,
    ) -> None:
        self._log = log
        self.floor = floor
        self._people = people
        self._presence = presence
        self._signals = signals
        self._premises = premises
        self._routing = asyncio.Lock()
        self._woken = asyncio.Event()
        self._gone_since: dict[str, datetime] = {}
        self._told: dict[str, Told] = {}
        self.leads = False
        self._staff: tuple[datetime, list[Staff]] = (datetime.min.replace(tzinfo=UTC), [])

    def wake(self, _: object = None) -> None:
        """Something changed that routing may care about."""
        self._woken.set()

    def hear(self, event: Event) -> None:
        """Wake when it may change who waits or who has room; what is merely said does not."""
        fact = event.fact
        if isinstance(fact, MOVES) or (isinstance(fact, AgentAssigned) and fact.by != "router"):
            self.wake()

    async def run(self, lease: Share) -> None:
        """Route while this process has the lease's first partition (`leads`), until cancelled."""
        told_at, loop = 0.0, asyncio.get_running_loop()
        ear = self._signals.subscribe("presence", self.wake)
        try:
            while True:
                try:
                    await lease.renew()
                    self.leads = 0 in lease.cursors
                    if self.leads:
                        await self.route()
                        if loop.time() - told_at >= TICK_SECONDS:
                            told_at = loop.time()
                            await self.recall(datetime.now(UTC))
                            await self.tell_places()
                except LogUnavailable:
                    log.warning("routing waits for the conversation store")
                except Exception as error:
                    log.error("routing failed and tries again: %s", type(error).__name__, exc_info=error)
                await self._sleep()
        finally:
            ear.close()
            await lease.give_back()

    async def _sleep(self) -> None:
        try:
            async with asyncio.timeout(TICK_SECONDS):
                await self._woken.wait()
        except TimeoutError:
            return
        self._woken.clear()

    async def route(self) -> int:
        """Give what can be given, in the order of the ranks; returns how many were given."""
        async with self._routing:
            at, given = datetime.now(UTC), 0
            await self.floor.refresh()
            if not self.floor.queue():
                return 0
            self.floor.forgive(at)
            hands = await self._hands()
            planned = iter(plan(self.floor.queue(), hands, self._premises.groups, at, at.timestamp()))
            while some := list(islice(planned, AT_ONCE)):
                done = await asyncio.gather(*(self._give(waiting.now, agent) for waiting, agent in some))
                given += sum(done)
            await self.floor.refresh()
            return given

    async def _give(self, now: Conversation, agent: Agent) -> bool:
        room = Room(agent.id, agent.capacity, now.channel, agent.channel_capacity.get(now.channel))
        fact, cause = AgentAssigned(agent.name, agent.id), f"route:{now.seq}"
        try:
            return (await self._log.append(now.id, fact, cause=cause, only_while=QUEUE, room=room)).fresh
        except (HolderChanged, NoRoom):
            return False

    async def _hands(self) -> dict[str, Hand]:
        loads = self.floor.loads()
        return {agent.id: self._hand(agent, loads.get(agent.id)) for agent in await self._online()}

    def _hand(self, agent: Agent, channels: Counter[str] | None) -> Hand:
        given, moved = self.floor.given_at.get(agent.id), self.floor.moved_at.get(agent.id)
        times = (given.timestamp() if given else 0.0, moved.timestamp() if moved else 0.0)
        return Hand(agent, Counter(channels or {}), *times)

    async def staff(self) -> list[Staff]:
        """Everyone active, as of at most a second ago."""
        at, known = self._staff
        if (datetime.now(UTC) - at).total_seconds() >= STAFF_SECONDS:
            known = await self._people.all()
            self._staff = (datetime.now(UTC), known)
        return known

    async def _online(self) -> list[Agent]:
        present = await self._presence.all()
        return [one.as_agent() for one in await self.staff() if present.get(one.id) == "online"]

    async def recall(self, at: datetime) -> int:
        """Take back what was not accepted, not answered, or is held by somebody who left; returns how many."""
        present = await self._presence.all()
        overdue = [(now, reason) for now in self.floor.held.values() if (reason := self._overdue(now, present, at))]
        recalled = 0
        for now, reason in overdue:
            fact = ReturnedToQueue(now.holder.agent, reason)
            held = Holder("agent", now.holder.agent)
            try:
                done = await self._log.append(now.id, fact, cause=f"recall:{now.seq}", only_while=held)
            except HolderChanged:
                continue
            recalled += done.fresh
        if recalled:
            self.wake()
        return recalled

    def _overdue(self, now: Conversation, present: Mapping[str, str], at: datetime) -> str:
        """Why the conversation must leave its agent's hands, or ""."""
        agent, group = now.holder.agent, self._premises.groups.get(now.group, ANY)
        if present.get(agent, "offline") == "offline":
            since = self._gone_since.setdefault(agent, at)
            if group.offline_seconds and at - since >= timedelta(seconds=group.offline_seconds):
                return "offline"
        else:
            self._gone_since.pop(agent, None)
        if (accept_by := self.floor.accept_by.get(now.id)) and at >= accept_by:
            return "not_accepted"
        asked = self.floor.unanswered.get(now.id)
        late = group.silent_seconds and asked and at - asked >= timedelta(seconds=group.silent_seconds)
        return "silent" if late and not now.on_hold else ""

    async def tell_places(self) -> None:
        """Tell everyone who waits their place and expected wait, when the place or the minutes have changed."""
        absence = await self.absence()
        opens = timestamp(absence.opens_at) if absence and absence.opens_at else None
        told: dict[str, Told] = {}
        for waiting, place, wait in self._places(await self._online(), datetime.now(UTC)):
            limit = self._premises.groups.get(waiting.now.group, ANY).queue_limit
            absent = absence is not None or bool(limit and place > limit)
            minutes = None if wait is None else round(wait / 60)
            told[waiting.now.id] = (place, absent, minutes)
            if self._told.get(waiting.now.id) != told[waiting.now.id]:
                seen = {"position": place, "wait_seconds": wait, "absent": absent, "opens_at": opens}
                self._signals.publish(f"queue:{waiting.now.id}", seen)
        self._told = told

    def _places(self, agents: Sequence[Agent], at: datetime) -> Iterator[tuple[Waiting, int, float | None]]:
        """Who waits, at which place of the group's queue (from 1), and for how many more seconds."""
        position: defaultdict[str, int] = defaultdict(int)
        places: dict[Need, int] = {}
        for waiting in self.floor.queue():
            group = self._premises.groups.get(waiting.now.group, ANY)
            position[group.id] += 1
            need = need_of(waiting, self._premises.groups, at)
            if need not in places:
                places[need] = sum(agent.capacity for agent in agents if can_serve(agent, need))
            handling = self.floor.handling(waiting.now.group)
            yield waiting, position[group.id], expected_wait(position[group.id], handling, places[need])

    async def place(self, conversation: str) -> tuple[int, float | None] | None:
        """Its place in the group's queue and the expected wait in seconds; None when it does not wait."""
        await self.floor.refresh()
        known = self._places(await self._online(), datetime.now(UTC))
        return next(((place, wait) for waiting, place, wait in known if waiting.now.id == conversation), None)

    async def absence(self) -> Absence | None:
        """None while somebody who takes conversations is at the desk, be it busy or at a break."""
        present = {id for id, state in (await self._presence.all()).items() if state != "offline"}
        if any(one.id in present and one.capacity for one in await self.staff()):
            return None
        return Absence(opens_at(self._premises.hours, datetime.now(UTC)))

    async def figures(self) -> QueueFigures:
        """The queue and the people, now."""
        await self.floor.refresh()
        queue, loads, present = self.floor.queue(), self.floor.loads(), await self._presence.all()
        staff = [one for one in await self.staff() if one.capacity]
        states = Counter(present.get(one.id, "offline") for one in staff)
        online = [one for one in staff if present.get(one.id) == "online"]
        free = sum(max(0, one.capacity - loads.get(one.id, Counter()).total()) for one in online)
        by_group: defaultdict[str, list[Waiting]] = defaultdict(list)
        for waiting in queue:
            by_group[waiting.now.group].append(waiting)
        groups = tuple(GroupQueue(id, len(some), _first(some)) for id, some in sorted(by_group.items()))
        return QueueFigures(len(queue), _first(queue), {state: states[state] for state in STATES}, free, groups)


def _first(queue: Sequence[Waiting]) -> datetime | None:
    return min((one.now.waiting_since for one in queue if one.now.waiting_since), default=None)


def _seconds(since: datetime | None, at: datetime) -> float:
    return (at - since).total_seconds() if since else 0.0
