"""The whole store: conversations kept in a log of their own, and inspected as `kefu quality run` does."""

import asyncio
import random
import resource
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

from rich.progress import track
from sqlalchemy import Connection, Table, delete

from app.config import Settings
from app.migrations import upgrade
from app.rerun import Run, rules_of
from app.wiring.ground import open_log
from benchmarks.quality import SAID, TURNS
from conversation.events import AgentReplied, ConversationClosed, ConversationStarted, Fact, MessageReceived
from conversation.sql.append import Request, record
from quality_check.adapters.crews import processes
from quality_check.store.inspections import hits, inspections

BATCH: Final = 200  # conversations of one commit
MB: Final = 1024  # kB, in which Linux tells the peak


def measure_stored(number: int, cores: tuple[int, ...] = (1, 2)) -> dict[str, float]:
    """So many ended conversations of 20 Chinese turns: a second by the clock and a second of CPU, on each of `cores`.

    CPU is of all processes together, their start of some seconds included; memory is the largest worker's peak.
    """
    with tempfile.TemporaryDirectory(prefix="kefu-bench-") as folder:
        settings = Settings(var=Path(folder), database_url=f"sqlite+aiosqlite:///{folder}/kefu.db")
        asyncio.run(_fill(settings, number))
        told: dict[str, float] = {"stored_conversations": number}
        for workers in cores:
            asyncio.run(_forget(settings))
            told |= _run(settings, workers)
        told["run_worker_peak_mb"] = round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / MB, 1)
    if len(cores) > 1:
        one, more = (told[f"run_per_s_{workers}"] for workers in cores)
        told["run_speed_up"] = round(more / one, 2)
    return told


def _run(settings: Settings, workers: int) -> dict[str, float]:
    """Without the time in which the processes start: it counts from the first part that comes back."""
    rules = asyncio.run(rules_of(settings, ""))
    done, began, spent = 0, 0.0, 0.0
    with processes(workers) as crew:

        def tell(outcome: Any) -> None:
            nonlocal done, began
            if not began:
                began = time.perf_counter()
                return
            done += len(outcome.fresh)

        before = _cpu()
        asyncio.run(Run(settings, rules, None).go(crew, tell))
        seconds = time.perf_counter() - began
    spent = _cpu() - before
    return {f"run_per_s_{workers}": round(done / seconds, 1), f"run_per_cpu_s_{workers}": round(done / spent, 1)}


async def _fill(settings: Settings, number: int) -> None:
    await upgrade(settings.database())
    at, nobody = datetime.now(UTC), asyncio.get_running_loop().create_future()
    async with open_log(settings) as log:
        for start in track(range(0, number, BATCH), "storing"):
            requests = [
                Request(f"c{n}", (fact,), f"bench:{place}", None, None, nobody)
                for n, facts in zip(range(start, min(start + BATCH, number)), _talks(start), strict=False)
                for place, fact in enumerate(facts)
            ]
            await log.transactions.run(partial(_keep, batch=requests, at=at))


def _keep(connection: Connection, batch: list[Request], at: datetime) -> None:
    for one in record(connection, batch, at):
        if isinstance(one, Exception):
            raise one


def _talks(seed: int) -> Iterator[tuple[Fact, ...]]:
    chance = random.Random(seed)
    while True:
        said = [chance.choice(SAID) + str(chance.randrange(10**6)) for _ in range(TURNS)]
        turns = [AgentReplied("a", "Lin", text) if n % 2 else MessageReceived(text) for n, text in enumerate(said)]
        yield ConversationStarted("k", "widget", "demo", "zh"), *turns, ConversationClosed("a", "done")


async def _forget(settings: Settings) -> None:
    async with open_log(settings) as log:
        for table in (hits, inspections):
            await log.transactions.run(partial(_empty, table=table))


def _empty(connection: Connection, table: Table) -> None:
    connection.execute(delete(table))


def _cpu() -> float:
    own, others = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime
