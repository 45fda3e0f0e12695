"""Room 3: people take over, answer, pass on and close."""

import asyncio
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Protocol

from conversation.codec import blank, timestamp
from conversation.events import (
    AgentAssigned,
    AgentReplied,
    Attachment,
    ConversationClosed,
    ConversationReopened,
    Event,
    Fact,
    HandedBack,
    HandoffRequested,
    MessageLeft,
    MessagesRead,
    NoteAdded,
    RatingAsked,
    ReturnedToQueue,
    Transferred,
)
from conversation.log import Appended, HolderChanged, Log, Search
from conversation.model import QUEUE, Conversation, Holder
from conversation.signals import Signals
from desk.ports import Files, Presence
from desk.rules import Absence, Agent, Hours, choose, expected_wait, opens_at
from desk.store import Staff

HANDLINGS: Final = 50
STATES: Final = ("online", "busy", "break", "offline")


@dataclass(frozen=True, slots=True)
class QueueFigures:
    """Conversations waiting, the longest wait in seconds, agents by state, and how many more they can take."""

    waiting: int
    longest_wait_seconds: float
    agents: Mapping[str, int]
    free_capacity: int


class People(Protocol):
    """Who works here (desk.store.Roster)."""

    async def all(self) -> list[Staff]:
        """Everyone active."""


