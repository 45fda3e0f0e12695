"""`kefu quality run`: the whole store inspected once more."""

import asyncio
import os
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from enum import StrEnum
from time import perf_counter
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, TextColumn, TimeRemainingColumn

from app.commands.terminal import AsJson, fail, tell
from app.config import Settings
from app.inspecting import Outcome
from app.rerun import Run, rules_of
from quality_check.adapters.crews import Crew, dask, processes


class Engine(StrEnum):
    """Where the work is done."""

    PROCESSES = "processes"
    DASK = "dask"


def run(
    since: Annotated[datetime | None, typer.Option(help="only what ended since then, UTC")] = None,
    rubric: Annotated[str, typer.Option(help="a version's number, or a file; the active version without")] = "",
    engine: Annotated[Engine, typer.Option(help="this machine's cores, or a Dask cluster")] = Engine.PROCESSES,
    workers: Annotated[int, typer.Option(min=0, max=256, help="0 is one per core")] = 0,
    cluster: Annotated[str, typer.Option(help="a Dask scheduler's address; a cluster on this machine without")] = "",
    as_json: AsJson = False,
) -> None:
    """Inspect every ended conversation by a version of the rubric; old scores stay, and a cut-off run goes on."""
    settings, began = Settings(), perf_counter()
    number = workers or os.cpu_count() or 1
    try:
        rules = asyncio.run(rules_of(settings, rubric))
        wanted = Run(settings, rules, since.replace(tzinfo=UTC) if since else None)
        with _crew(engine, number, cluster) as crew:
            told = _go(wanted, crew)
    except ImportError:
        raise fail("--engine dask needs the package `distributed`") from None
    except (OSError, LookupError, ValueError) as error:
        raise fail(str(error)) from None
    told |= {"rubric": rules.rubric.version, "card": rules.card.version, "engine": engine.value, "workers": number}
    told["seconds"] = round(perf_counter() - began, 2)
    tell(told, as_json, _show)


def _show(told: dict[str, Any]) -> None:
    typer.echo("{inspected} inspected, {before} done before, {left_out} left out, {seconds} s".format(**told))


def _crew(engine: Engine, workers: int, cluster: str) -> AbstractContextManager[Crew]:
    return processes(workers) if engine is Engine.PROCESSES else dask(workers, cluster)


def _go(wanted: Run, crew: Crew) -> dict[str, Any]:
    """The run with a bar; Ctrl-C keeps what is done."""
    counted = {"inspected": 0, "before": 0, "left_out": 0}
    with Progress(*bars("inspecting"), console=Console(stderr=True)) as bar:
        line = bar.add_task("", total=asyncio.run(wanted.count()))

        def seen(outcome: Outcome) -> None:
            counted["inspected"] += len(outcome.fresh)
            counted["before"] += outcome.before
            counted["left_out"] += outcome.left_out
            bar.advance(line, outcome.seen)

        asyncio.run(wanted.go(crew, seen))
        bar.update(line, completed=bar.tasks[0].total)
    return {**counted}


def bars(name: str) -> tuple[ProgressColumn, ...]:
    """How long work is shown: a bar, how many of how many, and the time that is left."""
    return TextColumn(name), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
