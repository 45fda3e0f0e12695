"""The trained engine itself: its control lines, and a worker killed under load."""

import asyncio
import os
import signal
from collections.abc import Callable

from app.config import Settings
from app.engine import EnginePool, engine_command
from bot.adapters.rasa import RasaWorkers
from bot.ports import Ask, Turn

TURNS = 120


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(300):
        while not true():
            await asyncio.sleep(0.05)


async def test_a_worker_of_the_real_engine_is_killed_under_load() -> None:
    workers = RasaWorkers(seconds=60.0)  # a busy machine is no finding
    model = Settings().model_path().resolve()
    pool = EnginePool(workers, engine_command("serve"), model=model, count=2, shop_url="")
    pool.start()
    await until(lambda: len(pool.pids) == 2)
    before = set(pool.pids)

    async def talk(n: int) -> Turn:
        await asyncio.sleep(n / 100)
        return await workers.turn(Ask(f"c{n}", "k", "seq:1", "zh", "运费多少"))

    async def kill() -> None:
        await asyncio.sleep(TURNS / 200)
        os.kill(pool.pids[0], signal.SIGKILL)

    turns, _ = await asyncio.gather(asyncio.gather(*(talk(n) for n in range(TURNS))), kill())
    assert len({(turn.intent, turn.messages[0].text) for turn in turns}) == 1
    await until(lambda: len(pool.pids) == 2 and set(pool.pids) != before)
    await pool.stop()
    await workers.close()
