"""What is done each second, each at a moment of its own."""

import asyncio
from collections.abc import AsyncIterator
from random import random


async def each_second() -> AsyncIterator[None]:
    """At once, then each second; a turn that took longer is not made up for.

    Tasks that sleep a second after their work end up one right behind the other, and together hold everybody up.
    """
    loop = asyncio.get_running_loop()
    due: float = loop.time() + random()
    yield
    while True:
        await asyncio.sleep(due - loop.time())
        yield
        due += 1 + int(loop.time() - due)
