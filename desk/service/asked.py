"""What the bot has promised to pass on becomes a ticket, and so does a customer's wish to be called back."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from conversation.events import Event, Fact, MessageLeft, TicketAsked
from conversation.log import Log
from desk.service.tickets import Actor, NewTicket, Tickets

BOT: Final = Actor("bot", "kefu")


class Asked:
    """Opens the tickets that are asked for; a type that the company does not have parks the fact."""

    HEARS: Final[frozenset[type[Fact]]] = frozenset({TicketAsked, MessageLeft})

    def __init__(self, log: Log, tickets: Tickets) -> None:
        self._log = log
        self._tickets = tickets
        self.handlers: Mapping[type[Fact], Callable[[Event], Awaitable[None]]] = {
            TicketAsked: self.open,
            MessageLeft: self.call,
        }

    async def open(self, event: Event) -> None:
        """Once for each fact. Raises BadTicket."""
        assert isinstance(event.fact, TicketAsked)
        asked, now = event.fact, await self._log.load(event.conversation)
        new = NewTicket(asked.type, asked.title, asked.text, contact=now.contact, conversation=event.conversation)
        await self._tickets.open(new, BOT, f"seq:{event.seq}")

    async def call(self, event: Event) -> None:
        """Somebody who left a message wants to be called; it waits in the queue beside that."""
        assert isinstance(event.fact, MessageLeft)
        left, type = event.fact, self._tickets.book.call
        if not left.call or not type or event.redacted:
            return
        title = " ".join(filter(None, (left.name, left.phone)))
        contact = (await self._log.load(event.conversation)).contact
        new = NewTicket(type, title, left.text, contact=contact, conversation=event.conversation)
        await self._tickets.open(new, Actor("customer", left.name), f"seq:{event.seq}")
