"""Mail over SMTP."""

from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Final
from urllib.parse import unquote, urlsplit

import aiosmtplib

from desk.ports import Enclosed, Undelivered

SECONDS: Final = 20.0
PORTS: Final = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


class BadMailServer(ValueError):
    """The server's address cannot be read."""


class SmtpMail:
    """`smtp://`, `smtp+starttls://` or `smtps://`, with `user:password@` where the server asks for it."""

    def __init__(self, url: str, sender: str) -> None:
        """Raises BadMailServer."""
        parts = urlsplit(url)
        if parts.scheme not in PORTS or not parts.hostname or not sender:
            raise BadMailServer(f"KEFU_SMTP_URL: one of {', '.join(PORTS)}://host, and KEFU_MAIL_FROM a sender")
        self._sender = sender
        self._domain = sender.rpartition("@")[2].strip("> ")
        self._server = {
            "hostname": parts.hostname,
            "port": parts.port or PORTS[parts.scheme],
            "username": unquote(parts.username) if parts.username else None,
            "password": unquote(parts.password) if parts.password else None,
            "use_tls": parts.scheme == "smtps",
            "start_tls": parts.scheme == "smtp+starttls",
            "timeout": SECONDS,
        }

    async def send(
        self, to: str, subject: str, text: str, headers: Mapping[str, str], files: Sequence[Enclosed] = ()
    ) -> None:
        """As MailCarrier.send."""
        usual = {
            "From": self._sender,
            "To": to,
            "Subject": " ".join(subject.split()),
            "Date": formatdate(localtime=False),
            "Message-ID": make_msgid(domain=self._domain),
            "Auto-Submitted": "auto-generated",
        }
        message = EmailMessage()
        try:
            for name, value in {**usual, **headers}.items():
                message[name] = value
            message.set_content(text)
            for file in files:
                main, _, sub = file.media_type.partition("/")
                message.add_attachment(file.content, maintype=main, subtype=sub, filename=file.name)
        except (ValueError, IndexError) as error:
            raise Undelivered("a header cannot be written so", final=True) from error
        try:
            await aiosmtplib.send(message, **self._server)  # type: ignore[arg-type]
        except aiosmtplib.SMTPRecipientsRefused as error:
            final = all(500 <= one.code < 600 for one in error.recipients)
            raise Undelivered("the recipient is refused", final=final) from error
        except aiosmtplib.SMTPResponseException as error:
            raise Undelivered(f"the server answered {error.code}", final=500 <= error.code < 600) from error
        except (aiosmtplib.SMTPException, OSError) as error:
            raise Undelivered(type(error).__name__) from error
