"""What agent assist needs from outside."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from conversation.model import Conversation

Source = Literal["past", "canned", "bot", "faq", "article", "similar"]


@dataclass(frozen=True, slots=True)
class Line:
    """Something that can be said. `trigger` is what it answers, `ref` names it at its source, `whole` is what it is
    quoted from, "" when it is all."""

    source: Source
    ref: str
    text: str
    trigger: str
    language: str = ""
    title: str = ""
    link: str = ""
    whole: str = ""


class Canned(Protocol):
    """The canned replies of the desk."""

    async def lines(self, agent: str, conversation: Conversation) -> Sequence[Line]:
        """Those this agent may use, with their variables filled in."""

    async def texts(self) -> Collection[str]:
        """All, as they are written."""


class Refusals(Protocol):
    """Proposals that a person refused."""

    async def texts(self) -> Collection[str]:
        """The answers that are not to be proposed again."""

    async def add(self, text: str, by: str) -> None:
        """This one, too; again is harmless."""


class Robot(Protocol):
    """The bot, asked beside a conversation that it does not hold: it does nothing and remembers nothing."""

    async def answer(self, now: Conversation, asked: str) -> tuple[str, float] | None:
        """What it would say to this message alone, and how sure it is (0 to 1); None when it has nothing to say."""


@dataclass(frozen=True, slots=True)
class Account:
    """What the company knows of a customer. `orders` and `tickets` are still open, `spent` is by currency over all
    orders that were spoken of; `shop` is False when the shop did not answer, and then there are no orders."""

    vip: bool = False
    since: datetime | None = None
    conversations: int = 0
    rating: float | None = None
    spent: Mapping[str, float] = field(default_factory=dict)
    orders: tuple[Mapping[str, Any], ...] = ()
    tickets: tuple[Mapping[str, Any], ...] = ()
    shop: bool = True


class Accounts(Protocol):
    """Knows customers."""

    async def of(self, now: Conversation) -> Account:
        """The customer of this conversation."""


class Conversations(Protocol):
    """Knows conversations as of the newest event read here (conversation.tail.Tail)."""

    async def load(self, conversation: str) -> Conversation:
        """Raises UnknownConversation."""
