"""Conversation: the fold of its facts."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Literal

from conversation.events import (
    AgentAssigned,
    AgentReplied,
    BotReplied,
    ContactIdentified,
    ConversationClosed,
    ConversationReopened,
    ConversationStarted,
    Event,
    HandedBack,
    HandoffRequested,
    HoldChanged,
    MessageLeft,
    MessageReceived,
    MessagesRead,
    ParticipantJoined,
    ParticipantLeft,
    Prioritised,
    Rated,
    Redacted,
    ReturnedToQueue,
    Tagged,
    Transferred,
)

HolderKind = Literal["bot", "queue", "agent"]
Status = Literal["open", "closed"]

PREVIEW_LENGTH: Final = 120


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has the conversation in hand; `agent` is an id when kind is `agent`, else ""."""

    kind: HolderKind
    agent: str = ""


@dataclass(frozen=True, slots=True)
class Speaker:
    """A condition: this agent holds the open conversation or takes part in it."""

    agent: str


BOT: Final = Holder("bot")
QUEUE: Final = Holder("queue")


@dataclass(frozen=True, slots=True)
class Conversation:
    """The state of a conversation after the fact at `seq`; `Conversation(id)` is one that has not started (seq 0).

    `waiting_since` outlives an assignment, so that who returns to the queue keeps the old place.
    """

    id: str
    seq: int = 0
    contact: str = ""
    contact_name: str = ""
    email: str = ""
    phone: str = ""
    contact_seq: int = 0
    channel: str = ""
    site: str = ""
    language: str = ""
    status: Status = "open"
    holder: Holder = BOT
    agent_name: str = ""
    group: str = ""
    wanted_agent: str = ""
    started_at: datetime | None = None
    updated_at: datetime | None = None
    waiting_since: datetime | None = None
    preview_by: str = ""
    preview: str = ""
    preview_seq: int = 0
    unread: int = 0
    bot_seq: int = 0
    answered_seq: int = 0
    rating: int | None = None
    priority: int = 0
    skill: str = ""
    tags: tuple[str, ...] = ()
    participants: tuple[str, ...] = ()
    on_hold: bool = False
    last_agent: str = ""
    last_agent_at: datetime | None = None

    def held_by(self, agent: str) -> bool:
        """Does this agent hold the open conversation?"""
        return self.status == "open" and self.holder == Holder("agent", agent)

    def may_write(self, agent: str) -> bool:
        """May this agent write to the customer: as the holder, or as a participant beside one?"""
        return self.held_by(agent) or (self.status == "open" and agent in self.participants)


def fold(conversation: Conversation, event: Event) -> Conversation:
    """The conversation after `event`. Facts that change nothing but the place move `seq` and `updated_at` on."""
    change = _CHANGES.get(type(event.fact))
    changed = change(conversation, event, event.fact) if change else conversation
    return replace(changed, seq=event.seq, updated_at=event.at)


def _started(_: Conversation, event: Event, fact: ConversationStarted) -> Conversation:
    return Conversation(
        event.conversation,
        contact=fact.contact,
        channel=fact.channel,
        site=fact.site,
        language=fact.language,
        started_at=event.at,
    )


def _identified(now: Conversation, event: Event, fact: ContactIdentified) -> Conversation:
    return _introduced(replace(now, contact=fact.contact), event, fact)


def _introduced(now: Conversation, event: Event, fact: ContactIdentified | MessageLeft) -> Conversation:
    return replace(
        now,
        contact_name=fact.name or now.contact_name,
        email=fact.email or now.email,
        phone=fact.phone or now.phone,
        contact_seq=event.seq,
    )


def _left(now: Conversation, event: Event, fact: MessageLeft) -> Conversation:
    shown = _shown(_queued(now, event, group=now.group), event, "customer", fact.text)
    return _introduced(replace(shown, unread=now.unread + 1), event, fact)


def _received(now: Conversation, event: Event, fact: MessageReceived) -> Conversation:
    reopened = replace(now, status="open", holder=BOT, agent_name="") if now.status == "closed" else now
    text = fact.text or ", ".join(file.name for file in fact.attachments)
    return replace(_shown(reopened, event, "customer", text), unread=reopened.unread + 1)


def _bot_replied(now: Conversation, event: Event, fact: BotReplied) -> Conversation:
    text = " ".join(message.text for message in fact.messages if message.text)
    shown = _shown(now, event, "bot", text)
    return replace(shown, language=fact.language or now.language, bot_seq=event.seq, unread=0)


