"""Facts that the bot adds to a conversation, beside its replies."""

from dataclasses import dataclass
from typing import Annotated

from conversation.events.fact import WORDS, Audience, Fact


@dataclass(frozen=True, slots=True)
class TicketAsked(Fact):
    """The bot promised that people will follow this up; `type` is one of the company's kinds of tickets."""

    audience = Audience.STAFF
    type: str
    title: Annotated[str, WORDS]
    text: Annotated[str, WORDS] = ""
