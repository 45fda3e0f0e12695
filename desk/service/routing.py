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
from conversation.model import QUEUE, Conversation
from conversation.share import Share
from conversation.signals import Signals
from desk.ports import Presence
from desk.rules.people import AWAY, STATES, Agent
from desk.rules.premises import Premises
from desk.rules.routing import Hand, Need, Waiting, can_serve, expected_wait, need_of, plan
from desk.service.floor import Floor
from desk.store.staff import Staff
from web.hours import Absence, is_open, opens_at

TICK_SECONDS: Final = 1.0
AT_ONCE: Final = 512
STAFF_SECONDS: Final = 1.0
NOTHING: Final = Counter[str]()
WANTED_SECONDS: Final = 120  # so long a customer waits for the one colleague they were passed to
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

Serving = tuple[bool, int]  # can anybody at the desk serve it; places of those online who can
Told = tuple[int, Absence | None, int | None]  # place, absence, minutes to wait

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
class Place:
    """Where a conversation waits: its position in its group's queue (from 1), seconds to wait (None: not known), and
    whether nobody is there for it; beyond the group's limit that is so, too."""

    position: int
    wait_seconds: float | None
    absence: Absence | None


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
        self.premises = premises
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
            planned = iter(plan(self.floor.queue(), hands, self.premises.groups, at, at.timestamp()))
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
        """Of those online who have a place free."""
        loads, present = self.floor.loads(), await self._presence.all()
        online = [one for one in await self.staff() if present.get(one.id) == "online"]
        free = [one for one in online if loads.get(one.id, NOTHING).total() < one.capacity]
        return {one.id: self._hand(one.as_agent, loads.get(one.id, NOTHING)) for one in free}

    def _hand(self, agent: Agent, channels: Counter[str]) -> Hand:
        given, moved = self.floor.given_at.get(agent.id), self.floor.moved_at.get(agent.id)
        times = (given.timestamp() if given else 0.0, moved.timestamp() if moved else 0.0)
        return Hand(agent, Counter(channels), *times)

    async def staff(self) -> list[Staff]:
        """Everyone active, as of at most a second ago."""
        at, known = self._staff
        if not 0 <= (datetime.now(UTC) - at).total_seconds() < STAFF_SECONDS:  # the clock may be set back
            known = await self._people.all()
            self._staff = (datetime.now(UTC), known)
        return known

    async def recall(self, at: datetime) -> int:
        """Take back what was not accepted, not answered, or is held by somebody who left; returns how many.

        Who did not accept is given nobody else until they say that they are back.
        """
        present = await self._presence.all()
        overdue = [(now, reason) for now in self.floor.held.values() if (reason := self._overdue(now, present, at))]
        recalled = 0
        for now, reason in overdue + self._passed_in_vain(at):
            fact = ReturnedToQueue(now.holder.agent or now.wanted_agent, reason, self.premises.group_for(now))
            try:
                done = await self._log.append(now.id, fact, cause=f"recall:{now.seq}", only_while=now.holder)
            except HolderChanged:
                continue
            recalled += done.fresh
            if reason == "not_accepted" and present.get(now.holder.agent) == "online":
                await self._presence.set(now.holder.agent, "missed")
        if recalled:
            self.wake()
        return recalled

    def _overdue(self, now: Conversation, present: Mapping[str, str], at: datetime) -> str:
        """Why the conversation must leave its agent's hands, or ""."""
        agent = now.holder.agent
        if present.get(agent, "offline") == "offline":
            since = self._gone_since[agent] = min(self._gone_since.get(agent, at), at)  # the clock may be set back
            if now.last_agent_at and since < now.last_agent_at <= at:  # who takes it while offline has as long
                since = now.last_agent_at
            limit = self.premises.group_of(now).offline_seconds
            if limit and at - since >= timedelta(seconds=limit):
                return "offline"
        else:
            self._gone_since.pop(agent, None)
        if (accept_by := self.floor.accept_by.get(now.id)) and at >= accept_by:
            return "not_accepted"
        if (asked := self.floor.unanswered.get(now.id)) and not now.on_hold:
            limit = self.premises.group_of(now).silent_seconds
            return "silent" if limit and at - asked >= timedelta(seconds=limit) else ""
        return ""

    def _passed_in_vain(self, at: datetime) -> list[tuple[Conversation, str]]:
        """Who has waited long enough for the one colleague they were passed to: anybody of the group may serve them."""
        late = {id for id, since in self.floor.passed_at.items() if at - since >= timedelta(seconds=WANTED_SECONDS)}
        return [(one.now, "not_accepted") for one in self.floor.queue() if one.now.id in late] if late else []

    async def tell_places(self) -> None:
        """Tell everyone who waits their place and expected wait, when the place or the minutes have changed."""
        told: dict[str, Told] = {}
        here = await self._present() if self.floor.queue() else []
        for id, place in self._places(here, datetime.now(UTC)):
            absence, wait = place.absence, place.wait_seconds
            told[id] = (place.position, absence, None if wait is None else round(wait / 60))
            if self._told.get(id) != told[id]:
                opens = timestamp(absence.opens_at) if absence and absence.opens_at else None
                seen = {"position": place.position, "wait_seconds": wait, "absent": absence is not None}
                crowded = absence is not None and absence.crowded
                self._signals.publish(f"queue:{id}", {**seen, "opens_at": opens, "crowded": crowded})
        self._told = told

    async def _present(self) -> list[tuple[Agent, str]]:
        """Who takes conversations and is at the desk, with their state."""
        present = await self._presence.all()
        here = [one for one in await self.staff() if one.capacity and present.get(one.id, "offline") not in AWAY]
        return [(one.as_agent, present[one.id]) for one in here]

    def _places(self, here: Sequence[tuple[Agent, str]], at: datetime) -> Iterator[tuple[str, Place]]:
        """Every conversation that waits, and where."""
        position: defaultdict[str, int] = defaultdict(int)
        serving: dict[Need, Serving] = {}
        for waiting in self.floor.queue():
            now, group = waiting.now, self.premises.group_of(waiting.now)
            position[group.id] += 1
            need = need_of(waiting, self.premises.groups, at)
            if need not in serving:
                able = [(agent.capacity, state) for agent, state in here if can_serve(agent, need)]
                serving[need] = bool(able), sum(places for places, state in able if state == "online")
            somebody, places = serving[need]
            wait = expected_wait(position[group.id], self.floor.handling(now.group), places)
            absence = self._absence(now.site, somebody, at)
            if absence is None and group.queue_limit and position[group.id] > group.queue_limit:
                absence = Absence(None, crowded=True)
            yield now.id, Place(position[group.id], wait, absence)

    def _absence(self, site: str, somebody: bool, at: datetime) -> Absence | None:
        """None while somebody who can serve them is at the desk, be it busy or at a break; a site with hours of its
        own is closed outside them, whoever is there for others."""
        known = self.premises.sites.get(site)
        own = known.hours if known else None
        if somebody and (own is None or is_open(own, at)):
            return None
        return Absence(opens_at(own or self.premises.hours, at))

    async def place(self, conversation: str) -> Place | None:
        """Where it waits in its group's queue; None when it does not wait."""
        await self.floor.refresh()
        known = self._places(await self._present(), datetime.now(UTC))
        return next((place for id, place in known if id == conversation), None)

    async def figures(self) -> QueueFigures:
        """The queue and the people, now."""
        await self.floor.refresh()
        queue, loads, present = self.floor.queue(), self.floor.loads(), await self._presence.all()
        staff = [one for one in await self.staff() if one.capacity]
        states = Counter(present.get(one.id, "offline") for one in staff)
        online = [one for one in staff if present.get(one.id) == "online"]
        free = sum(max(0, one.capacity - loads.get(one.id, NOTHING).total()) for one in online)
        by_group: defaultdict[str, list[Waiting]] = defaultdict(list)
        for waiting in queue:
            by_group[waiting.now.group].append(waiting)
        groups = tuple(GroupQueue(id, len(some), _first(some)) for id, some in sorted(by_group.items()))
        return QueueFigures(len(queue), _first(queue), {state: states[state] for state in STATES}, free, groups)


def _first(queue: Sequence[Waiting]) -> datetime | None:
    return min((one.now.waiting_since for one in queue if one.now.waiting_since), default=None)


def _seconds(since: datetime | None, at: datetime) -> float:
    return (at - since).total_seconds() if since else 0.0
