"""Servers for a measurement: started, waited for, ended."""

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import aiohttp

START_SECONDS: Final = 180.0


def kefu(var: str, port: int, *words: str, **settings: str) -> subprocess.Popen[bytes]:
    """`kefu serve` with its files in `var`; settings are environment variables."""
    environment = os.environ | {"KEFU_VAR": var, "KEFU_PORT": str(port), "KEFU_WIDGET_LIMIT": "0"} | settings
    return subprocess.Popen([str(Path(sys.executable).with_name("kefu")), "serve", *words], env=environment)


@asynccontextmanager
async def running(process: subprocess.Popen[bytes], health: str) -> AsyncIterator[subprocess.Popen[bytes]]:
    """Wait until `health` answers 200, and end the process afterwards. Raises TimeoutError after 180 s."""
    try:
        async with aiohttp.ClientSession() as session, asyncio.timeout(START_SECONDS):
            while not await _answers(session, health):
                await asyncio.sleep(0.2)
        yield process
    finally:
        process.terminate()
        await asyncio.to_thread(process.wait)


@asynccontextmanager
async def postgres() -> AsyncIterator[str]:
    """An empty database on a PostgreSQL of its own, whose commits are fsynced; gone afterwards."""
    # The bench belongs to a checkout, as does the server that its tests use; an installation needs neither.
    from tests.servers.postgres import PostgresServer

    server = await asyncio.to_thread(PostgresServer, durable=True)
    try:
        await server.start()
        yield await server.database()
    finally:
        server.remove()


async def _answers(session: aiohttp.ClientSession, url: str) -> bool:
    try:
        async with session.get(url) as answer:
            return answer.status == 200
    except aiohttp.ClientError:
        return False


def free_port() -> int:
    """A TCP port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
