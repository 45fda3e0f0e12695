"""The whole store: conversations kept in a log of their own, and inspected as `kefu quality run` does."""

import asyncio
import os
import random
import resource
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.progress import Progress, track
from sqlalchemy import Connection, Table, delete

from app.commands.quality_run import bars
from app.config import Settings
from app.inspecting import Outcome
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


def measure_stored(number: int) -> dict[str, float]:
    """So many ended conversations of 20 Chinese turns, by one worker on one core and by two workers on two.

    `conversations_per_s_stored` counts the CPU of all processes with one worker, their start included; `run_per_s_…` is
    by the clock, without the start, and `two_core_ratio` tells how much quicker two are. Memory is the largest
    worker's peak.
    """
    with tempfile.TemporaryDirectory(prefix="kefu-bench-") as folder:
        settings = Settings(var=Path(folder), database_url=f"sqlite+aiosqlite:///{folder}/kefu.db")
        asyncio.run(_fill(settings, number))
        told: dict[str, float] = {"stored_conversations": number}
        alone, cpu = _run(settings, number, 1)
        told |= {"conversations_per_s_stored": round(number / cpu, 1), "run_per_s_1": round(alone, 1)}
        asyncio.run(_forget(settings))
        both, cpu = _run(settings, number, 2)
        told |= {"run_per_s_2": round(both, 1), "run_per_cpu_s_2": round(number / cpu, 1)}
        told["two_core_ratio"] = round(both / alone, 2)
        told["run_worker_peak_mb"] = round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / MB, 1)
    return told


def _run(settings: Settings, number: int, workers: int) -> tuple[float, float]:
    """A second by the clock, from the first part that comes back, and seconds of CPU; on as many cores as workers."""
    rules = asyncio.run(rules_of(settings, ""))
    done, began, before = 0, 0.0, _cpu()
    with cores(workers), Progress(*bars(f"inspecting, {workers}"), console=Console(stderr=True)) as bar:
        line = bar.add_task("", total=number)
        with processes(workers) as crew:

            def tell(outcome: Outcome) -> None:
                nonlocal done, began
                done += len(outcome.fresh) if began else 0
                began = began or time.perf_counter()
                bar.advance(line, outcome.seen)

            asyncio.run(Run(settings, rules, None).go(crew, tell))
            seconds = time.perf_counter() - began
    return done / seconds, _cpu() - before


@contextmanager
def cores(number: int) -> Iterator[None]:
    """This process and those it starts have so many cores, where the system can say so."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    every = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(every)[:number])
    try:
        yield
    finally:
        os.sched_setaffinity(0, every)


async def _fill(settings: Settings, number: int) -> None:
    await upgrade(settings.database())
    at, nobody = datetime.now(UTC), asyncio.get_running_loop().create_future()
    async with open_log(settings) as log:
        for start in track(range(0, number, BATCH), "storing", console=Console(stderr=True)):
            requests = [
                Request(f"c{n}", facts, f"bench:{place}", None, None, nobody)
                for n, parts in zip(range(start, min(start + BATCH, number)), _talks(start), strict=False)
                for place, facts in enumerate(parts)
            ]
            await log.transactions.run(partial(_keep, batch=requests, at=at))


def _keep(connection: Connection, batch: list[Request], at: datetime) -> None:
    for one in record(connection, batch, at):
        if isinstance(one, Exception):
            raise one


def _talks(seed: int) -> Iterator[list[tuple[Fact, ...]]]:
    """Facts of conversations, a message and its answer under one cause."""
    chance = random.Random(seed)
    while True:
        said = [chance.choice(SAID) + str(chance.randrange(10**6)) for _ in range(TURNS)]
        pairs = zip(said[::2], said[1::2], strict=True)
        turns = [(MessageReceived(asked), AgentReplied("a", "Lin", answered)) for asked, answered in pairs]
        yield [(ConversationStarted("k", "widget", "demo", "zh"),), *turns, (ConversationClosed("a", "done"),)]


async def _forget(settings: Settings) -> None:
    async with open_log(settings) as log:
        for table in (hits, inspections):
            await log.transactions.run(partial(_empty, table=table))


def _empty(connection: Connection, table: Table) -> None:
    connection.execute(delete(table))


def _cpu() -> float:
    own, others = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime
