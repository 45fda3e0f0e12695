"""The door to the process that reads files: a limit of time and memory for each, and a new process after a bad one."""

import asyncio
import sys
from asyncio.subprocess import Process
from contextlib import suppress
from typing import Any, Final

import orjson

from knowledge.adapters.reading import HEAD
from knowledge.ports import Block, Parsed, Unreadable

SECONDS: Final = 60.0


class ParserProcess:
    """One file at a time, at the lowest priority, so that the house's other work goes first."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._process: Process | None = None
        self._turn = asyncio.Lock()

    async def parse(self, name: str, content: bytes) -> Parsed:
        """As Parser.parse."""
        async with self._turn:
            try:
                async with asyncio.timeout(self._seconds):
                    told = await self._ask(name.encode(), content)
            except TimeoutError:
                await self.close()
                raise Unreadable(f"reading it takes longer than {self._seconds:.0f} seconds") from None
            except (OSError, asyncio.IncompleteReadError):
                await self.close()
                raise Unreadable("reading it broke the reader: it needs too much memory or is damaged") from None
            except asyncio.CancelledError:
                await self.close()  # half an answer must not be the next file's
                raise
        if "unreadable" in told:
            raise Unreadable(told["unreadable"])
        return _parsed(told["parsed"])

    async def _ask(self, name: bytes, content: bytes) -> dict[str, Any]:
        if self._process is None or self._process.returncode is not None:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "knowledge.adapters.reading"),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
            )
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(HEAD.pack(len(name), len(content)) + name + content)
        await process.stdin.drain()
        length, _ = HEAD.unpack(await process.stdout.readexactly(HEAD.size))
        told: dict[str, Any] = orjson.loads(await process.stdout.readexactly(length))
        return told

    async def close(self) -> None:
        """End the process."""
        if self._process is not None and self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.kill()
            await self._process.wait()
        self._process = None


def _parsed(told: dict[str, Any]) -> Parsed:
    blocks = (Block(**{**one, "rows": tuple(tuple(row) for row in one["rows"])}) for one in told["blocks"])
    return Parsed(told["title"], tuple(blocks), told["pages"])
