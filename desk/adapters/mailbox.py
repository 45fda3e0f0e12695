"""The mailbox that customers write to, over IMAP."""

import asyncio
import imaplib
import ssl
from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeVar
from urllib.parse import unquote, urlsplit

from desk.adapters.mail import BadMailServer
from desk.ports import MailboxAway

SECONDS: Final = 20.0
PORTS: Final = {"imap": 143, "imap+starttls": 143, "imaps": 993}
LARGEST: Final = 25 * 1024 * 1024
AT_ONCE: Final = 50
T = TypeVar("T")


class ImapMailbox:
    """`imap://`, `imap+starttls://` or `imaps://user:password@host/folder`; the folder is INBOX when none is named."""

    def __init__(self, url: str) -> None:
        """Raises BadMailServer."""
        parts = urlsplit(url)
        if parts.scheme not in PORTS or not parts.hostname or not parts.username:
            raise BadMailServer(f"KEFU_IMAP_URL: one of {', '.join(PORTS)}://user:password@host/folder")
        self._scheme, self._host, self._port = parts.scheme, parts.hostname, parts.port or PORTS[parts.scheme]
        self._user, self._password = unquote(parts.username), unquote(parts.password or "")
        self._folder = unquote(parts.path.strip("/")) or "INBOX"

    async def collect(self, take: Callable[[bytes | None], Awaitable[bool]]) -> int:
        """As Mailbox.collect."""
        opened: list[imaplib.IMAP4] = []
        try:
            try:
                await _finished(self._open, opened)
                return await self._all(opened[0], take)
            finally:
                for server in opened:
                    await _finished(_leave, server)
        except imaplib.IMAP4.error as error:
            raise MailboxAway(f"the server refused: {type(error).__name__}") from error
        except OSError as error:
            raise MailboxAway(type(error).__name__) from error

    async def _all(self, server: imaplib.IMAP4, take: Callable[[bytes | None], Awaitable[bool]]) -> int:
        uids = await _finished(_new, server)
        for uid in uids:
            taken = await take(await _finished(_fetch, server, uid))
            flags = r"(\Seen)" if taken else r"(\Seen \Flagged)"
            await _finished(server.uid, "STORE", uid, "+FLAGS", flags)
        return len(uids)

    def _open(self, opened: list[imaplib.IMAP4]) -> None:
        safe = ssl.create_default_context()
        if self._scheme == "imaps":
            server: imaplib.IMAP4 = imaplib.IMAP4_SSL(self._host, self._port, ssl_context=safe, timeout=SECONDS)
        else:
            server = imaplib.IMAP4(self._host, self._port, timeout=SECONDS)
        opened.append(server)
        if self._scheme == "imap+starttls":
            server.starttls(safe)
        server.login(self._user, self._password)
        done, _ = server.select(f'"{self._folder}"')
        if done != "OK":
            raise imaplib.IMAP4.error("no such folder")


async def _finished(step: Callable[..., T], *args: Any) -> T:
    """Do it beside the loop; whoever is cancelled meanwhile waits until it is done, for the line is not shared."""
    task = asyncio.create_task(asyncio.to_thread(step, *args))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise


def _leave(server: imaplib.IMAP4) -> None:
    try:
        server.logout()
    except (imaplib.IMAP4.error, OSError):
        return  # it is gone already


def _new(server: imaplib.IMAP4) -> list[str]:
    _, found = server.uid("SEARCH", "UNSEEN")
    return (found[0] or b"").decode().split()[:AT_ONCE]


def _fetch(server: imaplib.IMAP4, uid: str) -> bytes | None:
    """Its bytes, unread as before; None when there are too many. Raises imaplib's error when it went away meanwhile."""
    _, sized = server.uid("FETCH", uid, "(RFC822.SIZE)")
    size = b"".join(one if isinstance(one, bytes) else one[0] for one in sized if one).rpartition(b"RFC822.SIZE ")[2]
    if int(size.split(b")")[0].split()[0] or 0) > LARGEST:
        return None
    _, fetched = server.uid("FETCH", uid, "(BODY.PEEK[])")
    for one in fetched:
        if isinstance(one, tuple):
            return bytes(one[1])
    raise imaplib.IMAP4.error("the mail is gone")
