"""Facts of a conversation between a customer, the bot and agents."""

from dataclasses import dataclass
from typing import Annotated, Final

from conversation.events.fact import WORDS, Audience, Fact

HOUSE_KNOWS: Final = frozenset(
    {"agent", "channel", "csat", "date", "group", "handed_over", "language", "messages", "site", "wait"}
)
"""What of a conversation follows from the log; nobody else says it."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A stored file: `id` is its key at the file door, `size` is in bytes."""

    id: str
    name: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True)
class Button:
    """A choice the bot offers. The payload stays in the house: the customer names the button, never its meaning."""

    title: Annotated[str, WORDS]
    payload: Annotated[str, Audience.HOUSE] = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """The customer pressed button number `button` (from 0, over all messages) of the bot's reply at `seq`."""

    seq: int
    button: int


@dataclass(frozen=True, slots=True)
class Card:
    """A small structured answer, such as an order: a title and (label, value) rows."""

    title: Annotated[str, WORDS]
    rows: Annotated[tuple[tuple[str, str], ...], WORDS] = ()
    link: Annotated[str, WORDS] = ""


@dataclass(frozen=True, slots=True)
class BotMessage:
    """One bubble of a bot's reply."""

    text: Annotated[str, WORDS] = ""
    buttons: tuple[Button, ...] = ()
    image: Annotated[str, WORDS] = ""
    card: Card | None = None


@dataclass(frozen=True, slots=True)
class Entity:
    """Something the bot found in a message, such as an order number."""

    name: str
    value: Annotated[str, WORDS]


@dataclass(frozen=True, slots=True)
class Guess:
    """An intent that a message may have had."""

    intent: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Part:
    """The characters `start` to `end` of a message have a wish of their own; their words stay in the message alone."""

    start: int
    end: int
    intent: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that an action of the bot looked up: `order_value`, what the order is worth in its own currency."""

    name: str
    value: float


@dataclass(frozen=True, slots=True)
class Attribute:
    """One thing known of a conversation; None takes it back."""

    name: str
    value: str | float | bool | None


@dataclass(frozen=True, slots=True)
class ConversationStarted(Fact):
    """A contact opened a conversation on a channel's site; language is `zh` or `en`."""

    audience = Audience.CUSTOMER
    contact: str
    channel: str
    site: str
    language: str
    page: Annotated[str, Audience.STAFF] = ""


@dataclass(frozen=True, slots=True)
class ContactIdentified(Fact):
    """We learned who the contact is: from a signed identity, or because they told us."""

    audience = Audience.STAFF
    contact: str
    name: Annotated[str, WORDS] = ""
    email: Annotated[str, WORDS] = ""
    phone: Annotated[str, WORDS] = ""


@dataclass(frozen=True, slots=True)
class MessageReceived(Fact):
    """The customer wrote, sent files or pressed a button."""

    audience = Audience.CUSTOMER
    text: Annotated[str, WORDS]
    attachments: Annotated[tuple[Attachment, ...], WORDS] = ()
    choice: Choice | None = None


@dataclass(frozen=True, slots=True)
class BotReplied(Fact):
    """The bot answered. `parts` are those of a message that was taken for several wishes, in the order in which they
    were said; `state` is the dialogue engine's own memory after this turn, opaque to us."""

    audience = Audience.CUSTOMER
    messages: tuple[BotMessage, ...]
    language: str
    intent: Annotated[str, Audience.STAFF] = ""
    confidence: Annotated[float, Audience.STAFF] = 0.0
    entities: Annotated[tuple[Entity, ...], Audience.STAFF] = ()
    actions: Annotated[tuple[str, ...], Audience.STAFF] = ()
    policy: Annotated[str, Audience.STAFF] = ""
    guesses: Annotated[tuple[Guess, ...], Audience.STAFF] = ()
    parts: Annotated[tuple[Part, ...], Audience.STAFF] = ()
    state: Annotated[str, WORDS, Audience.HOUSE] = ""
    figures: Annotated[tuple[Figure, ...], Audience.STAFF] = ()


@dataclass(frozen=True, slots=True)
class HandoffRequested(Fact):
    """A person is needed: the conversation enters the queue of `group` ("" is any group)."""

    audience = Audience.CUSTOMER
    reason: Annotated[str, Audience.STAFF]
    group: Annotated[str, Audience.STAFF] = ""


@dataclass(frozen=True, slots=True)
class AgentAssigned(Fact):
    """The conversation is in this agent's hands from here on; `beside`: they wrote in it already."""

    audience = Audience.CUSTOMER
    name: str
    agent: Annotated[str, Audience.STAFF]
    by: Annotated[str, Audience.STAFF] = "router"
    beside: bool = False


