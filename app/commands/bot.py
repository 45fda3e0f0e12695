"""`kefu bot …`: the bot's model and what it learns from."""

import asyncio
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from app.commands.terminal import AsJson, fail, out, tell
from app.config import Settings
from app.engine import ENGINE, PYTHON, engine_command
from app.migrations import upgrade
from app.wiring.ground import open_log
from app.wiring.training import TRAINING, open_school
from benchmarks import swap
from bot.adapters.files import read_files
from bot.rules.corpus import Corpus, read_corpus
from bot.service.training import NotNow, Training, TrainingFailed
from bot.store.versions import Version

TOLD_EVERY: Final = 0.5
STAGES: Final = {"": "getting ready", "train": "training", "measure": "measuring", "rehearse": "playing conversations"}
bot = typer.Typer(no_args_is_help=True, add_completion=False)


@bot.command("check")
def check(folder: Annotated[Path, typer.Argument(exists=True, file_okay=False)] = TRAINING) -> None:
    """Read the training files strictly; what is wrong is named with file and line."""
    corpus = _checked(folder)
    out.print(f"{len(corpus.examples)} examples of {len(corpus.intents)} intents, nothing is wrong")


@bot.command("train")
def train(
    force: Annotated[bool, typer.Option(help="put it to work without comparing it with the working one")] = False,
) -> None:
    """Make a model from data/training and what people have taught; it is put to work when it is not worse than the
    working one. A running house takes it over by itself."""
    _checked(TRAINING)
    if not PYTHON.exists():
        raise fail("the engine is not installed; run `make up` or `python3 scripts/bootstrap.py engine`")
    settings = Settings()
    settings.var.mkdir(parents=True, exist_ok=True)
    try:
        made = asyncio.run(_train(settings, compare=not force))
    except (NotNow, TrainingFailed) as error:
        raise fail(str(error)) from None
    if made.state != "running":
        raise fail(f"version {made.number} is not put to work: {made.error or 'it is worse than the working one'}")
    out.print(f"version {made.number} works: {settings.model_path().resolve()}")


async def _train(settings: Settings, *, compare: bool) -> Version:
    """The version as it is in the end; a worse one is put to work when somebody at the terminal says so."""
    await upgrade(settings.database())
    async with open_log(settings) as log, open_school(log, settings) as school:
        made = await _made(school.training, await school.training.start("", compare=compare))
        if made.figures:
            out.print(_compared(made.figures))
        worse = made.state == "refused" and sys.stdin.isatty()
        if worse and await asyncio.to_thread(typer.confirm, "It is worse. Put it to work all the same?"):
            await school.training.put_to_work(made.number, "", worse_too=True)
            made = await _now(school.training, made)
        return made


async def _made(training: Training, version: Version) -> Version:
    """Show how far it is until it is done."""
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(STAGES[""], total=None)
        while version.state == "making":
            total = 100 if version.stage == "rehearse" else None
            progress.update(task, description=STAGES[version.stage], total=total, completed=version.share)
            await asyncio.sleep(TOLD_EVERY)
            version = await _now(training, version)
    await training.finish()
    return await _now(training, version)


async def _now(training: Training, version: Version) -> Version:
    return next(one for one in await training.all() if one.number == version.number)


def _compared(figures: Mapping[str, Any]) -> Table:
    table = Table("measured", "of", "working", "new", "")
    for name in ("understanding", "dialogues"):
        pair = figures[name]
        before = "" if pair["before"] is None else f"{pair['before']:.4f}"
        verdict = "worse" if name in figures["worse"] else ""
        table.add_row(name, str(pair["count"]), before, f"{pair['after']:.4f}", verdict)
    return table


@bot.command("shell")
def shell() -> None:
    """Talk to the bot on the terminal, without the house."""
    if not PYTHON.exists():
        raise fail("the engine is not installed; run `make up` or `python3 scripts/bootstrap.py engine`")
    words = engine_command("shell", "--model", str(Settings().model_path().resolve()))
    raise typer.Exit(subprocess.run(words, cwd=ENGINE, check=False).returncode)


def bench_swap(
    as_json: AsJson = False,
    customers: Annotated[int, typer.Option(min=1, help="who write again as soon as they have an answer")] = 8,
    workers: Annotated[int, typer.Option(min=1, help="engine workers")] = 2,
) -> None:
    """Conversations while the model is exchanged twice: turns dropped, doubled, apologised for; on a fresh SQLite."""
    report = asyncio.run(swap.bench(Settings().model_path().resolve(), customers, workers))
    tell(report, as_json, swap.show)
    if report["unanswered"] or report["doubled"] or report["apologies"]:
        raise fail("turns were dropped or doubled")


def _checked(folder: Path) -> Corpus:
    """Exits with the list of problems when there is one."""
    try:
        corpus, problems = read_corpus(read_files(folder))
    except ValueError as error:
        raise fail(str(error)) from None
    for problem in problems:
        typer.echo(str(problem), err=True)
    if problems or not corpus.examples:
        raise fail(f"{folder} is not trained from: {len(problems)} problems, {len(corpus.examples)} examples")
    return corpus
