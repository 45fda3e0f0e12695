"""A process of our own beside the house: frames in, frames out, ended when it takes too long."""

import asyncio
import os
import struct
import sys
from asyncio.subprocess import Process
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, BinaryIO, Final

import orjson

HEAD: Final = struct.Struct(">II")


class ChildBroke(ConnectionError):
    """It took too long, or died; the next call starts a new one."""


class Child:
    """Runs a module of ours; one call at a time."""

    def __init__(self, module: str, *arguments: str, seconds: float, secrets: Mapping[str, str] | None = None) -> None:
        self._command = (sys.executable, "-m", module, *arguments)
        self._environment = {**os.environ, **secrets} if secrets else None
        self.seconds = seconds
        self._process: Process | None = None
        self._turn = asyncio.Lock()

    async def ask(self, name: bytes, content: bytes) -> dict[str, Any]:
        """What it tells about the two. Raises ChildBroke."""
        async with self._turn:
            try:
                async with asyncio.timeout(self.seconds):
                    return await self._ask(name, content)
            except TimeoutError:
                await self.close()
                raise ChildBroke(f"it takes longer than {self.seconds:.0f} seconds") from None
            except (OSError, asyncio.IncompleteReadError):
                await self.close()
                raise ChildBroke("it broke: too much memory, or damaged input") from None
            except asyncio.CancelledError:
                await self.close()  # half an answer must not be the next call's
                raise

    async def _ask(self, name: bytes, content: bytes) -> dict[str, Any]:
        if self._process is None or self._process.returncode is not None:
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                env=self._environment,
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


def idly() -> None:
    """Let this process have only what others leave of the cores.

    Linux's idle policy: of a process that is merely niced, whoever wakes up waits for its slice, some 3 ms, and a
    commit wakes up several times.
    """
    try:
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    except (AttributeError, OSError):  # not Linux, or a sandbox that does not know it
        os.nice(19)


def serve(source: BinaryIO, sink: BinaryIO, tell: Callable[[bytes, bytes], dict[str, Any]]) -> None:
    """The child's side, until the house ends."""
    while len(head := source.read(HEAD.size)) == HEAD.size:
        name_length, length = HEAD.unpack(head)
        name = source.read(name_length)
        answer = orjson.dumps(tell(name, source.read(length)))
        sink.write(HEAD.pack(len(answer), 0) + answer)
        sink.flush()
