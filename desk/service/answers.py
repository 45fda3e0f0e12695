"""Letters to customers about their tickets."""

import hmac
from dataclasses import dataclass, field, replace
from hashlib import sha256
from secrets import token_hex
from typing import Final

from desk.rules.letters import LINE
from desk.rules.tickets import Ticket
from desk.service.contacts import Contacts

OPENED: Final = (
    "您好，我们已收到您的来信，工单号 #{number}。我们会尽快答复。\n\n"
    "Hello, we have received your request as ticket #{number} and will answer soon."
)
MOVED: Final = "您的工单 #{number} 有新进展：{zh}\n\nYour ticket #{number} has moved on: {en}"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A letter that is ready to go, with the ids of its files."""

    to: str
    subject: str
    text: str
    headers: dict[str, str] = field(default_factory=dict)
    files: tuple[str, ...] = ()


class Answers:
    """Writes to customers whose address is known, while there is a mail server (`sends`).

    `address` is where customers write to: `support@shop.example`, or `support+{ticket}@shop.example` where each ticket
    may have an address of its own; "" when their mail is not read. What is sent carries the ticket's number under a
    signature, by which an answer finds it.
    """

    def __init__(self, contacts: Contacts, *, sends: bool, address: str, secret: str) -> None:
        self._contacts = contacts
        self._sends = sends
        self._address = address
        self._secret = secret.encode()

    def claim(self, number: int) -> str:
        """The ticket's number under the house's signature."""
        return f"{number}.{hmac.new(self._secret, f'ticket:{number}'.encode(), sha256).hexdigest()[:16]}"

    def signed(self, number: int, signature: str) -> bool:
        """Was this number signed here?"""
        return hmac.compare_digest(self.claim(number), f"{number}.{signature}")

    def is_ours(self, sender: str) -> bool:
        """Is this one of the addresses that we write from?"""
        return bool(self._address) and sender == self._address.replace("+{ticket}", "").lower()

    async def address_of(self, contact: str) -> str:
        """Where letters to this contact go; "" when there is no way."""
        return (await self._contacts.profile(contact))["email"] if self._sends and contact else ""

    def opened(self, ticket: Ticket, to: str, message: str) -> Outgoing:
        """We have it."""
        return self._letter(ticket, to, OPENED.format(number=ticket.number), message, automatic="auto-replied")

    def moved(self, ticket: Ticket, to: str, state: dict[str, str], message: str) -> Outgoing:
        """It is waiting for them, done, or in work again."""
        text = MOVED.format(number=ticket.number, zh=state.get("zh", ""), en=state.get("en", ""))
        return self._letter(ticket, to, text, message, automatic="auto-generated")

    def said(self, ticket: Ticket, to: str, text: str, name: str, files: tuple[str, ...], message: str) -> Outgoing:
        """A member of staff answers; `files` are the ids of what goes with it."""
        return replace(self._letter(ticket, to, f"{text}\n\n{name}".strip(), message), files=files)

    def _letter(self, ticket: Ticket, to: str, text: str, message: str, automatic: str = "no") -> Outgoing:
        claim, again = self.claim(ticket.number), "Re: " if message else ""
        host = self._address.rpartition("@")[2] or "kefu.invalid"
        headers = {"Message-ID": f"<ticket.{claim}.{token_hex(8)}@{host}>", "Auto-Submitted": automatic}
        if message:
            headers |= {"In-Reply-To": message, "References": message}
        if self._address:
            headers["Reply-To"] = self._address.replace("{ticket}", claim)
            text = f"{LINE}\n\n{text}"
        return Outgoing(to, f"{again}{ticket.title} [#{ticket.number}]"[:200], text, headers)
