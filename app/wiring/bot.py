"""The bot: the engine's workers."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.config import Settings
from app.engine import EnginePool, engine_command
from bot.adapters.rasa import RasaWorkers


@asynccontextmanager
async def open_workers(settings: Settings, workers: RasaWorkers, shop_url: str) -> AsyncIterator[None]:
    """Engine workers that others run, or a pool of our own when there is a trained model."""
    for url in settings.engine_urls:
        workers.add(url)
    if settings.engine_urls or not settings.model_path().exists():
        yield
        return
    count = settings.workers or os.cpu_count() or 1
    command = engine_command("serve")
    pool = EnginePool(workers, command, model=settings.model_path(), count=count, shop_url=shop_url)
    pool.start()
    try:
        yield
    finally:
        await pool.stop()
