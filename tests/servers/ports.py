"""Ports for servers that must be told theirs before they start."""

import secrets
import socket

# Below those that Linux gives to whoever asks for any, so that no connection of another test gets it meanwhile.
FIRST, MANY = 20_000, 12_000


def free_port() -> int:
    """A TCP port that nobody had a moment ago."""
    while True:
        port = FIRST + secrets.randbelow(MANY)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
