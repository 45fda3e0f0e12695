"""Every fact of a conversation, and who may see it.

A fact is a frozen dataclass in the past tense. Its audience is the widest circle that may see it; a field can narrow
that circle for itself, and says with WORDS that it carries what people wrote, so that erasure finds it:
`text: Annotated[str, WORDS, Audience.STAFF]`.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from functools import cache
from typing import Annotated, Any, ClassVar, Final, get_type_hints


class Audience(IntEnum):
    """Circles of people, each inside the next: a view for one shows what is marked with it or a lower one."""

    CUSTOMER = 0
    STAFF = 1
    HOUSE = 2  # the services alone, never a person


WORDS: Final = "words"


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
class Fact:
    """What all facts share: an audience. Facts carry no time and no place; `Event` adds those."""

    audience: ClassVar[Audience]


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
    """The bot answered. `state` is the dialogue engine's own memory after this turn, opaque to us."""

    audience = Audience.CUSTOMER
    messages: tuple[BotMessage, ...]
    language: str
    intent: Annotated[str, Audience.STAFF] = ""
    confidence: Annotated[float, Audience.STAFF] = 0.0
    entities: Annotated[tuple[Entity, ...], Audience.STAFF] = ()
    actions: Annotated[tuple[str, ...], Audience.STAFF] = ()
    policy: Annotated[str, Audience.STAFF] = ""
    state: Annotated[str, WORDS, Audience.HOUSE] = ""


@dataclass(frozen=True, slots=True)
class HandoffRequested(Fact):
    """A person is needed: the conversation enters the queue of `group` ("" is any group)."""

    audience = Audience.CUSTOMER
    reason: Annotated[str, Audience.STAFF]
    group: Annotated[str, Audience.STAFF] = ""


@dataclass(frozen=True, slots=True)
class AgentAssigned(Fact):
    """The conversation is in this agent's hands from here on."""

    audience = Audience.CUSTOMER
    name: str
    agent: Annotated[str, Audience.STAFF]
    by: Annotated[str, Audience.STAFF] = "router"


@dataclass(frozen=True, slots=True)
class AgentReplied(Fact):
    """An agent wrote to the customer."""

    audience = Audience.CUSTOMER
    name: str
    agent: Annotated[str, Audience.STAFF]
    text: Annotated[str, WORDS]
    attachments: Annotated[tuple[Attachment, ...], WORDS] = ()


@dataclass(frozen=True, slots=True)
class NoteAdded(Fact):
    """An agent wrote a note for colleagues."""

    audience = Audience.STAFF
    agent: str
    name: str
    text: Annotated[str, WORDS]


@dataclass(frozen=True, slots=True)
class Transferred(Fact):
    """An agent passed the conversation on: back into the queue, for `group` or for agent `to` alone."""

    audience = Audience.CUSTOMER
    by: Annotated[str, Audience.STAFF]
    to: Annotated[str, Audience.STAFF] = ""
    group: Annotated[str, Audience.STAFF] = ""
    note: Annotated[str, WORDS, Audience.STAFF] = ""


@dataclass(frozen=True, slots=True)
class ReturnedToQueue(Fact):
    """The conversation waits for an agent again, without having lost its place; `agent` had held it."""

    audience = Audience.CUSTOMER
    agent: Annotated[str, Audience.STAFF]
    reason: Annotated[str, Audience.STAFF] = ""


@dataclass(frozen=True, slots=True)
class HandedBack(Fact):
    """An agent, or the queue's customer, gave the conversation back to the bot."""

    audience = Audience.CUSTOMER
    by: Annotated[str, Audience.STAFF]
    note: Annotated[str, WORDS, Audience.STAFF] = ""


@dataclass(frozen=True, slots=True)
class ConversationClosed(Fact):
    """The conversation ended; `by` is `customer`, `bot`, `system` or an agent's id."""

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
    """Nobody was there, so the customer left a message with a way to answer."""

    audience = Audience.CUSTOMER
    text: Annotated[str, WORDS]
    name: Annotated[str, WORDS] = ""
    email: Annotated[str, WORDS] = ""
    phone: Annotated[str, WORDS] = ""


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


KINDS: Final[dict[str, type[Fact]]] = {kind.__name__: kind for kind in Fact.__subclasses__()}


@dataclass(frozen=True, slots=True)
class Event:
    """A fact and its place: seq (one growing number for the whole log), conversation, cause and UTC time."""

    seq: int
    conversation: str
    cause: str
    at: datetime
    fact: Fact
    redacted: bool = False

    @property
    def kind(self) -> str:
        """The fact's name, as stored and shown."""
        return type(self.fact).__name__


@cache
def hidden_from(kind: type[object], audience: Audience) -> frozenset[str]:
    """Names of `kind`'s fields that `audience` may not see."""
    return frozenset(name for name, marks in _marks(kind).items() if any(mark > audience for mark in marks - {WORDS}))


@cache
def written_by_people(kind: type[object]) -> frozenset[str]:
    """Names of `kind`'s fields that erasure blanks."""
    return frozenset(name for name, marks in _marks(kind).items() if WORDS in marks)


def _marks(kind: type[object]) -> dict[str, frozenset[Any]]:
    hints = get_type_hints(kind, include_extras=True)
    return {name: frozenset(getattr(hint, "__metadata__", ())) for name, hint in hints.items()}
