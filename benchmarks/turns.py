"""`kefu bench engine`: what a turn costs inside a worker, beside vanilla Rasa with the lean pipeline."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, Final
from uuid import uuid4

import aiohttp
from rich.console import Console
from rich.table import Table

from app.config import ROOT
from app.engine import EnginePool, engine_command
from benchmarks import load, peers
from benchmarks.serving import free_port, running
from bot.adapters.rasa import RasaWorkers
from bot.ports import Ask

MESSAGES: Final = 400
AT_ONCE: Final = 4

err = Console(stderr=True)


async def bench(model: Path, runs: int) -> dict[str, Any]:
    """Ten-turn conversations, each turn answered by a rule, by turns with one of our workers and with a vanilla
    process that keeps its trackers in memory; CPU of the process, its HTTP included, and what one core gives."""
    err.print("training the peer lean, unless it is kept …")
    project = await asyncio.to_thread(peers.generate, ROOT / "var" / "bench", "lean")
    ours, theirs = [], []
    async with _worker(model) as (our_talk, pid), _vanilla(project) as (their_talk, vanilla):
        for talk, process in ((our_talk, pid), (their_talk, vanilla)):
            await load.run(talk, 1, 20, process)
        for _ in range(runs):
            ours.append((await load.run(our_talk, AT_ONCE, MESSAGES, pid)).told())
            theirs.append((await load.run(their_talk, AT_ONCE, MESSAGES, vanilla)).told())
            err.print(f"CPU ms a turn: kefu {ours[-1]['cpu_ms']}, rasa lean {theirs[-1]['cpu_ms']}")
    ratios = [their["cpu_ms"] / our["cpu_ms"] for our, their in zip(ours, theirs, strict=True)]
    return {
        "cores": os.cpu_count(),
        "runs": runs,
        "kefu": _told(ours),
        "rasa_lean": _told(theirs),
        "ratio_turns_per_core": round(median(ratios), 2),
        "ratio_lowest": round(min(ratios), 2),
        "ratio_highest": round(max(ratios), 2),
    }


def _told(rounds: list[dict[str, float]]) -> dict[str, float]:
    cpu = [one["cpu_ms"] for one in rounds]
    return {
        "cpu_ms": round(median(cpu), 2),
        "lowest": min(cpu),
        "highest": max(cpu),
        "turns_per_second_per_core": round(1000 / median(cpu), 1),
        "p50_ms": median(one["p50_ms"] for one in rounds),
        "p99_ms": median(one["p99_ms"] for one in rounds),
        "memory_mb": median(one["memory_mb"] for one in rounds),
    }


@asynccontextmanager
async def _worker(model: Path) -> AsyncIterator[tuple[load.Talk, int]]:
    workers = RasaWorkers()
    pool = EnginePool(workers, engine_command("serve"), model=model, count=1, shop_url="")
    workers.expect()
    pool.start()
    try:
        await workers.ready()
        yield _engine_talk(workers), pool.pids[0]
    finally:
        await pool.stop()
        await workers.close()


@asynccontextmanager
async def _vanilla(project: Path) -> AsyncIterator[tuple[load.Talk, int]]:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    process = peers.start(project, "memory", port)
    async with running(process, f"{url}/status") as rasa, aiohttp.ClientSession() as session:
        yield load.rasa_talk(url, session), rasa.pid


def _engine_talk(workers: RasaWorkers) -> load.Talk:
    async def talk(result: load.Result) -> None:
        conversation, state = uuid4().hex, ""
        for number, text in enumerate(load.TEXTS):
            began = perf_counter()
            turn = await workers.turn(Ask(conversation, "bench", f"seq:{number}", "zh", text, state=state))
            result.waits.append(perf_counter() - began)
            state = turn.state
            result.lost += not turn.messages

    return talk


def show(report: dict[str, Any]) -> None:
    """Print the report as a table and its ratio."""
    names = list(report["kefu"])
    table = Table("", *names)
    for system in ("kefu", "rasa_lean"):
        table.add_row(system, *(str(report[system][name]) for name in names))
    out = Console()
    out.print(table)
    out.print(
        f"turns per second and core: {report['ratio_turns_per_core']} times vanilla's"
        f" ({report['ratio_lowest']} to {report['ratio_highest']}, {report['runs']} runs)"
    )
