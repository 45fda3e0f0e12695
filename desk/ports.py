"""What the desk needs from outside."""

from collections.abc import Mapping
from typing import Protocol


class Presence(Protocol):
    """Who is at work just now; forgotten when nobody confirms it."""

    async def set(self, staff: str, state: str) -> None:
        """`online`, `busy`, `break` or `offline`."""

    async def all(self) -> Mapping[str, str]:
        """Staff id to state; who is missing is offline."""


class Files(Protocol):
    """Where sent files are kept."""

    async def delete(self, id: str) -> None:
        """Keep it no longer; an unknown id is harmless."""


class Undelivered(Exception):
    """Nobody answered; the message names the reason, never an address or a body."""


class Post(Protocol):
    """Carries a webhook's words outside."""

    async def send(self, url: str, body: str, headers: Mapping[str, str]) -> int:
        """POST it; gives the answer's HTTP status. Raises Undelivered when there was none."""
