"""The bot: the engine's workers."""

import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from app.engine import EnginePool, engine_command
from app.wiring.ground import Ground
from bot.adapters.rasa import RasaWorkers
from bot.adapters.vision import HttpVision


@asynccontextmanager
async def open_workers(ground: Ground, shop_url: str, *, here: bool) -> AsyncIterator[RasaWorkers]:
    """Workers that others run, or a pool of our own; none unless the bot is `here`, or before a model is trained."""
    workers, settings = RasaWorkers(), ground.settings
    async with AsyncExitStack() as closing:
        closing.push_async_callback(workers.close)
        if here and settings.engine_urls:
            for url in settings.engine_urls:
                workers.add(url)
        elif here:
            count = settings.workers or os.cpu_count() or 1
            pool = EnginePool(
                workers, engine_command("serve"), model=settings.model_path(), count=count, shop_url=shop_url
            )
            pool.start()
            closing.push_async_callback(pool.stop)
        yield workers


def open_vision(ground: Ground) -> HttpVision | None:
    """What looks at pictures, at the configured URL; None when there is none."""
    settings = ground.settings
    if not settings.vision_url:
        return None
    return HttpVision(settings.vision_url, ground.files, settings.vision_key.get_secret_value())
