"""Many small writes that come at the same time, as one transaction."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, Generic, TypeVar

PAUSE_SECONDS: Final = 0.1

T = TypeVar("T")


class Batch(Generic[T]):
    """Collects for a moment, and while a write is under way.

    `add` returns when its item is stored, or raises what the write raised.
    """

    def __init__(self, write: Callable[[list[T]], Awaitable[None]]) -> None:
        self._write = write
        self._waiting: list[tuple[T, asyncio.Future[None]]] = []
        self._task: asyncio.Task[None] | None = None

    async def add(self, item: T) -> None:
        """Store it, together with what else is waiting."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, done))
        if self._task is None:
            self._task = asyncio.create_task(self._drain())
        await done

    async def _drain(self) -> None:
        while self._waiting:
            await asyncio.sleep(PAUSE_SECONDS)
            batch, self._waiting = self._waiting, []
            try:
                await self._write([item for item, _ in batch])
            except Exception as error:
                self._tell(batch, error)
            else:
                self._tell(batch, None)
        self._task = None

    def _tell(self, batch: list[tuple[T, asyncio.Future[None]]], error: Exception | None) -> None:
        for _, done in batch:
            if done.done():
                continue
            if error is None:
                done.set_result(None)
            else:
                done.set_exception(error)
