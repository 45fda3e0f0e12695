"""Work that goes on beside the requests."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, Final

from web.ticks import each_second

logger: Final = logging.getLogger(__name__)


@asynccontextmanager
async def background(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Let it run beside, until the end."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def every_second(
    work: Callable[[datetime], Awaitable[object]], only_if: Callable[[], bool] = lambda: True
) -> None:
    """Do it each second with the present time, when it is this process's business."""
    async for _ in each_second():
        if only_if():
            try:
                await work(datetime.now(UTC))
            except Exception as error:
                logger.error("%s failed and is tried again: %s", work.__qualname__, type(error).__name__)
