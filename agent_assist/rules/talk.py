"""A conversation's facts as the turns that assist reads, and which of its answers may be given to others."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from agent_assist.rules.dialogue import Moment, Role, Turn, moment_after
from agent_assist.rules.telling import answered
from conversation.events import (
    AgentAssigned,
    AgentReplied,
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
    """The words of a person's fact, or the agent's act; None when it is neither."""
    role: Role
    if act := ACTS.get(type(event.fact)):
        return Turn("agent", action=act)
    match event.fact:
        case MessageReceived(text=text) | MessageLeft(text=text):
            role = "customer"
        case AgentReplied(text=text):
            role = "agent"
        case _:
            return None
    return Turn(role, text) if text else None


def turns_of(events: Sequence[Event]) -> list[Turn]:
    """All turns in order. That the bot passes the customer on answers nothing: these words of its are left out."""
    return _turns(events, lambda bubbles, passes_on: " ".join(bubbles[:-1] if passes_on else bubbles))


def told_in(events: Sequence[Event]) -> list[Turn]:
    """All turns as a summary reads them: of the bot only what it answered or did."""
    return _turns(events, answered)


def _turns(events: Sequence[Event], words: Callable[[Sequence[str], bool], str]) -> list[Turn]:
    """`words` gives the bot's words out of its bubbles and whether the last one announces a person."""
    passing = {event.cause for event in events if isinstance(event.fact, HandoffRequested)}
    turns = []
    for event in events:
        if isinstance(event.fact, BotReplied):
            text = words([one.text for one in event.fact.messages if one.text], event.cause in passing)
            turn = Turn("bot", text) if text else None
        else:
            turn = turn_of(event)
        if turn:
            turns.append(turn)
    return turns


def learned(events: Sequence[Event]) -> tuple[str, dict[str, str]]:
    """What the bot made out: the last wish but that for a person, and each entity's last value."""
    asked = {one.cause for one in events if isinstance(one.fact, HandoffRequested) and one.fact.reason == "asked"}
    heard = [(event.fact, event.cause in asked) for event in events if isinstance(event.fact, BotReplied)]
    replies = [fact for fact, _ in heard]
    intent = next((one.intent for one, for_person in reversed(heard) if one.intent and not for_person), "")
    return intent, {entity.name: entity.value for reply in replies for entity in reply.entities}


def moment_of(events: Sequence[Event], asked: Event) -> Moment:
    """What was on the table when this was asked."""
    return moment_after(turns_of([one for one in events if one.seq <= asked.seq]))


def last_asked(events: Sequence[Event]) -> Event | None:
    """The customer's newest message, when whoever has the conversation has not answered it yet: what a colleague said
    before they passed it on is no answer of theirs."""
    holder = ""
    for event in reversed(events):
        match event.fact:
            case MessageReceived():
                return event
            case AgentAssigned(agent=agent):
                holder = holder or agent
            case AgentReplied(agent=agent) if agent == holder or not holder:
                return None
    return None


def may_be_reused(reply: str, contact: str) -> bool:
    """May others be given this answer? Not with what is true of one customer: their name, numbers, addresses."""
    if not SHORTEST <= len(reply) <= LONGEST or NUMBERED.search(reply):
        return False
    return not pii.find(reply) and not (len(contact) > 1 and contact in reply)
