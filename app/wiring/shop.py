"""The business system that the bot's actions and the desk ask: the company's own, or the demo shop."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from sqlalchemy.ext.asyncio import AsyncEngine

from app.config import ROOT, Settings
from demo_shop.api import open_shop
from demo_shop.store import Shop

GOODS: Final = ROOT / "data" / "seed" / "shop.json"


@asynccontextmanager
async def open_business(settings: Settings, engine: AsyncEngine) -> AsyncIterator[str]:
    """Its URL."""
    if settings.shop_url:
        yield settings.shop_url
        return
    shop = Shop(engine)
    await shop.stock(json.loads(GOODS.read_text("utf-8")))
    async with open_shop(shop) as url:
        yield url
