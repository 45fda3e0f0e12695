"""The process that holds the model and forks engine workers (docs/engine.md names its control lines)."""

import asyncio
import json
import logging
import os
from asyncio.subprocess import PIPE, Process
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

START_SECONDS: Final = 180.0
SPAWN_SECONDS: Final = 30.0
STOP_SECONDS: Final = 15.0

log = logging.getLogger(__name__)


class NurseryFailed(RuntimeError):
    """The engine could not be started; its own words are on stderr."""


@dataclass(frozen=True, slots=True)
class Worker:
    """A ready engine worker."""

    pid: int
    url: str


class Nursery:
    """One engine process and the workers it forked; when it ends, so do they."""

    def __init__(self, process: Process, on_exit: Callable[["Nursery", int], None]) -> None:
        self._process = process
        self._on_exit = on_exit
        self._ready = asyncio.get_running_loop().create_future()
        self._spawning: deque[asyncio.Future[Worker]] = deque()
        self._listening = asyncio.create_task(self._listen())

    @classmethod
    async def start(
        cls, command: Sequence[str], folder: Path, shop_url: str, on_exit: Callable[["Nursery", int], None]
    ) -> "Nursery":
        """Start the engine in its folder and wait until its model is loaded. Raises NurseryFailed."""
        environment = {**os.environ, "KEFU_SHOP_URL": shop_url}
        # Ctrl-C on the terminal is for the house, which then drains its workers itself.
        process = await asyncio.create_subprocess_exec(
            *command, cwd=folder, stdin=PIPE, stdout=PIPE, env=environment, start_new_session=True
        )
        nursery = cls(process, on_exit)
        try:
            async with asyncio.timeout(START_SECONDS):
                await nursery._ready
        except BaseException as error:
            await nursery.close()
            if isinstance(error, TimeoutError):
                raise NurseryFailed(f"the engine was not ready within {START_SECONDS:g} s") from error
            raise
        return nursery

    async def spawn(self) -> Worker:
        """Fork a worker and wait until it answers. Raises NurseryFailed."""
        spawned: asyncio.Future[Worker] = asyncio.get_running_loop().create_future()
        self._spawning.append(spawned)
        self._say({"do": "spawn"})
        try:
            async with asyncio.timeout(SPAWN_SECONDS):
                return await spawned
        except TimeoutError as error:
            raise NurseryFailed(f"a worker was not ready within {SPAWN_SECONDS:g} s") from error

    def drain(self, pid: int) -> None:
        """Let a worker finish its turns and leave."""
        self._say({"do": "stop", "pid": pid})

    async def close(self) -> None:
        """End the engine and all its workers."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()
        await self._listening

    def _say(self, line: Mapping[str, Any]) -> None:
        assert self._process.stdin is not None
        with suppress(ConnectionError):
            self._process.stdin.write(json.dumps(line).encode() + b"\n")

    async def _listen(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            self._hear(json.loads(line))
        ended = NurseryFailed("the engine's process ended")
        for waiting in (self._ready, *self._spawning):
            if not waiting.done():
                waiting.set_exception(ended)
        if not self._ready.cancelled():
            self._ready.exception()  # asked for here, so that an engine nobody waits for ends without a warning
        self._on_exit(self, 0)

    def _hear(self, told: Mapping[str, Any]) -> None:
        match told["event"]:
            case "ready":
                self._ready.set_result(None)
            case "spawned":
                spawned = self._spawning.popleft()
                if not spawned.done():
                    spawned.set_result(Worker(told["pid"], f"http://127.0.0.1:{told['port']}"))
            case "exited":
                self._on_exit(self, told["pid"])
