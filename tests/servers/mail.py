"""A mail server on this machine that keeps what it gets."""

from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from queue import Queue
from socket import socket
from typing import Any

from aiosmtpd.controller import Controller


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
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(kept, hostname="127.0.0.1", port=port)
    controller.start()
    kept.url = f"smtp://127.0.0.1:{port}"
    try:
        yield kept
    finally:
        controller.stop()