class Desk:
    """Routes waiting conversations to present agents and records what agents do.

    Every act has the caller's id: the same id again is the same act. Acts of one who does not hold the conversation
    raise HolderChanged, and UnknownConversation when there is none.
    """

    HEARS: Final[frozenset[type[Fact]]] = frozenset(
        {HandoffRequested, MessageLeft, Transferred, ReturnedToQueue, ConversationClosed, HandedBack}
    )

    def __init__(
        self, log: Log, people: People, presence: Presence, signals: Signals, files: Files, hours: Hours | None = None
    ) -> None:
        self._log = log
        self._files = files
        self._hours = hours or Hours()
        self._signals = signals
        self._people = people
        self._presence = presence
        self._last_assigned: dict[str, datetime] = {}
        self._routing = asyncio.Lock()
        self._taken_at: dict[str, datetime] = {}
        self._handling: deque[float] = deque(maxlen=HANDLINGS)
        self.handlers: Mapping[type[Fact], Callable[[Event], Awaitable[None]]] = dict.fromkeys(
            self.HEARS, self.on_change
        )

    async def on_change(self, event: Event) -> None:
        """Somebody waits, or somebody has room again."""
        taken = self._taken_at.pop(event.conversation, None)
        if taken is not None:
            self._handling.append((event.at - taken).total_seconds())
        await self.route()

    async def route(self) -> int:
        """Give waiting conversations, longest wait first, to agents who are able; returns how many were given."""
        async with self._routing:
            agents, loads = await self._present(), dict(await self._log.loads())
            left, given = [], 0
            for waiting in await self._log.waiting():
                agent = choose(waiting, agents, loads, self._last_assigned)
                if agent is not None and await self._assign(waiting, agent):
                    loads[agent.id] = loads.get(agent.id, 0) + 1
                    given += 1
                else:
                    left.append(waiting.id)
            if left:
                self._tell_places(left, sum(agent.capacity for agent in agents), await self.absence())
            return given

    def _tell_places(self, waiting: Sequence[str], places: int, absence: Absence | None) -> None:
        opens = timestamp(absence.opens_at) if absence and absence.opens_at else None
        for position, conversation in enumerate(waiting, 1):
            wait = expected_wait(position, self._handling, places)
            told = {"position": position, "wait_seconds": wait, "absent": absence is not None, "opens_at": opens}
            self._signals.publish(f"queue:{conversation}", told)

    async def absence(self) -> Absence | None:
        """None while somebody who takes conversations is at the desk, be it busy or at a break."""
        present = {id for id, state in (await self._presence.all()).items() if state != "offline"}
        if any(one.id in present and one.capacity for one in await self._people.all()):
            return None
        return Absence(opens_at(self._hours, datetime.now(UTC)))

    async def figures(self) -> QueueFigures:
        """The queue and the people, now."""
        waiting, loads, present = await self._log.waiting(), await self._log.loads(), await self._presence.all()
        staff = [one for one in await self._people.all() if one.capacity]
        since = waiting[0].waiting_since if waiting else None
        states = Counter(present.get(one.id, "offline") for one in staff)
        free = sum(max(0, one.capacity - loads.get(one.id, 0)) for one in staff if present.get(one.id) == "online")
        waited = (datetime.now(UTC) - since).total_seconds() if since else 0.0
        return QueueFigures(len(waiting), waited, {state: states[state] for state in STATES}, free)

    async def _present(self) -> Sequence[Agent]:
        present = await self._presence.all()
        return [one.as_agent() for one in await self._people.all() if present.get(one.id) == "online"]

    async def _assign(self, waiting: Conversation, agent: Agent) -> bool:
        try:
            await self._log.append(
                waiting.id, AgentAssigned(agent.name, agent.id), cause=f"route:{waiting.seq}", only_while=QUEUE
            )
        except HolderChanged:
            return False
        self._last_assigned[agent.id] = self._taken_at[waiting.id] = datetime.now(UTC)
        return True

    async def take(self, conversation: str, agent: Staff, id: str, *, manages: bool = False) -> Appended:
        """Into my hands, from the queue or the bot; with `manages` also from a colleague."""
        now = await self._log.load(conversation)
        if now.status != "open" or (now.holder.kind == "agent" and not manages):
            raise HolderChanged(now)
        fact = AgentAssigned(agent.name, agent.id, by=agent.id)
        return await self._log.append(conversation, fact, cause=_act(id), only_while=now.holder)

    async def reply(
        self, conversation: str, agent: Staff, id: str, text: str, attachments: tuple[Attachment, ...] = ()
    ) -> Appended:
        """Write to the customer."""
        return await self._as_holder(conversation, agent, id, AgentReplied(agent.name, agent.id, text, attachments))

    async def note(self, conversation: str, agent: Staff, id: str, text: str) -> Appended:
        """Write to colleagues; anybody on the staff may."""
        return await self._log.append(conversation, NoteAdded(agent.id, agent.name, text), cause=_act(id))

    async def transfer(self, conversation: str, agent: Staff, id: str, *, to: str, group: str, note: str) -> Appended:
        """To one colleague, who gets it as soon as they have room, or to a group."""
        return await self._as_holder(conversation, agent, id, Transferred(agent.id, to, group, note))

    async def give_back(self, conversation: str, agent: Staff, id: str, reason: str) -> Appended:
        """Back to the queue, at its old place."""
        return await self._as_holder(conversation, agent, id, ReturnedToQueue(agent.id, reason))

    async def hand_back(self, conversation: str, agent: Staff, id: str, note: str) -> Appended:
        """Back to the bot."""
        return await self._as_holder(conversation, agent, id, HandedBack(agent.id, note))

    async def close(self, conversation: str, agent: Staff, id: str, reason: str) -> Appended:
        """End it and ask how it went."""
        return await self._as_holder(conversation, agent, id, ConversationClosed(agent.id, reason), RatingAsked())

    async def reopen(self, conversation: str, agent: Staff, id: str) -> Appended:
        """Go on with a closed conversation."""
        now = await self._log.load(conversation)
        if now.status == "open":
            raise HolderChanged(now)
        fact = ConversationReopened(agent.id, agent.id, agent.name)
        return await self._log.append(conversation, fact, cause=_act(id))

    async def read(self, conversation: str, upto: int) -> Appended:
        """The agent has seen everything up to this seq."""
        return await self._log.append(conversation, MessagesRead("agent", upto), cause=f"agent-read:{upto}")

    async def redact(self, seq: int, by: str) -> int:
        """Blank the words at a place and delete its files. Raises UnknownConversation when nothing is there."""
        event = await self._log.event(seq)
        for file in getattr(event.fact, "attachments", ()) if event else ():
            await self._files.delete(file.id)
        return (await self._log.redact(seq, by=by)).seq

    async def erase(self, contact: str, by: str) -> int:
        """Blank all that was written in a contact's conversations; returns how many facts that were."""
        erased = 0
        for now in await self.conversations_of(contact):
            for event in await self._log.history(now.id):
                if not event.redacted and blank(event.fact) != event.fact:
                    await self.redact(event.seq, by)
                    erased += 1
        return erased

    async def conversations_of(self, contact: str) -> list[Conversation]:
        """All of a contact's conversations, latest first."""
        found: list[Conversation] = []
        while page := await self._log.find(Search(contact=contact), before=found[-1].seq if found else None):
            found += page
        return found

    async def _as_holder(self, conversation: str, agent: Staff, id: str, *facts: Fact) -> Appended:
        return await self._log.append(conversation, *facts, cause=_act(id), only_while=Holder("agent", agent.id))


def _act(id: str) -> str:
    return f"act:{id}"
