"""What the bot needs from outside: a dialogue engine that is a pure function."""

from dataclasses import dataclass
from typing import Protocol

from conversation.events import Attachment, BotMessage, Entity, Figure, Guess, Part, TicketAsked
from conversation.model import Conversation


class EngineUnavailable(ConnectionError):
    """No worker answered in time."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One turn's input: `payload` is a button's trusted meaning, `state` the engine's memory after the last turn, `at`
    when the message came (ISO 8601), from which days like "yesterday" are counted; `offer` is why a person was offered
    by another than the engine, "" when none was."""

    conversation: str
    contact: str
    cause: str
    language: str
    text: str
    payload: str = ""
    state: str = ""
    at: str = ""
    offer: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn's outcome: `handoff` is why a person is needed, "" when none is; `ticket` what people shall follow up.

    With `repeat` the bot says again what it said last. An `aside` is a greeting, thanks, small talk: nothing was asked.
    """

    messages: tuple[BotMessage, ...]
    language: str
    intent: str
    confidence: float
    entities: tuple[Entity, ...]
    actions: tuple[str, ...]
    policy: str
    state: str
    handoff: str = ""
    close: bool = False
    guesses: tuple[Guess, ...] = ()
    parts: tuple[Part, ...] = ()
    ticket: TicketAsked | None = None
    repeat: bool = False
    figures: tuple[Figure, ...] = ()
    aside: bool = False


class Conversations(Protocol):
    """Knows conversations as of the newest event read here (conversation.tail.Tail)."""

    async def load(self, conversation: str) -> Conversation:
        """Raises UnknownConversation."""


class Engine(Protocol):
    """(dialogue state, message) → (turn, new state)."""

    async def turn(self, ask: Ask) -> Turn:
        """Raises EngineUnavailable when no worker answers in time, ValueError when it refuses the message."""


class Vision(Protocol):
    """Looks at pictures; the words it is given have left the house, and so they are masked first."""

    async def look(self, picture: Attachment, text: str, language: str) -> str:
        """What the picture shows, in a sentence of that language; "" when it cannot tell, or not in time."""
