"""The demo shop for scripted dialogues: as new for each of them, sometimes away, and open to whoever checks it."""

import itertools
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler
from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncEngine

from conversation.database import open_engine, writing
from demo_shop.answers import refusal
from demo_shop.api import create_shop, serving
from demo_shop.store import Asked, Shop, orders
from demo_shop.tables import metadata


class Stage:
    """One shop at `url`. While it is `away` it answers 503, as one that is being repaired."""

    def __init__(self, engine: AsyncEngine, goods: Mapping[str, Any], shop: Shop) -> None:
        self._engine = engine
        self._goods = goods
        self._shop = shop
        self.away = False
        self.url = ""

    async def reset(self) -> None:
        """As new, and there."""
        async with writing(self._engine) as connection:
            for table in metadata.sorted_tables:
                await connection.execute(delete(table))
        await self._shop.stock(self._goods)
        self.away = False

    async def send(self) -> None:
        """All orders leave."""
        async with writing(self._engine) as connection:
            await connection.execute(update(orders).values(status="shipped"))

    async def done(self) -> list[tuple[str, str, Asked]]:
        """As Shop.done."""
        return await self._shop.done()

    async def code(self) -> str:
        """The last code that was sent, "" when none was."""
        sent = await self._shop.messages(1)
        return sent[0][3] if sent else ""


@asynccontextmanager
async def open_stage(goods: Mapping[str, Any]) -> AsyncIterator[Stage]:
    """A shop with these goods (as data/seed/shop.json has them), until the end."""
    with TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite+aiosqlite:///{Path(folder) / 'shop.db'}")
        async with writing(engine) as connection:
            await connection.run_sync(metadata.create_all)
        # The clock moves on by a second whenever it is looked at, so that everything has an order.
        seconds = itertools.count(int(time.time()))
        shop = Shop(engine, lambda: next(seconds))
        stage = Stage(engine, goods, shop)
        await stage.reset()

        @web.middleware
        async def away(request: web.Request, handler: Handler) -> web.StreamResponse:
            if stage.away:
                return web.json_response(refusal(503, "unavailable", "the shop is away").body, status=503)
            return await handler(request)

        async with serving(create_shop(shop, away)) as stage.url:
            yield stage
        await engine.dispose()
