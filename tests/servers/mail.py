"""A mail server on this machine that keeps what it gets, and a mailbox that is read over IMAP."""

import re
import socketserver
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from queue import Queue
from threading import Thread
from typing import Any

from aiosmtpd.controller import Controller

from tests.servers.ports import free_port


class Kept:
    """Mail by mail; it answers with `answers` first, one per mail, and then takes all."""

    def __init__(self) -> None:
        self.url = ""
        self.mails: Queue[EmailMessage] = Queue()
        self.answers: list[str] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802  (aiosmtpd's name)
        """As aiosmtpd."""
        if self.answers:
            return self.answers.pop(0)
        self.mails.put(message_from_bytes(envelope.content, _class=EmailMessage, policy=policy.default))  # type: ignore[arg-type]
        return "250 OK"


@contextmanager
def mail_server() -> Iterator[Kept]:
    """It, listening."""
    kept = Kept()
    port = free_port()
    controller = Controller(kept, hostname="127.0.0.1", port=port)
    controller.start()
    kept.url = f"smtp://127.0.0.1:{port}"
    try:
        yield kept
    finally:
        controller.stop()


class Mailbox:
    """Mails by UID from 1, and the flags of each."""

    def __init__(self) -> None:
        self.url = ""
        self.mails: list[bytes] = []
        self.flags: dict[int, set[str]] = {}

    def put(self, mail: EmailMessage) -> int:
        """One more has come in; its UID."""
        self.mails.append(mail.as_bytes(policy=policy.SMTP))
        self.flags[len(self.mails)] = set()
        return len(self.mails)


class _Imap(socketserver.StreamRequestHandler):
    """As much of IMAP4rev1 (RFC 3501) as a reader of new mail needs."""

    box: Mailbox

    def handle(self) -> None:
        """One connection."""
        self._say("* OK ready")
        while line := self.rfile.readline():
            tag, _, said = line.decode().strip().partition(" ")
            word = said.split(" ", 1)[0].upper()
            if word == "LOGIN" and "right" not in said:
                self._say(f"{tag} NO [AUTHENTICATIONFAILED] no")
                continue
            self._answer(said)
            self._say(f"{tag} OK done")
            if word == "LOGOUT":
                return

    def _answer(self, said: str) -> None:
        flags = self.box.flags
        if said.upper().startswith("CAPABILITY"):
            self._say("* CAPABILITY IMAP4rev1")
        elif said.startswith("SELECT"):
            self._say(f"* {len(flags)} EXISTS")
        elif said.startswith("UID SEARCH UNSEEN"):
            unseen = [str(uid) for uid, kept in flags.items() if "\\Seen" not in kept]
            self._say(" ".join(["* SEARCH", *unseen]))
        elif found := re.match(r"UID STORE (\d+) \+FLAGS \((.*)\)", said):
            flags[int(found[1])].update(found[2].split())
        elif found := re.match(r"UID FETCH (\d+) \((.*)\)", said):
            mail = self.box.mails[int(found[1]) - 1]
            if found[2] == "RFC822.SIZE":
                self._say(f"* {found[1]} FETCH (UID {found[1]} RFC822.SIZE {len(mail)})")
            else:
                self._say(f"* {found[1]} FETCH (UID {found[1]} BODY[] {{{len(mail)}}}")
                self.wfile.write(mail)
                self._say(")")

    def _say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")


@contextmanager
def mailbox() -> Iterator[Mailbox]:
    """It, listening."""
    box = Mailbox()
    handler = type("Handler", (_Imap,), {"box": box})
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        Thread(target=server.serve_forever, daemon=True).start()
        box.url = f"imap://support:right@127.0.0.1:{server.server_address[1]}/INBOX"
        yield box
        server.shutdown()
