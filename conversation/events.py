"""Every fact of a conversation, and who may see it.

A fact is a frozen dataclass in the past tense. Its audience is the widest circle that may see it; a field can narrow
that circle for itself (`seen_by`) and says with `words()` that it carries what people wrote, so that erasure finds it.
"""

from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import IntEnum
from functools import cache
from typing import Any, ClassVar, Final


class Audience(IntEnum):
    """Circles of people, each inside the next: a view for one of them shows only what is marked with it or a lower one."""

    CUSTOMER = 0
    STAFF = 1
    HOUSE = 2  # the services alone, never a person


def seen_by(audience: Audience, **options: Any) -> Any:
    """A dataclass field that is shown only to `audience`."""
    return field(metadata={"audience": audience}, **options)


def words(**options: Any) -> Any:
    """A dataclass field that holds what a person wrote; erasure blanks it."""
    return field(metadata={"words": True}, **options)


def staff_words(**options: Any) -> Any:
    """What a person wrote for colleagues only."""
    return field(metadata={"words": True, "audience": Audience.STAFF}, **options)


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

    title: str = words()
    payload: str = seen_by(Audience.HOUSE, default="")


@dataclass(frozen=True, slots=True)
class Choice:
    """The customer pressed button number `button` (from 0, over all messages) of the bot's reply at `seq`."""

    seq: int
    button: int


@dataclass(frozen=True, slots=True)
class Card:
    """A small structured answer, such as an order: a title and (label, value) rows."""

    title: str = words()
    rows: tuple[tuple[str, str], ...] = words(default=())
    link: str = words(default="")


@dataclass(frozen=True, slots=True)
class BotMessage:
    """One bubble of a bot's reply."""

    text: str = words(default="")
    buttons: tuple[Button, ...] = ()
    image: str = words(default="")
    card: Card | None = None


@dataclass(frozen=True, slots=True)
class Entity:
    """Something the bot found in a message, such as an order number."""

    name: str
    value: str = words()


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
    page: str = seen_by(Audience.STAFF, default="")


@dataclass(frozen=True, slots=True)
class ContactIdentified(Fact):
    """We learned who the contact is: from a signed identity, or because they told us."""

    audience = Audience.STAFF
    contact: str
    name: str = words(default="")
    email: str = words(default="")
    phone: str = words(default="")


@dataclass(frozen=True, slots=True)
class MessageReceived(Fact):
    """The customer wrote, sent files or pressed a button."""

    audience = Audience.CUSTOMER
    text: str = words()
    attachments: tuple[Attachment, ...] = words(default=())
    choice: Choice | None = None


@dataclass(frozen=True, slots=True)
class BotReplied(Fact):
    """The bot answered. `state` is the dialogue engine's own memory after this turn, opaque to us."""

    audience = Audience.CUSTOMER
    messages: tuple[BotMessage, ...]
    language: str
    intent: str = seen_by(Audience.STAFF, default="")
    confidence: float = seen_by(Audience.STAFF, default=0.0)
    entities: tuple[Entity, ...] = seen_by(Audience.STAFF, default=())
    actions: tuple[str, ...] = seen_by(Audience.STAFF, default=())
    policy: str = seen_by(Audience.STAFF, default="")
    state: str = field(default="", metadata={"words": True, "audience": Audience.HOUSE})


@dataclass(frozen=True, slots=True)
class HandoffRequested(Fact):
    """A person is needed: the conversation enters the queue of `group` ("" is any group)."""

    audience = Audience.CUSTOMER
    reason: str = seen_by(Audience.STAFF)
    group: str = seen_by(Audience.STAFF, default="")


@dataclass(frozen=True, slots=True)
class AgentAssigned(Fact):
    """The conversation is in this agent's hands from here on."""

    audience = Audience.CUSTOMER
    agent: str = seen_by(Audience.STAFF)
    name: str
    by: str = seen_by(Audience.STAFF, default="router")


@dataclass(frozen=True, slots=True)
class AgentReplied(Fact):
    """An agent wrote to the customer."""

    audience = Audience.CUSTOMER
    agent: str = seen_by(Audience.STAFF)
    name: str
    text: str = words()
    attachments: tuple[Attachment, ...] = words(default=())


@dataclass(frozen=True, slots=True)
class NoteAdded(Fact):
    """An agent wrote a note for colleagues."""

    audience = Audience.STAFF
    agent: str
    name: str
    text: str = words()


@dataclass(frozen=True, slots=True)
class Transferred(Fact):
    """An agent passed the conversation on: back into the queue, for `group` or for agent `to` alone."""

    audience = Audience.CUSTOMER
    by: str = seen_by(Audience.STAFF)
    to: str = seen_by(Audience.STAFF, default="")
    group: str = seen_by(Audience.STAFF, default="")
    note: str = staff_words(default="")


@dataclass(frozen=True, slots=True)
class ReturnedToQueue(Fact):
    """The conversation waits for an agent again, without having lost its place; `agent` had held it."""

    audience = Audience.CUSTOMER
    agent: str = seen_by(Audience.STAFF)
    reason: str = seen_by(Audience.STAFF, default="")


@dataclass(frozen=True, slots=True)
class HandedBack(Fact):
    """An agent, or the queue's customer, gave the conversation back to the bot."""

    audience = Audience.CUSTOMER
    by: str = seen_by(Audience.STAFF)
    note: str = staff_words(default="")


@dataclass(frozen=True, slots=True)
class ConversationClosed(Fact):
    """The conversation ended; `by` is `customer`, `bot`, `system` or an agent's id."""

    audience = Audience.CUSTOMER
    by: str = seen_by(Audience.STAFF)
    reason: str = seen_by(Audience.STAFF, default="")


@dataclass(frozen=True, slots=True)
class ConversationReopened(Fact):
    """A closed conversation goes on: with `agent`, or with the bot when "" ."""

    audience = Audience.CUSTOMER
    by: str = seen_by(Audience.STAFF)
    agent: str = seen_by(Audience.STAFF, default="")
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
    comment: str = words(default="")


@dataclass(frozen=True, slots=True)
class MessageLeft(Fact):
    """Nobody was there, so the customer left a message with a way to answer."""

    audience = Audience.CUSTOMER
    text: str = words()
    name: str = words(default="")
    email: str = words(default="")
    phone: str = words(default="")


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
    by: str = seen_by(Audience.STAFF)


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
def hidden_from(kind: type, audience: Audience) -> frozenset[str]:
    """Names of `kind`'s fields that `audience` may not see."""
    return frozenset(f.name for f in fields(kind) if f.metadata.get("audience", Audience.CUSTOMER) > audience)


@cache
def written_by_people(kind: type) -> frozenset[str]:
    """Names of `kind`'s fields that erasure blanks."""
    return frozenset(f.name for f in fields(kind) if f.metadata.get("words"))
