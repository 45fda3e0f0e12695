"""Facts that the bot adds to a conversation, beside its replies."""

from dataclasses import dataclass
from typing import Annotated

from conversation.events.fact import WORDS, Audience, Fact


@dataclass(frozen=True, slots=True)
class Seen:
    """What a picture shows, as whatever looked at it says; `id` is the attachment's."""

    id: str
    text: Annotated[str, WORDS]


@dataclass(frozen=True, slots=True)
class PicturesSeen(Fact):
    """Somebody behind the vision door looked at the pictures of the message at seq `message`."""

    audience = Audience.STAFF
    message: int
    pictures: tuple[Seen, ...]


@dataclass(frozen=True, slots=True)
class TicketAsked(Fact):
    """The bot promised that people will follow this up; `type` is one of the company's kinds of tickets."""

    audience = Audience.STAFF
    type: str
    title: Annotated[str, WORDS]
    text: Annotated[str, WORDS] = ""
