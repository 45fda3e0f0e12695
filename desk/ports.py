"""What the desk needs from outside."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from conversation.events import Attachment


class Presence(Protocol):
    """Who is at work just now; forgotten when nobody confirms it."""

    async def set(self, staff: str, state: str) -> None:
        """One of `desk.rules.people.STATES`."""

    async def confirm(self, staff: str) -> None:
        """They are still as they were; no news to anybody."""

    async def all(self) -> Mapping[str, str]:
        """Staff id to state; who is missing is offline."""

    async def since(self) -> Mapping[str, datetime]:
        """Staff id to when they were set to their state."""


class Files(Protocol):
    """Where sent files are kept."""

    async def save(self, name: str, content: bytes, owner: str) -> Attachment:
        """Keep a file of a contact's. Raises Refused for one that is empty, too large or of no kind that is taken."""

    async def read(self, id: str) -> tuple[Attachment, bytes] | None:
        """What is kept under an id."""

    async def delete(self, id: str) -> None:
        """Keep it no longer; an unknown id is harmless."""


class Undelivered(Exception):
    """It did not arrive; the message names the reason, never an address or a body. `final`: trying again is no use."""

    def __init__(self, reason: str, *, final: bool = False) -> None:
        super().__init__(reason)
        self.final = final


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody as an identity provider vouches for them; `email` only when it is verified."""

    issuer: str
    subject: str
    email: str
    name: str


class NotIdentified(Exception):
    """The provider cannot be asked, or vouches for nobody; the message names no person."""


class IdentityProvider(Protocol):
    """Signs people in elsewhere."""

    async def begin(self, redirect: str) -> tuple[str, Mapping[str, str]]:
        """Where to send the browser, and what it must bring back. Raises NotIdentified."""

    async def finish(self, redirect: str, kept: Mapping[str, str], state: str, code: str) -> Identity:
        """Who came back. Raises NotIdentified."""


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file that goes with a mail."""

    name: str
    media_type: str
    content: bytes


class MailCarrier(Protocol):
    """Takes mail to a mail server."""

    async def send(
        self, to: str, subject: str, text: str, headers: Mapping[str, str], files: Sequence[Enclosed] = ()
    ) -> None:
        """Plain text and files; `headers` stand beside the usual ones or in their place. Raises Undelivered."""


class MailboxAway(Exception):
    """The mailbox cannot be read just now; the message says why, without address or password."""


class Mailbox(Protocol):
    """Where customers' mail comes in."""

    async def collect(self, take: Callable[[bytes | None], Awaitable[bool]]) -> int:
        """Hand over what is new, oldest first; None stands for a mail that is too large to fetch.

        What was taken (True) is marked as read, what was refused as flagged beside; one whose taking raises comes
        again. Returns how many there were. Raises MailboxAway.
        """


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
