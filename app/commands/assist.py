"""`kefu assist …`, `kefu eval assist`, `kefu eval summary` and `kefu bench assist`."""

import asyncio
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from agent_assist.adapters.files import read_cases, read_dialogues
from app.commands.terminal import AsJson, tell
from app.config import Settings
from app.wiring.ground import open_log

# The numeric libraries are imported by the commands that need them: no other command should wait for them.

File = typer.Option(exists=True, dir_okay=False, help="conversations as JSON lines, may be gzipped (docs/assist.md)")
assist = typer.Typer(no_args_is_help=True, add_completion=False)


@assist.callback()
def about() -> None:
    """Help for agents (docs/assist.md)."""


@assist.command("train")
def train(
    as_json: AsJson = False,
    force: Annotated[bool, typer.Option(help="keep it even when the old model does better")] = False,
) -> None:
    """Learn from the log's conversations; a running house takes the model over by itself."""
    from agent_assist.service.training import Trained
    from agent_assist.service.training import train as learn
    from app.wiring.assist import model_file

    settings = Settings()
    file = model_file(settings)

    async def work() -> Trained:
        async with open_log(settings) as log:
            return await learn(log, file.rival())

    trained = asyncio.run(work())
    kept = trained.kept or force
    if kept:
        file.write(trained.models)
    told = {"conversations": trained.conversations, "mrr_before": trained.before, "mrr_after": trained.after}
    learned = {name: getattr(trained.models, name) is not None for name in ("replies", "waiting", "actions")}
    tell({**told, "kept": kept, "learned": learned, "sources": dict(trained.models.scale.source)}, as_json)
    if not kept:
        raise typer.Exit(1)


def eval_assist(train: Annotated[Path, File], test: Annotated[Path, File], as_json: AsJson = False) -> None:
    """Reply recall among 100 candidates beside BM25, silence, the next action and speed: learned here, asked there."""
    from benchmarks.assist import measure

    try:
        report = measure(read_dialogues(train), read_dialogues(test))
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    tell(report, as_json)


def eval_summary(cases: Annotated[Path, File], as_json: AsJson = False) -> None:
    """ROUGE-1, 2 and L of summaries by role, beside the first three and the longest three turns."""
    from benchmarks.assist import measure_summaries

    try:
        report = measure_summaries(read_cases(cases))
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    tell(report, as_json)


def bench_assist(
    as_json: AsJson = False,
    answers: Annotated[int, typer.Option(min=100, help="past answers in memory")] = 100_000,
    passages: Annotated[int, typer.Option(min=1, help="passages of the library")] = 20_000,
    turns: Annotated[int, typer.Option(min=10, help="customers' turns that are answered")] = 500,
) -> None:
    """The time of one suggestion on one thread, and what 200 conversations at once cost everybody else."""
    from benchmarks.assist import bench

    with tempfile.TemporaryDirectory() as folder:
        tell(bench(answers, passages, turns, Path(folder)), as_json)
