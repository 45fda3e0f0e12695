"""What agent assist needs from outside."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from conversation.model import Conversation

Source = Literal["past", "canned", "article"]


@dataclass(frozen=True, slots=True)
class Line:
    """Something that can be said. `trigger` is what it answers, `ref` names it at its source."""

    source: Source
    ref: str
    text: str
    trigger: str
    language: str = ""
    title: str = ""
    link: str = ""


class Canned(Protocol):
    """The canned replies of the desk."""

    async def lines(self, agent: str, conversation: Conversation) -> Sequence[Line]:
        """Those this agent may use, with their variables filled in."""

    async def texts(self) -> Collection[str]:
        """All, as they are written."""


class Conversations(Protocol):
    """Knows conversations as of the newest event read here (conversation.tail.Tail)."""

    async def load(self, conversation: str) -> Conversation:
        """Raises UnknownConversation."""
