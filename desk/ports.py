"""What the desk needs from outside."""

from collections.abc import Mapping
from typing import Any, Protocol


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


class ShopAway(Exception):
    """The shop did not answer; the message says how, never what was asked."""


class Shop(Protocol):
    """The company's business system."""

    async def order(self, number: str) -> Mapping[str, Any] | None:
        """An order as the shop tells it; None when it knows none of that number. Raises ShopAway."""