@dataclass(frozen=True, slots=True)
class AgentReplied(Fact):
    """An agent wrote to the customer."""

    audience = Audience.CUSTOMER
    name: str
    agent: Annotated[str, Audience.STAFF]
    text: Annotated[str, WORDS]
    attachments: Annotated[tuple[Attachment, ...], WORDS] = ()
    card: Card | None = None


@dataclass(frozen=True, slots=True)
class NoteAdded(Fact):
    """An agent wrote a note for colleagues; `mentions` are those it is for above all."""

    audience = Audience.STAFF
    agent: str
    name: str
    text: Annotated[str, WORDS]
    mentions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Transferred(Fact):
    """An agent passed the conversation on: back into the queue, for `group`, or for agent `to` alone and then it stays
    its group's."""

    audience = Audience.CUSTOMER
    by: Annotated[str, Audience.STAFF]
    to: Annotated[str, Audience.STAFF] = ""
    group: Annotated[str, Audience.STAFF] = ""
    note: Annotated[str, WORDS, Audience.STAFF] = ""


@dataclass(frozen=True, slots=True)
class ReturnedToQueue(Fact):
    """The conversation waits for an agent again, without having lost its place; `agent` had held it. It waits for
    `group` ("" is any group); None is the group that it was for before."""

    audience = Audience.CUSTOMER
    agent: Annotated[str, Audience.STAFF]
    reason: Annotated[str, Audience.STAFF] = ""
    group: Annotated[str | None, Audience.STAFF] = None


@dataclass(frozen=True, slots=True)
class HandedBack(Fact):
    """An agent, or the queue's customer, gave the conversation back to the bot."""

    audience = Audience.CUSTOMER
    by: Annotated[str, Audience.STAFF]
    note: Annotated[str, WORDS, Audience.STAFF] = ""


@dataclass(frozen=True, slots=True)
class ConversationClosed(Fact):
    """The conversation ended; `by` is `customer`, `bot`, `rule:` and the rule's name, or an agent's id."""

    audience = Audience.CUSTOMER
    by: Annotated[str, Audience.STAFF]
    reason: Annotated[str, Audience.STAFF] = ""


@dataclass(frozen=True, slots=True)
class ConversationReopened(Fact):
    """A closed conversation goes on: with `agent`, or with the bot when "" ."""

    audience = Audience.CUSTOMER
    by: Annotated[str, Audience.STAFF]
    agent: Annotated[str, Audience.STAFF] = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class RatingAsked(Fact):
    """We asked how it went (CSAT), on a scale from 1 to `scale`."""

    audience = Audience.CUSTOMER
    scale: int = 5


@dataclass(frozen=True, slots=True)
class Rated(Fact):
    """The customer's CSAT answer, 1 (worst) to 5 (best)."""

    audience = Audience.CUSTOMER
    score: int
    comment: Annotated[str, WORDS] = ""


@dataclass(frozen=True, slots=True)
class MessageLeft(Fact):
    """Nobody was there, so the customer left a message with a way to answer; with `call` they want to be called. It
    waits for the group that they waited for already, or else for `group`."""

    audience = Audience.CUSTOMER
    text: Annotated[str, WORDS]
    name: Annotated[str, WORDS] = ""
    email: Annotated[str, WORDS] = ""
    phone: Annotated[str, WORDS] = ""
    call: bool = False
    group: Annotated[str, Audience.STAFF] = ""


@dataclass(frozen=True, slots=True)
class InvitationAccepted(Fact):
    """The customer came because the widget had offered help: `text` is what it said, on `page`; `by` wrote it, if it
    was made by hand."""

    audience = Audience.CUSTOMER
    text: Annotated[str, WORDS]
    invitation: Annotated[str, Audience.STAFF]
    page: Annotated[str, Audience.STAFF] = ""
    by: Annotated[str, Audience.STAFF] = ""


@dataclass(frozen=True, slots=True)
class MessagesRead(Fact):
    """`by` (`customer` or `agent`) has seen everything up to seq `upto`."""

    audience = Audience.CUSTOMER
    by: str
    upto: int


@dataclass(frozen=True, slots=True)
class Redacted(Fact):
    """The words of the fact at seq `target` were erased; its place stays."""

    audience = Audience.CUSTOMER
    target: int
    by: Annotated[str, Audience.STAFF]


@dataclass(frozen=True, slots=True)
class AttributesSet(Fact):
    """What a company's own systems know of the conversation, told by `by`; what is not named stays as it was."""

    audience = Audience.STAFF
    by: str
    attributes: Annotated[tuple[Attribute, ...], WORDS]
