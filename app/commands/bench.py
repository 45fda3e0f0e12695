"""`kefu bench …`: speed and memory."""

import asyncio
import subprocess
import sys
from pathlib import Path
from time import monotonic
from typing import Annotated

import typer

from app.commands.assist import bench_assist
from app.commands.bot import bench_swap
from app.commands.desk import bench_desk, bench_floor
from app.commands.knowledge import bench_knowledge
from app.commands.quality import bench_quality
from app.commands.terminal import AsJson, tell
from app.config import Settings
from benchmarks import chat, gateway, turns

bench = typer.Typer(no_args_is_help=True, add_completion=False)


@bench.command("chat")
def bench_chat(
    as_json: AsJson = False,
    at_once: Annotated[str, typer.Option(help="conversations at once, by comma")] = "1,8,32,128",
    runs: Annotated[int, typer.Option(min=1)] = 3,
    peers: Annotated[str, typer.Option(help="of lean, default")] = "lean,default",
    stores: Annotated[str, typer.Option(help="of memory, sql")] = "memory,sql",
) -> None:
    """Messages per second through the whole house, beside vanilla Rasa."""
    numbers = [int(number) for number in at_once.split(",")]
    chosen = [name for name in peers.split(",") if name], [name for name in stores.split(",") if name]
    report = asyncio.run(chat.bench(Settings().model_path().resolve(), numbers, runs, *chosen))
    tell(report, as_json, chat.show)


@bench.command("engine")
def bench_engine(
    as_json: AsJson = False,
    runs: Annotated[int, typer.Option(min=1)] = 3,
) -> None:
    """What a turn costs inside a worker, beside vanilla Rasa."""
    report = asyncio.run(turns.bench(Settings().model_path().resolve(), runs))
    tell(report, as_json, turns.show)


@bench.command("gateway")
def bench_gateway(
    as_json: AsJson = False,
    widgets: Annotated[int, typer.Option(min=2, help="open at once, on one process")] = 2000,
    per_second: Annotated[int, typer.Option(min=1, help="messages a second, evenly paced")] = 1000,
    seconds: Annotated[float, typer.Option(min=1.0)] = 10.0,
    runs: Annotated[int, typer.Option(min=1)] = 3,
) -> None:
    """Memory of open widgets, and the time from one side's send to the other side's receive, without a bot."""
    report = asyncio.run(gateway.bench(widgets, per_second, seconds, runs))
    tell(report, as_json)
    if not as_json and report["lost"]:
        sys.exit("messages were lost")


bench.command("desk")(bench_desk)
bench.command("floor")(bench_floor)
bench.command("assist")(bench_assist)
bench.command("quality")(bench_quality)
bench.command("knowledge")(bench_knowledge)
bench.command("swap")(bench_swap)


@bench.command("all")
def bench_all() -> None:
    """Each of the others, one after the other; what they measured is kept as JSON in var/bench."""
    folder, failed, began = Settings().var / "bench", list[str](), monotonic()
    folder.mkdir(parents=True, exist_ok=True)
    for name in [str(command.name) for command in bench.registered_commands if command.name != "all"]:
        started = monotonic()
        done = subprocess.run(
            [Path(sys.executable).with_name("kefu"), "bench", name, "--json"], stdout=subprocess.PIPE, check=False
        )
        if done.returncode:
            failed.append(name)
            continue
        (folder / f"{name}.json").write_bytes(done.stdout)
        typer.echo(f"{name}: {monotonic() - started:.0f} s, {folder / name}.json\n{done.stdout.decode().rstrip()}")
    typer.echo(f"all in {monotonic() - began:.0f} s")
    if failed:
        sys.exit(f"these failed: {', '.join(failed)}")
