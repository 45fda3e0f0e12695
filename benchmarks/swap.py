"""`kefu bench swap`: conversations go on while the engine's model is exchanged, worker by worker, forth and back."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from app.config import Settings
from app.engine import EnginePool, engine_command
from app.migrations import upgrade
from app.wiring.ground import Ground, open_ground
from app.wiring.shop import open_business
from app.workshop import EngineWorkshop
from bot.adapters.rasa import RasaWorkers
from bot.service.bot import Bot
from channels.service import Channels, Visitor
from conversation.events import BotReplied, Event, MessageReceived
from conversation.reader import Reader

SAID: Final = (
    "包邮吗",
    "how much is shipping",
    "我要退款",
    "KF10000002",
    "不想要了",
    "算了",
    "几点关门",
    "do you ship abroad",
)
ANSWER_SECONDS: Final = 60.0
READY_SECONDS: Final = 300.0
SETTLED_SECONDS: Final = 3.0
APOLOGY: Final = "engine_unavailable"


@dataclass(slots=True)
class Course:
    """What happens in one run: answers as they come, and when the swaps were."""

    answered: dict[int, asyncio.Event] = field(default_factory=dict)
    spent: list[tuple[float, float]] = field(default_factory=list)  # when it was asked, seconds until the answer
    swaps: list[tuple[float, float]] = field(default_factory=list)  # from, to
    over: bool = False

    def hear(self, event: Event) -> None:
        """An answer is in the log."""
        if isinstance(event.fact, BotReplied) and event.cause.startswith("seq:"):
            self.answered.setdefault(int(event.cause.removeprefix("seq:")), asyncio.Event()).set()


async def bench(model: Path, customers: int, workers: int) -> dict[str, Any]:
    """Figures by name. Raises TimeoutError when the model is not ready in time."""
    with TemporaryDirectory() as folder:
        served, course = Path(folder) / "models" / "demo.tar.gz", Course()
        workshop = EngineWorkshop(served, {})
        for place in (served, workshop.path("v1"), workshop.path("v2")):
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(model, place)
        settings = Settings(var=Path(folder), model=served, database_url="", redis_url="")
        await upgrade(settings.database())
        async with open_ground(settings) as ground, _pool(ground, served, workers) as pool:
            stop_listening = ground.tail.listen(course.hear)
            talking = [asyncio.create_task(_talk(ground, course, number)) for number in range(customers)]
            await asyncio.sleep(SETTLED_SECONDS)
            for name in ("v2", "v1"):
                course.swaps.append(await _swap(workshop, pool, name, workers))
                await asyncio.sleep(SETTLED_SECONDS)
            course.over = True
            await asyncio.gather(*talking)
            stop_listening()
            return await _counted(ground, course)


@asynccontextmanager
async def _pool(ground: Ground, model: Path, count: int) -> AsyncIterator[EnginePool]:
    """The bot's room at work, with so many workers of the model."""
    async with AsyncExitStack() as closing:
        url = await closing.enter_async_context(open_business(ground))
        workers = RasaWorkers()
        closing.push_async_callback(workers.close)
        pool = EnginePool(workers, engine_command("serve"), model=model, count=count, shop_url=url)
        pool.start()
        closing.push_async_callback(pool.stop)
        async with asyncio.timeout(READY_SECONDS):
            await workers.ready()
            while len(pool.pids) < count:
                await asyncio.sleep(0.05)
        reader = Reader("bot", Bot(ground.log, ground.tail, workers).handlers, shares=ground.shares, tail=ground.tail)
        reader.start()
        closing.push_async_callback(reader.stop)
        yield pool


async def _talk(ground: Ground, course: Course, number: int) -> None:
    """One customer, who writes again as soon as they have an answer."""
    channels = Channels(ground.log)
    id = (await channels.open(Visitor(f"k{number}", "demo", "zh"), cause="enter")).id
    turn = number
    while not course.over:
        began = perf_counter()
        said = (await channels.receive(id, f"m{turn}", SAID[turn % len(SAID)])).events[0]
        answered = course.answered.setdefault(said.seq, asyncio.Event())
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await answered.wait()
        except TimeoutError:
            continue  # it is counted among the unanswered
        course.spent.append((began, perf_counter() - began))
        turn += 1


async def _swap(workshop: EngineWorkshop, pool: EnginePool, name: str, count: int) -> tuple[float, float]:
    """As the console's button does; gives when it began and when only workers of the new model were left."""
    before, began = set(pool.pids), perf_counter()
    await workshop.put_to_work(name)
    async with asyncio.timeout(READY_SECONDS):
        while before & set(pool.pids) or len(pool.pids) < count:
            await asyncio.sleep(0.05)
    return began, perf_counter()


async def _counted(ground: Ground, course: Course) -> dict[str, Any]:
    said, replies = await _all(ground, MessageReceived.__name__), await _all(ground, BotReplied.__name__)
    asked, causes = {f"seq:{event.seq}" for event in said}, [event.cause for event in replies]
    during = [spent for at, spent in course.spent if any(start <= at <= end for start, end in course.swaps)]
    beside = [spent for at, spent in course.spent if not any(start <= at <= end for start, end in course.swaps)]
    return {
        "messages": len(said),
        "answered": len(asked & set(causes)),
        "unanswered": len(asked - set(causes)),
        "doubled": len(causes) - len(set(causes)),
        "apologies": sum(isinstance(one.fact, BotReplied) and one.fact.policy == APOLOGY for one in replies),
        "swaps": len(course.swaps),
        "swap_seconds": [round(end - start, 1) for start, end in course.swaps],
        "messages_during_swaps": len(during),
        **{f"{name}_during_swaps_ms": value for name, value in _spread(during).items()},
        **{f"{name}_beside_ms": value for name, value in _spread(beside).items()},
    }


async def _all(ground: Ground, kind: str) -> list[Event]:
    """Every event of the kind in the log."""
    found: list[Event] = []
    while page := await ground.log.of_kinds([kind], before=found[-1].seq if found else None, limit=500):
        found += page
    return found


def _spread(seconds: Sequence[float]) -> dict[str, float]:
    if len(seconds) < 2:
        return {}
    cuts = quantiles(seconds, n=100, method="inclusive")
    return {"p50": round(cuts[49] * 1000, 1), "p99": round(cuts[98] * 1000, 1), "max": round(max(seconds) * 1000, 1)}


def show(report: dict[str, Any]) -> None:
    """As a table."""
    table = Table("figure", "value")
    for name, value in report.items():
        table.add_row(name, str(value))
    Console().print(table)
