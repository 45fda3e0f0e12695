"""The bot: the engine's workers, and the demo shop that its actions ask."""

import json
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final

from sqlalchemy.ext.asyncio import AsyncEngine

from app.config import ROOT, Settings
from app.engine import EnginePool, engine_command
from bot.adapters.rasa import RasaWorkers
from demo_shop.api import open_shop
from demo_shop.store import Shop

GOODS: Final = ROOT / "data" / "seed" / "shop.json"


@asynccontextmanager
async def open_workers(settings: Settings, workers: RasaWorkers, engine: AsyncEngine) -> AsyncIterator[None]:
    """Engine workers that others run, or a pool of our own when there is a trained model."""
    for url in settings.engine_urls:
        workers.add(url)
    if settings.engine_urls or not settings.model_path().exists():
        yield
        return
    async with AsyncExitStack() as closing:
        shop_url = settings.shop_url
        if not shop_url:
            shop = Shop(engine)
            await shop.stock(json.loads(GOODS.read_text("utf-8")))
            shop_url = await closing.enter_async_context(open_shop(shop))
        count = settings.workers or os.cpu_count() or 1
        command = engine_command("serve")
        pool = EnginePool(workers, command, model=settings.model_path(), count=count, shop_url=shop_url)
        pool.start()
        closing.push_async_callback(pool.stop)
        yield
