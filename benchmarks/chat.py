"""`kefu bench chat`: end to end through the widget's socket, beside `rasa run`."""

import asyncio
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, Final

import aiohttp
import psutil
from rich.console import Console
from rich.table import Table

from app.config import ROOT
from app.engine import EnginePool, engine_command
from benchmarks import load, peers
from benchmarks.serving import free_port, kefu, postgres, running
from bot.adapters.rasa import RasaWorkers
from bot.ports import Ask

MESSAGES: Final = 600
PEER_MESSAGES: Final = 200
Rounds = dict[int, list[load.Result]]

err = Console(stderr=True)


async def bench(model: Path, at_once: Sequence[int], runs: int, pipelines: Sequence[str], stores: Sequence[str]) -> Any:
    """Measure the house and its peers in one run; gives the report as plain values."""
    report: dict[str, Any] = {"cores": os.cpu_count(), "runs": runs}
    ours, report["first_answer_seconds"] = await _house(model, at_once, runs)
    report["kefu_sqlite"] = _told(ours)
    on_postgres = await _on_postgres(model, at_once, runs)
    report["kefu_postgres"] = _told(on_postgres)
    every = [result for rounds in (ours, on_postgres) for results in rounds.values() for result in results]
    report["lost"], report["doubled"] = sum(one.lost for one in every), sum(one.doubled for one in every)
    report |= await _lengths(model)
    measured: dict[str, Rounds] = {}
    for pipeline in pipelines:
        err.print(f"training the peer {pipeline}, unless it is kept …")
        project = await asyncio.to_thread(peers.generate, ROOT / "var" / "bench", pipeline)
        for store in stores:
            measured[f"{pipeline}_{store}"] = await _peer(project, store, at_once, runs)
            report[f"rasa_{pipeline}_{store}"] = _told(measured[f"{pipeline}_{store}"])
    for name, rounds in measured.items():
        if 32 in rounds:
            report[f"ratio_{name}_32"] = round(_rate(ours[32]) / _rate(rounds[32]), 2)
    if 128 in ours and 128 in measured.get("lean_sql", {}):
        report["p99_128_ratio"] = round(_p99(ours[128]) / _p99(measured["lean_sql"][128]), 3)
    return report


async def _house(model: Path, at_once: Sequence[int], runs: int, database: str = "") -> tuple[Rounds, float]:
    """The rounds, and the seconds from the start of the house to its first answer."""
    rounds: Rounds = {}
    with tempfile.TemporaryDirectory() as var:
        port = free_port()
        url, name = f"http://127.0.0.1:{port}", database.partition("+")[0] or "sqlite"
        began = perf_counter()
        process = kefu(var, port, KEFU_MODEL=str(model), KEFU_DATABASE_URL=database)
        async with running(process, f"{url}/health") as house, aiohttp.ClientSession() as session:
            talk = load.kefu_talk(url)
            first = await load.run(talk, 1, 10, house.pid)
            started = perf_counter() - began - sum(first.waits[1:])
            err.print(f"kefu on {name}: the first answer {started:.1f} s after the start")
            for number in at_once:
                for _ in range(runs):
                    result = await load.run(talk, number, MESSAGES, house.pid)
                    await load.audit(url, result, session)
                    rounds.setdefault(number, []).append(result)
                    err.print(f"kefu on {name}, {number} at once: {result.told()}")
    return rounds, round(started, 1)


async def _on_postgres(model: Path, at_once: Sequence[int], runs: int) -> Rounds:
    async with postgres() as url:
        rounds, _ = await _house(model, at_once, runs, url)
        return rounds


async def _peer(project: Path, store: str, at_once: Sequence[int], runs: int) -> Rounds:
    rounds: Rounds = {}
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    # Without a limit of its own: a customer who waits for a connection would look like a slow peer.
    asking = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
    async with running(peers.start(project, store, port), f"{url}/status") as rasa, asking as session:
        talk = load.rasa_talk(url, session)
        await load.run(talk, 1, 10, rasa.pid)
        for number in at_once:
            for _ in range(runs):
                result = await load.run(talk, number, PEER_MESSAGES, rasa.pid)
                rounds.setdefault(number, []).append(result)
                err.print(f"rasa {project.name.split('-')[0]} + {store}, {number} at once: {result.told()}")
    return rounds


async def _lengths(model: Path) -> dict[str, float]:
    """One worker, one conversation: latency (ms) of turns 1 to 10, 91 to 100 and 991 to 1000, and CPU per turn."""
    workers, waits = RasaWorkers(), []
    pool = EnginePool(workers, engine_command("serve"), model=model, count=1, shop_url="")
    pool.start()
    state = ""
    for turn in range(1000):
        began = perf_counter()
        text = load.TEXTS[turn % len(load.TEXTS)]
        state = (await workers.turn(Ask("bench", "k", f"seq:{turn}", "zh", text, state=state))).state
        waits.append((perf_counter() - began) * 1000)
    seconds = sum(psutil.Process(pool.pids[0]).cpu_times()[:2])
    await pool.stop()
    await workers.close()
    early, later, late = median(waits[1:11]), median(waits[90:100]), median(waits[990:])
    return {
        "turn_1_ms": round(early, 2),
        "turn_100_ms": round(later, 2),
        "turn_1000_ms": round(late, 2),
        "turn_1000_ratio": round(late / early, 2),
        "engine_cpu_ms": round(seconds / len(waits) * 1000, 2),
    }


def _rate(results: Sequence[load.Result]) -> float:
    return median(result.told()["messages_per_second"] for result in results)


def _p99(results: Sequence[load.Result]) -> float:
    return median(result.told()["p99_ms"] for result in results)


def _told(rounds: Rounds) -> dict[str, Any]:
    """Per number of conversations: the median of each figure, and the lowest and highest rate."""
    told = {}
    for number, results in rounds.items():
        figures = [result.told() for result in results]
        medians = {name: median(figure[name] for figure in figures) for name in figures[0]}
        rates = [figure["messages_per_second"] for figure in figures]
        told[str(number)] = {**medians, "lowest": min(rates), "highest": max(rates)}
    return told


def show(report: dict[str, Any]) -> None:
    """Print the report as a table and its ratios."""
    names = ("messages_per_second", "lowest", "highest", "p50_ms", "p95_ms", "p99_ms", "cpu_ms", "memory_mb")
    table = Table("", "at once", *names)
    for system, rounds in report.items():
        if isinstance(rounds, dict):
            for number, figures in rounds.items():
                table.add_row(system, number, *(str(figures[name]) for name in names))
    out = Console()
    out.print(table)
    for name, value in report.items():
        if not isinstance(value, dict):
            out.print(f"{name}: {value}")
