"""The mail door: what customers write becomes a ticket, or goes on with one."""

import asyncio
import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Final

from conversation.codec import timestamp
from conversation.events import Attachment
from desk.ports import Files, Mailbox, MailboxAway
from desk.rules.letters import BadLetter, Letter, read_letter
from desk.rules.tickets import Ticket
from desk.service.answers import Answers
from desk.service.contacts import Contacts
from desk.service.tickets import SYSTEM, Actor, NewTicket, Tickets
from desk.store.changes import Changes
from desk.store.tickets import TicketChanged
from web.errors import Refused

logger: Final = logging.getLogger(__name__)
EVERY: Final = timedelta(seconds=20)
AN_HOUR: Final = timedelta(hours=1)
HOURLY: Final = 10  # tickets that one address may open in an hour
ATTEMPTS: Final = 5


@dataclass(frozen=True, slots=True)
class Received:
    """What became of a mail: opened, commented, undelivered (an answer of ours came back), known or refused."""

    outcome: str
    number: int | None = None
    reason: str = ""


class Letters:
    """Takes RFC 5322 mail. The same mail again changes nothing; what no person wrote opens nothing, unanswered."""

    def __init__(self, tickets: Tickets, contacts: Contacts, answers: Answers, files: Files, changes: Changes) -> None:
        self._tickets = tickets
        self._contacts = contacts
        self._answers = answers
        self._files = files
        self._changes = changes

    async def receive(self, raw: bytes) -> Received:
        """One mail. Raises BadTicket when the company names no type for mail."""
        try:
            letter = await asyncio.to_thread(read_letter, raw)
        except BadLetter as error:
            return await self._refuse(sha256(raw).hexdigest()[:32], str(error))
        if letter.automatic:
            return await self._returned(letter)
        contact = contact_of(letter.sender)
        if earlier := await self._tickets.of_letters([letter.id]):
            return Received("known", earlier[0].number)
        if self._answers.is_ours(letter.sender):
            return await self._refuse(letter.id, "our own mail")
        if await self._contacts.blocked(contact):
            return await self._refuse(letter.id, "the sender is blocked")
        ticket = await self._meant(letter, contact)
        if ticket is None and await self._tickets.opened_lately(contact, datetime.now(UTC) - AN_HOUR) >= HOURLY:
            return await self._refuse(letter.id, f"more than {HOURLY} tickets of one sender in an hour")
        if not (await self._contacts.profile(contact))["email"]:
            await self._contacts.change(contact, {"name": letter.name, "email": letter.sender})
        return await (self._open(letter, contact) if ticket is None else self._go_on(letter, ticket, contact))

    async def too_large(self) -> Received:
        """One that was not even fetched."""
        return await self._refuse("", "the mail is too large")

    async def _refuse(self, id: str, reason: str) -> Received:
        await self._changes.record("mail", "mail", "mail.refused", id, {"reason": reason})
        return Received("refused", reason=reason)

    async def _returned(self, letter: Letter) -> Received:
        """A report that our answer did not arrive is told to the staff; any other automatic mail is refused."""
        ticket = await self._signed(letter) if letter.automatic == "bounce" else None
        if ticket is None:
            return await self._refuse(letter.id, f"no person wrote it ({letter.automatic})")
        text = "邮件未能送达客户 · Our mail could not be delivered to the customer"
        await self._comment(ticket, SYSTEM, letter.id, text, (), "")
        return Received("undelivered", ticket.number)

    async def _meant(self, letter: Letter, contact: str) -> Ticket | None:
        """The ticket it goes on with: by our signature, or as an answer to a letter of the same sender."""
        found = await self._signed(letter)
        if found is None:
            earlier = await self._tickets.of_letters(letter.references)
            found = next((one for one in earlier if one.contact == contact), None)
        return await self._tickets.surviving(found) if found else None

    async def _signed(self, letter: Letter) -> Ticket | None:
        for number, signature in letter.claims:
            if self._answers.signed(number, signature):
                return await self._tickets.numbered(number)
        return None

    async def _open(self, letter: Letter, contact: str) -> Received:
        files, untaken = await self._keep(letter, contact)
        title = letter.subject or letter.text.partition("\n")[0][:100] or "(no subject)"
        new = NewTicket(
            self._tickets.book.mail,
            title,
            letter.text + untaken,
            contact=contact,
            files=files,
            message=letter.message_id,
        )
        ticket = await self._tickets.open(new, _customer(letter), letter.id)
        return Received("opened", ticket.number)

    async def _go_on(self, letter: Letter, ticket: Ticket, contact: str) -> Received:
        files, untaken = await self._keep(letter, contact)
        await self._comment(ticket, _customer(letter), letter.id, letter.text + untaken, files, letter.message_id)
        return Received("commented", ticket.number)

    async def _comment(
        self, ticket: Ticket, by: Actor, id: str, text: str, files: tuple[Attachment, ...], message: str
    ) -> None:
        public = by is not SYSTEM
        for attempt in range(ATTEMPTS):
            try:
                latest = await self._tickets.find(ticket.id) if attempt else ticket
                await self._tickets.comment(latest or ticket, by, id, text, public=public, files=files, message=message)
                return
            except TicketChanged:
                if attempt == ATTEMPTS - 1:
                    raise

    async def _keep(self, letter: Letter, contact: str) -> tuple[tuple[Attachment, ...], str]:
        """The files that are taken, and a line about those that are not."""
        kept, untaken = [], []
        for file in letter.files:
            try:
                kept.append(await self._files.save(file.name, file.content, contact))
            except Refused as refused:
                untaken.append(f"{file.name[:100]}: {refused.message}")
        return tuple(kept), "".join(f"\n[{line}]" for line in untaken)


class Postman:
    """Fetches what has come into the mailbox, every now and then."""

    def __init__(self, mailbox: Mailbox | None, letters: Letters) -> None:
        self._mailbox = mailbox
        self.letters = letters
        self._next = datetime.min.replace(tzinfo=UTC)
        self.state: dict[str, str] | None = None

    async def fetch(self, at: datetime) -> int:
        """When it is time: all that is new; returns how many mails. A mailbox that does not answer is asked again."""
        if self._mailbox is None or at < self._next:
            return 0
        self._next = at + EVERY
        try:
            fetched = await self._mailbox.collect(self._take)
        except MailboxAway as error:
            if not self.state or self.state["error"] != str(error):
                logger.warning("the mailbox cannot be read: %s", error)
            self.state = {"at": timestamp(at), "error": str(error)}
            return 0
        self.state = {"at": timestamp(at), "error": ""}
        return fetched

    async def _take(self, raw: bytes | None) -> bool:
        received = await (self.letters.too_large() if raw is None else self.letters.receive(raw))
        return received.outcome != "refused"


def contact_of(sender: str) -> str:
    """The contact that an address is: always the same, and not to be guessed back."""
    return f"m{sha256(sender.encode()).hexdigest()[:32]}"


def _customer(letter: Letter) -> Actor:
    return Actor("customer", letter.name or letter.sender[:64])
