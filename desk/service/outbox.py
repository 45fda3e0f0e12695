"""Mail goes out as soon as the server takes it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from desk.ports import MailCarrier, Undelivered
from desk.store.mails import Mail, Mails

RETRY_SECONDS: Final = (30, 120, 600, 3600, 21_600)
AT_ONCE: Final = 20


class Outbox:
    """Keeps mail until it is sent; without a carrier nothing is taken (`open` is False)."""

    def __init__(self, mails: Mails, carrier: MailCarrier | None) -> None:
        self._mails = mails
        self._carrier = carrier
        self.open = carrier is not None
        self.latest = mails.latest

    async def put(self, to: str, subject: str, text: str) -> None:
        """Send it soon."""
        await self._mails.add(to, subject, text, datetime.now(UTC))

    async def send(self, at: datetime) -> int:
        """Try what is due; returns how many were tried."""
        due = await self._mails.due(at, AT_ONCE) if self._carrier else ()
        for mail in due:
            await self._mails.note(await self._try(mail, at))
        return len(due)

    async def _try(self, mail: Mail, at: datetime) -> Mail:
        assert self._carrier is not None
        tries = mail.tries + 1
        try:
            await self._carrier.send(mail.to, mail.subject, mail.text, mail.headers)
        except Undelivered as failure:
            if tries > len(RETRY_SECONDS) or failure.final:
                return replace(mail, tries=tries, state="failed", text="", error=str(failure)[:200], next_at=None)
            later = at + timedelta(seconds=RETRY_SECONDS[tries - 1])
            return replace(mail, tries=tries, error=str(failure)[:200], next_at=later)
        return replace(mail, tries=tries, state="sent", text="", error="", next_at=None)
