"""The business system that the bot's actions and the desk ask: the company's own, or the demo shop."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from app.config import ROOT
from app.wiring.ground import Ground
from demo_shop.api import open_shop
from demo_shop.store import Shop

GOODS: Final = ROOT / "data" / "seed" / "shop.json"


@asynccontextmanager
async def open_business(ground: Ground) -> AsyncIterator[str]:
    """Its URL."""
    if ground.settings.shop_url:
        yield ground.settings.shop_url
        return
    shop = Shop(ground.engine)
    await shop.stock(json.loads(GOODS.read_text("utf-8")))
    async with open_shop(shop) as url:
        yield url