def _agent_replied(now: Conversation, event: Event, fact: AgentReplied) -> Conversation:
    text = fact.text or ", ".join(file.name for file in fact.attachments)
    return replace(_shown(now, event, "agent", text), unread=0, answered_seq=event.seq)


def _shown(now: Conversation, event: Event, by: str, text: str) -> Conversation:
    return replace(now, preview_by=by, preview=text[:PREVIEW_LENGTH], preview_seq=event.seq)


def _queued(now: Conversation, event: Event, *, group: str = "", agent: str = "") -> Conversation:
    return replace(
        now,
        status="open",
        holder=QUEUE,
        agent_name="",
        group=group,
        wanted_agent=agent,
        waiting_since=now.waiting_since or event.at,
        participants=(),
        on_hold=False,
    )


def _handoff(now: Conversation, event: Event, fact: HandoffRequested) -> Conversation:
    return _queued(now, event, group=fact.group)


def _transferred(now: Conversation, event: Event, fact: Transferred) -> Conversation:
    return _queued(now, event, group=fact.group, agent=fact.to)


def _returned(now: Conversation, event: Event, _: ReturnedToQueue) -> Conversation:
    return _queued(now, event, group=now.group)


def _assigned(now: Conversation, event: Event, fact: AgentAssigned) -> Conversation:
    return replace(_in_hands(now, fact.agent, fact.name), last_agent=fact.agent, last_agent_at=event.at)


def _in_hands(now: Conversation, agent: str, name: str) -> Conversation:
    return replace(
        now,
        status="open",
        holder=Holder("agent", agent) if agent else BOT,
        agent_name=name,
        wanted_agent="",
        participants=tuple(one for one in now.participants if agent and one != agent),
        on_hold=False,
    )


def _handed_back(now: Conversation, _: Event, _fact: HandedBack) -> Conversation:
    return replace(_in_hands(now, "", ""), group="", unread=0, waiting_since=None)


def _closed(now: Conversation, _: Event, _fact: ConversationClosed) -> Conversation:
    gone = replace(now, participants=(), on_hold=False, priority=0, skill="")
    return replace(gone, status="closed", holder=BOT, wanted_agent="", waiting_since=None, unread=0)


def _reopened(now: Conversation, _: Event, fact: ConversationReopened) -> Conversation:
    return replace(_in_hands(now, fact.agent, fact.name), waiting_since=None)


def _read(now: Conversation, _: Event, fact: MessagesRead) -> Conversation:
    return replace(now, unread=0) if fact.by == "agent" and fact.upto >= now.preview_seq else now


def _rated(now: Conversation, _: Event, fact: Rated) -> Conversation:
    return replace(now, rating=fact.score)


def _prioritised(now: Conversation, _: Event, fact: Prioritised) -> Conversation:
    return replace(now, priority=fact.priority, skill=fact.skill)


def _tagged(now: Conversation, _: Event, fact: Tagged) -> Conversation:
    return replace(now, tags=fact.tags)


def _held(now: Conversation, _: Event, fact: HoldChanged) -> Conversation:
    return replace(now, on_hold=fact.on)


def _joined(now: Conversation, _: Event, fact: ParticipantJoined) -> Conversation:
    return replace(now, participants=(*(one for one in now.participants if one != fact.agent), fact.agent))


def _parted(now: Conversation, _: Event, fact: ParticipantLeft) -> Conversation:
    return replace(now, participants=tuple(one for one in now.participants if one != fact.agent))


def _redacted(now: Conversation, _: Event, fact: Redacted) -> Conversation:
    silent = replace(now, preview="") if fact.target == now.preview_seq else now
    unnamed = fact.target == now.contact_seq
    return replace(silent, contact_name="", email="", phone="") if unnamed else silent


_CHANGES: Final[dict[type, Callable[[Conversation, Event, Any], Conversation]]] = {
    ConversationStarted: _started,
    ContactIdentified: _identified,
    MessageReceived: _received,
    BotReplied: _bot_replied,
    AgentReplied: _agent_replied,
    HandoffRequested: _handoff,
    Transferred: _transferred,
    ReturnedToQueue: _returned,
    AgentAssigned: _assigned,
    HandedBack: _handed_back,
    ConversationClosed: _closed,
    ConversationReopened: _reopened,
    MessagesRead: _read,
    MessageLeft: _left,
    Rated: _rated,
    Prioritised: _prioritised,
    Tagged: _tagged,
    HoldChanged: _held,
    ParticipantJoined: _joined,
    ParticipantLeft: _parted,
    Redacted: _redacted,
}
