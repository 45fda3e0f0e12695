"""Conversation: the fold of its facts."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any, Final, Literal, NamedTuple, cast

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


class Conversation(NamedTuple):
    """The state of a conversation after the fact at `seq`; `Conversation(id)` is one that has not started (seq 0).

    A tuple, because it is copied three times for every fact of the house: a frozen dataclass takes six times as long.
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


Changes = dict[str, Any]


def fold(conversation: Conversation, event: Event) -> Conversation:
    """The conversation after `event`. Facts that change nothing but the place move `seq` and `updated_at` on."""
    change = _CHANGES.get(type(event.fact))
    changes = change(conversation, event, event.fact) if change else {}
    return conversation._replace(**changes, seq=event.seq, updated_at=event.at)


def fold_all(conversation: Conversation, events: Iterable[Event]) -> Conversation:
    """The conversation after all of them: as `fold` one by one, but only the last one is made."""
    now = SimpleNamespace(**conversation._asdict())
    for event in events:
        if change := _CHANGES.get(type(event.fact)):
            now.__dict__.update(change(cast(Conversation, now), event, event.fact))
        now.seq, now.updated_at = event.seq, event.at
    return Conversation(**now.__dict__)


def _started(_: Conversation, event: Event, fact: ConversationStarted) -> Changes:
    return {
        "contact": fact.contact,
        "channel": fact.channel,
        "site": fact.site,
        "language": fact.language,
        "started_at": event.at,
    }


def _identified(now: Conversation, event: Event, fact: ContactIdentified) -> Changes:
    return {"contact": fact.contact, **_introduced(now, event, fact)}


def _introduced(now: Conversation, event: Event, fact: ContactIdentified | MessageLeft) -> Changes:
    return {
        "contact_name": fact.name or now.contact_name,
        "email": fact.email or now.email,
        "phone": fact.phone or now.phone,
        "contact_seq": event.seq,
    }


def _left(now: Conversation, event: Event, fact: MessageLeft) -> Changes:
    shown = _queued(now, event, group=now.group or fact.group) | _shown(event, "customer", fact.text)
    return shown | _introduced(now, event, fact) | {"unread": now.unread + 1}


def _received(now: Conversation, event: Event, fact: MessageReceived) -> Changes:
    reopened: Changes = {"status": "open", "holder": BOT, "agent_name": ""} if now.status == "closed" else {}
    text = fact.text or ", ".join(file.name for file in fact.attachments)
    return reopened | _shown(event, "customer", text) | {"unread": now.unread + 1}


def _bot_replied(now: Conversation, event: Event, fact: BotReplied) -> Changes:
    text = " ".join(message.text for message in fact.messages if message.text)
    answered = {"language": fact.language or now.language, "bot_seq": event.seq, "unread": 0}
    return _shown(event, "bot", text) | answered


def _agent_replied(_: Conversation, event: Event, fact: AgentReplied) -> Changes:
    text = fact.text or ", ".join(file.name for file in fact.attachments) or (fact.card.title if fact.card else "")
    return _shown(event, "agent", text) | {"unread": 0, "answered_seq": event.seq}


def _shown(event: Event, by: str, text: str) -> Changes:
    return {"preview_by": by, "preview": text[:PREVIEW_LENGTH], "preview_seq": event.seq}


def _queued(now: Conversation, event: Event, *, group: str = "", agent: str = "") -> Changes:
    return {
        "status": "open",
        "holder": QUEUE,
        "agent_name": "",
        "group": group,
        "wanted_agent": agent,
        "waiting_since": now.waiting_since or event.at,
        "participants": (),
        "on_hold": False,
    }


def _handoff(now: Conversation, event: Event, fact: HandoffRequested) -> Changes:
    return _queued(now, event, group=fact.group)


def _transferred(now: Conversation, event: Event, fact: Transferred) -> Changes:
    return _queued(now, event, group=fact.group or (now.group if fact.to else ""), agent=fact.to)


def _returned(now: Conversation, event: Event, fact: ReturnedToQueue) -> Changes:
    return _queued(now, event, group=now.group if fact.group is None else fact.group)


def _assigned(now: Conversation, event: Event, fact: AgentAssigned) -> Changes:
    return _in_hands(now, event, fact.agent, fact.name)


def _in_hands(now: Conversation, event: Event, agent: str, name: str) -> Changes:
    last: Changes = {"last_agent": agent, "last_agent_at": event.at} if agent else {}
    return last | {
        "status": "open",
        "holder": Holder("agent", agent) if agent else BOT,
        "agent_name": name,
        "wanted_agent": "",
        "participants": tuple(one for one in now.participants if agent and one != agent),
        "on_hold": False,
    }


def _handed_back(now: Conversation, event: Event, _fact: HandedBack) -> Changes:
    return _in_hands(now, event, "", "") | {"group": "", "unread": 0, "waiting_since": None}


def _closed(_: Conversation, _event: Event, _fact: ConversationClosed) -> Changes:
    gone: Changes = {"participants": (), "on_hold": False, "priority": 0, "skill": ""}
    return gone | {"status": "closed", "holder": BOT, "wanted_agent": "", "waiting_since": None, "unread": 0}


def _reopened(now: Conversation, event: Event, fact: ConversationReopened) -> Changes:
    return _in_hands(now, event, fact.agent, fact.name) | {"waiting_since": None}


def _read(now: Conversation, _: Event, fact: MessagesRead) -> Changes:
    return {"unread": 0} if fact.by == "agent" and fact.upto >= now.preview_seq else {}


def _rated(_: Conversation, _event: Event, fact: Rated) -> Changes:
    return {"rating": fact.score}


def _prioritised(_: Conversation, _event: Event, fact: Prioritised) -> Changes:
    return {"priority": fact.priority, "skill": fact.skill}


def _tagged(_: Conversation, _event: Event, fact: Tagged) -> Changes:
    return {"tags": fact.tags}


def _held(_: Conversation, _event: Event, fact: HoldChanged) -> Changes:
    return {"on_hold": fact.on}


def _joined(now: Conversation, _: Event, fact: ParticipantJoined) -> Changes:
    return {"participants": (*(one for one in now.participants if one != fact.agent), fact.agent)}


def _parted(now: Conversation, _: Event, fact: ParticipantLeft) -> Changes:
    return {"participants": tuple(one for one in now.participants if one != fact.agent)}


def _redacted(now: Conversation, _: Event, fact: Redacted) -> Changes:
    silent = {"preview": ""} if fact.target == now.preview_seq else {}
    return silent | ({"contact_name": "", "email": "", "phone": ""} if fact.target == now.contact_seq else {})


_CHANGES: Final[dict[type, Callable[[Conversation, Event, Any], Changes]]] = {
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

CHANGING: Final = frozenset(_CHANGES)
"""The facts after which a conversation is another; the rest move its place on."""
