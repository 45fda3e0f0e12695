"""What the bot has promised to pass on becomes a ticket."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from conversation.events import Event, Fact, TicketAsked
from conversation.log import Log
from desk.service.tickets import Actor, NewTicket, Tickets

BOT: Final = Actor("bot", "kefu")


class Asked:
    """Opens the tickets that the bot asks for; a type that the company does not have parks the fact."""

    HEARS: Final[frozenset[type[Fact]]] = frozenset({TicketAsked})

    def __init__(self, log: Log, tickets: Tickets) -> None:
        self._log = log
        self._tickets = tickets
        self.handlers: Mapping[type[Fact], Callable[[Event], Awaitable[None]]] = {TicketAsked: self.open}

    async def open(self, event: Event) -> None:
        """Once for each fact. Raises BadTicket."""
        assert isinstance(event.fact, TicketAsked)
        asked, now = event.fact, await self._log.load(event.conversation)
        new = NewTicket(asked.type, asked.title, asked.text, contact=now.contact, conversation=event.conversation)
        await self._tickets.open(new, BOT, f"seq:{event.seq}")
