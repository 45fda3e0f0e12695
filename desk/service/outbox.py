"""Mail goes out as soon as the server takes it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from desk.ports import Enclosed, Files, MailCarrier, Undelivered
from desk.store.mails import Mail, Mails

RETRY_SECONDS: Final = (30, 120, 600, 3600, 21_600)
AT_ONCE: Final = 20


class Outbox:
    """Keeps mail until it is sent; without a carrier nothing is taken (`open` is False)."""

    def __init__(self, mails: Mails, carrier: MailCarrier | None, files: Files) -> None:
        self._mails = mails
        self._files = files
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
            files = [await self._files.read(id) for id in mail.files]  # what was erased meanwhile does not go out
            enclosed = [Enclosed(found[0].name, found[0].media_type, found[1]) for found in files if found]
            await self._carrier.send(mail.to, mail.subject, mail.text, mail.headers, enclosed)
        except Undelivered as failure:
            if tries > len(RETRY_SECONDS) or failure.final:
                over = replace(mail, tries=tries, state="failed", error=str(failure)[:200], next_at=None)
                return replace(over, text="", files=())
            later = at + timedelta(seconds=RETRY_SECONDS[tries - 1])
            return replace(mail, tries=tries, error=str(failure)[:200], next_at=later)
        return replace(mail, tries=tries, state="sent", text="", files=(), error="", next_at=None)
