"""Keeps the search index and asks it."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from conversation.events import AgentReplied, BotReplied, Event, Fact, MessageLeft, MessageReceived, Redacted
from conversation.log import Log
from desk.rules.search import Words, terms
from desk.store.search import Said, SearchIndex, Wanted

_BY: Final[Mapping[type[Fact], str]] = {
    MessageReceived: "customer",
    MessageLeft: "customer",
    BotReplied: "bot",
    AgentReplied: "agent",
}


@dataclass(frozen=True, slots=True)
class Hit:
    """A message that was found."""

    event: Event
    by: str
    text: str


def said_in(fact: Fact) -> str:
    """The words of a message."""
    if isinstance(fact, BotReplied):
        return "\n".join(message.text for message in fact.messages)
    return fact.text if isinstance(fact, MessageReceived | MessageLeft | AgentReplied) else ""


class Search:
    """Full text over all history, in both languages."""

    HEARS: Final[frozenset[type[Fact]]] = frozenset({*_BY, Redacted})

    def __init__(self, log: Log, index: SearchIndex, words: Words, fold: Callable[[str], str]) -> None:
        self._log = log
        self._index = index
        self._words = words
        self._fold = fold

    async def take(self, events: Sequence[Event]) -> None:
        """Things were said, or erased."""
        said = [
            Said(event.seq, event.conversation, event.at, _BY[type(event.fact)], self.wanted(said_in(event.fact)))
            for event in events
            if type(event.fact) in _BY and not event.redacted
        ]
        await self._index.keep(said, [event.fact.target for event in events if isinstance(event.fact, Redacted)])

    def wanted(self, query: str) -> tuple[str, ...]:
        """The terms a query asks for; () when it holds no word."""
        return tuple(terms(query, self._words))

    def spans(self, text: str, wanted: Sequence[str]) -> list[tuple[int, int]]:
        """Where the terms stand in a text, in order and not overlapping."""
        pattern = "|".join(re.escape(term) for term in sorted(wanted, key=len, reverse=True))
        return [found.span() for found in re.finditer(pattern, self._fold(text))]

    async def find(self, wanted: Wanted, before: int | None, limit: int) -> list[Hit]:
        """Messages with all the terms, latest first."""
        found = await self._index.find(wanted, before, limit)
        said = await self._log.events([seq for seq, _ in found])
        events = [said[seq] for seq, _ in found if seq in said]
        return [Hit(event, _BY[type(event.fact)], said_in(event.fact)) for event in events]
