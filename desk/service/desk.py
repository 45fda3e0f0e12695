"""Room 3: people take over, answer, pass on and close."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from conversation.codec import blank
from conversation.events import (
    AgentAccepted,
    AgentAssigned,
    AgentReplied,
    Attachment,
    Attribute,
    AttributesSet,
    Card,
    ConversationClosed,
    ConversationReopened,
    Event,
    Fact,
    HandedBack,
    HoldChanged,
    MessageReceived,
    MessagesRead,
    NoteAdded,
    PicturesSeen,
    Prioritised,
    RatingAsked,
    ReturnedToQueue,
    Tagged,
    Transferred,
    WrappedUp,
)
from conversation.log import Appended, HolderChanged, Log, Search
from conversation.model import Conversation, Holder, Speaker
from desk.ports import Files
from desk.service.alerts import Alerts
from desk.service.routing import Place, Routing
from desk.store.staff import Staff


class Desk:
    """Records what agents do.

    Every act has the caller's id: the same id again is the same act. Acts of one who does not hold the conversation
    raise HolderChanged, and UnknownConversation when there is none.
    """

    HEARS: Final[frozenset[type[Fact]]] = frozenset({MessageReceived})

    def __init__(self, log: Log, routing: Routing, files: Files, alerts: Alerts) -> None:
        self._log = log
        self._files = files
        self.routing = routing
        self.handlers: Mapping[type[Fact], Callable[[Event], Awaitable[None]]] = {MessageReceived: alerts.read}

    async def place(self, conversation: str) -> Place | None:
        """As Routing.place."""
        return await self.routing.place(conversation)

    async def take(self, conversation: str, agent: Staff, id: str, *, manages: bool = False) -> Appended:
        """Into my hands, from the queue or the bot; with `manages` also from a colleague."""
        now = await self._log.load(conversation)
        if now.status != "open" or (now.holder.kind == "agent" and not manages):
            raise HolderChanged(now)
        fact = AgentAssigned(agent.name, agent.id, by=agent.id, beside=agent.id in now.participants)
        return await self._log.append(conversation, fact, cause=_act(id), only_while=now.holder)

    async def reply(
        self,
        conversation: str,
        agent: Staff,
        id: str,
        text: str,
        attachments: tuple[Attachment, ...] = (),
        card: Card | None = None,
    ) -> Appended:
        """Write to the customer, as the holder or a participant."""
        fact = AgentReplied(agent.name, agent.id, text, attachments, card)
        return await self._log.append(conversation, fact, cause=_act(id), only_while=Speaker(agent.id))

    async def accept(self, conversation: str, agent: Staff, id: str) -> Appended:
        """I am here for what I was given."""
        return await self._as_holder(conversation, agent, id, AgentAccepted(agent.id))

    async def hold(self, conversation: str, agent: Staff, id: str, on: bool, reason: str) -> Appended:
        """Ask the customer to wait a moment, or be back."""
        return await self._as_holder(conversation, agent, id, HoldChanged(on, agent.id, reason))

    async def prioritise(self, conversation: str, agent: Staff, id: str, priority: int, skill: str) -> Appended:
        """How urgent it is, and which skill it needs."""
        return await self._log.append(conversation, Prioritised(agent.id, priority, skill), cause=_act(id))

    async def tag(self, conversation: str, agent: Staff, id: str, tags: tuple[str, ...]) -> Appended:
        """These are its tags from now on."""
        return await self._log.append(conversation, Tagged(agent.id, tags), cause=_act(id))

    async def know(
        self, conversation: str, agent: Staff, id: str, known: Mapping[str, str | float | bool | None]
    ) -> Appended:
        """What a company's own systems know of it; None takes one back."""
        fact = AttributesSet(agent.id, tuple(Attribute(name, value) for name, value in known.items()))
        return await self._log.append(conversation, fact, cause=_act(id))

    async def wrap_up(self, conversation: str, agent: Staff, id: str, done: WrappedUp) -> Appended:
        """What it was about; also after it was closed."""
        return await self._log.append(conversation, done, cause=_act(id))

    async def note(
        self, conversation: str, agent: Staff, id: str, text: str, mentions: tuple[str, ...] = ()
    ) -> Appended:
        """Write to colleagues; anybody on the staff may."""
        return await self._log.append(conversation, NoteAdded(agent.id, agent.name, text, mentions), cause=_act(id))

    async def transfer(self, conversation: str, agent: Staff, id: str, *, to: str, group: str, note: str) -> Appended:
        """To one colleague, who gets it as soon as they have room, or to a group."""
        return await self._as_holder(conversation, agent, id, Transferred(agent.id, to, group, note))

    async def give_back(self, conversation: str, agent: Staff, id: str, reason: str) -> Appended:
        """Back to the queue, at its old place; what was taken from the bot goes to its site's group."""
        group = self.routing.premises.group_for(await self._log.load(conversation))
        return await self._as_holder(conversation, agent, id, ReturnedToQueue(agent.id, reason, group))

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
        """Blank the words at a place, and what its pictures showed, and delete its files. Raises UnknownConversation
        when nothing is there."""
        event = await self._log.event(seq)
        files = getattr(event.fact, "attachments", ()) if event else ()
        for file in files:
            await self._files.delete(file.id)
        for told in await self._log.recorded(event.conversation, f"seq:{seq}") if event and files else ():
            if isinstance(told.fact, PicturesSeen):
                await self._log.redact(told.seq, by=by)
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
