"""A conversation's facts as the turns that assist reads, and which of its answers may be given to others."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from agent_assist.rules.dialogue import Role, Turn
from agent_assist.rules.telling import answered
from conversation.events import (
    AgentReplied,
    BotMessage,
    BotReplied,
    ConversationClosed,
    Event,
    Fact,
    HandedBack,
    HandoffRequested,
    MessageLeft,
    MessageReceived,
    TicketOpened,
    Transferred,
)
from language import pii

SHORTEST: Final = 2
LONGEST: Final = 600
NUMBERED: Final = re.compile(r"\d{5,}")  # an order, a parcel, an amount: true of one customer alone


ACTS: Final[Mapping[type[Fact], str]] = {
    Transferred: "transfer",
    TicketOpened: "ticket",
    HandedBack: "hand_back",
    ConversationClosed: "close",
}


def turn_of(event: Event) -> Turn | None:
    """The words of a fact, or the agent's act; None when it is neither."""
    role: Role
    if act := ACTS.get(type(event.fact)):
        return Turn("agent", action=act)
    match event.fact:
        case MessageReceived(text=text) | MessageLeft(text=text):
            role = "customer"
        case AgentReplied(text=text):
            role = "agent"
        case BotReplied(messages=messages):
            role, text = "bot", " ".join(one.text for one in messages if one.text)
        case _:
            return None
    return Turn(role, text) if text else None


def turns_of(events: Iterable[Event]) -> list[Turn]:
    """All turns in order."""
    return [turn for event in events if (turn := turn_of(event))]


def told_in(events: Sequence[Event]) -> list[Turn]:
    """All turns as a summary reads them: of the bot only what it answered or did."""
    passing = {event.cause for event in events if isinstance(event.fact, HandoffRequested)}
    return turns_of(_answering(event, event.cause in passing) for event in events)


def _answering(event: Event, passes_on: bool) -> Event:
    if not isinstance(event.fact, BotReplied):
        return event
    text = answered([one.text for one in event.fact.messages if one.text], passes_on)
    return replace(event, fact=replace(event.fact, messages=(BotMessage(text),)))


def learned(events: Iterable[Event]) -> tuple[str, dict[str, str]]:
    """What the bot made out: the last wish, and each entity's last value."""
    replies = [event.fact for event in events if isinstance(event.fact, BotReplied)]
    intent = next((one.intent for one in reversed(replies) if one.intent), "")
    return intent, {entity.name: entity.value for reply in replies for entity in reply.entities}


def last_asked(events: Sequence[Event]) -> Event | None:
    """The customer's newest message, when nobody has answered it yet."""
    for event in reversed(events):
        if isinstance(event.fact, MessageReceived):
            return event
        if isinstance(event.fact, AgentReplied):
            return None
    return None


def may_be_reused(reply: str, contact: str) -> bool:
    """May others be given this answer? Not with what is true of one customer: their name, numbers, addresses."""
    if not SHORTEST <= len(reply) <= LONGEST or NUMBERED.search(reply):
        return False
    return not pii.find(reply) and not (len(contact) > 1 and contact in reply)
