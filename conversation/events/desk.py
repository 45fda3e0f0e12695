"""Facts of the desk: routing, supervision and what agents keep about a conversation."""

from dataclasses import dataclass
from typing import Annotated

from conversation.events.fact import WORDS, Audience, Fact


@dataclass(frozen=True, slots=True)
class Prioritised(Fact):
    """How urgent it is (0 normal, 1 raised, 2 VIP, 3 urgent), and the skill its agent must have ("" is none)."""

    audience = Audience.STAFF
    by: str
    priority: int
    skill: str = ""


@dataclass(frozen=True, slots=True)
class AgentAccepted(Fact):
    """The agent who was given the conversation is really there."""

    audience = Audience.STAFF
    agent: str


@dataclass(frozen=True, slots=True)
class HoldChanged(Fact):
    """The agent asked the customer to wait a moment, or is back."""

    audience = Audience.CUSTOMER
    on: bool
    agent: Annotated[str, Audience.STAFF]
    reason: Annotated[str, Audience.STAFF] = ""


@dataclass(frozen=True, slots=True)
class Whispered(Fact):
    """A supervisor told the agent something that the customer never sees."""

    audience = Audience.STAFF
    agent: str
    name: str
    text: Annotated[str, WORDS]


@dataclass(frozen=True, slots=True)
class ParticipantJoined(Fact):
    """One more may write to the customer: a supervisor who barged in, or a colleague who was invited."""

    audience = Audience.CUSTOMER
    name: str
    agent: Annotated[str, Audience.STAFF]
    by: Annotated[str, Audience.STAFF]
    way: Annotated[str, Audience.STAFF]
    note: Annotated[str, WORDS, Audience.STAFF] = ""


@dataclass(frozen=True, slots=True)
class ParticipantLeft(Fact):
    """A participant writes no longer; `by` is themselves, or who dismissed them."""

    audience = Audience.CUSTOMER
    name: str
    agent: Annotated[str, Audience.STAFF]
    by: Annotated[str, Audience.STAFF]


@dataclass(frozen=True, slots=True)
class AlertRaised(Fact):
    """Somebody should look: `alert` is wait, no_reply, angry or quality; `detail`: how long, which word or rule."""

    audience = Audience.STAFF
    alert: str
    detail: Annotated[str, WORDS] = ""


@dataclass(frozen=True, slots=True)
class Tagged(Fact):
    """The conversation's tags from here on."""

    audience = Audience.STAFF
    by: str
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WrappedUp(Fact):
    """What it was about and what came of it, in the agent's words."""

    audience = Audience.STAFF
    agent: str
    reason: str
    summary: Annotated[str, WORDS]
    resolved: bool


@dataclass(frozen=True, slots=True)
class ContactBlocked(Fact):
    """The contact may not write until `until` (ISO time; "" is for good), or may again when `on` is False."""

    audience = Audience.STAFF
    by: str
    on: bool
    until: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class TicketOpened(Fact):
    """What the conversation could not settle at once goes on as a ticket."""

    audience = Audience.CUSTOMER
    number: int
    title: Annotated[str, WORDS]
    ticket: Annotated[str, Audience.STAFF]
    by: Annotated[str, Audience.STAFF] = ""


@dataclass(frozen=True, slots=True)
class TicketMoved(Fact):
    """A ticket of this conversation has another state."""

    audience = Audience.CUSTOMER
    number: int
    title: Annotated[str, WORDS]
    state: str
    ticket: Annotated[str, Audience.STAFF]
    type: Annotated[str, Audience.STAFF] = ""
    zh: str = ""  # what the state was called then
    en: str = ""


@dataclass(frozen=True, slots=True)
class TicketAnswered(Fact):
    """Staff wrote to the customer in a ticket of this conversation; the words are in the ticket."""

    audience = Audience.CUSTOMER
    number: int
    title: Annotated[str, WORDS]
    name: str
    ticket: Annotated[str, Audience.STAFF]
    by: Annotated[str, Audience.STAFF] = ""
