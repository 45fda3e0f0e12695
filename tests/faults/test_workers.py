"""Engine workers that die, hang or are exchanged: every turn is answered, or says that it is not."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from app.engine import EnginePool
from bot.adapters.rasa import RasaWorkers
from bot.ports import Ask, EngineUnavailable

NURSERY = Path(__file__).parent.parent / "servers" / "nursery.py"


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "model"
    path.write_text("one")
    return path


@pytest.fixture
async def workers() -> AsyncIterator[RasaWorkers]:
    made = RasaWorkers(seconds=4.0)
    yield made
    await made.close()


@pytest.fixture
async def pool(workers: RasaWorkers, model: Path) -> AsyncIterator[EnginePool]:
    made = EnginePool(workers, [sys.executable, str(NURSERY)], model=model, count=2, shop_url="")
    made.start()
    await until(lambda: len(made.pids) == 2)
    yield made
    await made.stop()


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(120):
        while not true():
            await asyncio.sleep(0.02)


async def said(workers: RasaWorkers, text: str) -> str:
    turn = await workers.turn(Ask("c1", "k1", "seq:1", "zh", text))
    return turn.messages[0].text


async def test_killed_workers_are_replaced_and_no_turn_is_lost(pool: EnginePool, workers: RasaWorkers) -> None:
    before = set(pool.pids)

    async def talk(n: int) -> str:
        await asyncio.sleep(n / 200)
        return await said(workers, str(n))

    async def kill() -> None:
        await asyncio.sleep(0.1)
        os.kill(pool.pids[0], signal.SIGKILL)

    answers, _ = await asyncio.gather(asyncio.gather(*(talk(n) for n in range(100))), kill())
    assert answers == [f"one: {n}" for n in range(100)]
    await until(lambda: len(pool.pids) == 2 and set(pool.pids) != before)


async def test_a_hanging_worker_costs_its_own_turn_only_and_is_killed(pool: EnginePool, workers: RasaWorkers) -> None:
    before = set(pool.pids)
    hanging = asyncio.create_task(said(workers, "hang"))
    await asyncio.sleep(0.1)
    assert await said(workers, "fine") == "one: fine"
    with pytest.raises(EngineUnavailable):
        await hanging
    await until(lambda: len(pool.pids) == 2 and not set(pool.pids) & before)
    assert await said(workers, "again") == "one: again"


async def test_the_whole_engine_dies_and_comes_back(pool: EnginePool, workers: RasaWorkers) -> None:
    os.killpg(os.getpgid(pool.pids[0]), signal.SIGKILL)
    await until(lambda: not pool.pids)
    await until(lambda: len(pool.pids) == 2)
    assert await said(workers, "back") == "one: back"


async def test_a_new_model_takes_over_without_a_dropped_turn(
    pool: EnginePool, workers: RasaWorkers, model: Path
) -> None:
    fresh = model.with_suffix(".new")
    fresh.write_text("two")
    fresh.replace(model)
    heard = set()
    async with asyncio.timeout(120):
        while "two: x" not in heard or "one" in str(await said(workers, "x")):
            heard.add(await said(workers, "x"))


async def test_stopping_leaves_no_process(workers: RasaWorkers, model: Path) -> None:
    made = EnginePool(workers, [sys.executable, str(NURSERY)], model=model, count=2, shop_url="")
    made.start()
    await until(lambda: len(made.pids) == 2)
    pids = made.pids
    await made.stop()

    def gone(pid: int) -> bool:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        return (Path("/proc") / str(pid) / "stat").read_text().split()[2] == "Z"

    await until(lambda: all(gone(pid) for pid in pids))


async def test_a_first_model_is_served_as_soon_as_it_is_there(workers: RasaWorkers, tmp_path: Path) -> None:
    model = tmp_path / "later"
    pool = EnginePool(workers, [sys.executable, str(NURSERY)], model=model, count=1, shop_url="")
    pool.start()
    try:
        model.write_text("first")
        await until(lambda: len(pool.pids) == 1)
        assert await said(workers, "hello") == "first: hello"
    finally:
        await pool.stop()
