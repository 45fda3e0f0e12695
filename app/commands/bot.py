"""`kefu bot …`: the bot's model and what it learns from."""

import subprocess
import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from app.config import ROOT, Settings
from app.engine import ENGINE, PYTHON, engine_command
from bot.adapters.files import read_files
from bot.rules.corpus import Corpus, read_corpus

TRAINING = ROOT / "data" / "training"
bot = typer.Typer(no_args_is_help=True, help="The bot's model.")
out = Console()


@bot.command("check")
def check(folder: Annotated[Path, typer.Argument(exists=True, file_okay=False)] = TRAINING) -> None:
    """Read the training files strictly; what is wrong is named with file and line."""
    corpus = _checked(folder)
    out.print(f"{len(corpus.examples)} examples of {len(corpus.intents)} intents, nothing is wrong")


@bot.command("train")
def train() -> None:
    """Train the bot's model from data/training; a running house takes it over by itself."""
    _checked(TRAINING)
    target = Settings().model_path().resolve()
    target.parent.mkdir(parents=True, exist_ok=True)
    words = ("train", "--data", str(TRAINING), "--config", str(ENGINE / "config.yml"))
    with tempfile.TemporaryDirectory(dir=target.parent) as out_dir:
        _engine(*words, "--out", out_dir, "--fixed-name", "model")
        Path(out_dir, "model.tar.gz").replace(target)
    out.print(f"the model is in {target}")


@bot.command("shell")
def shell() -> None:
    """Talk to the bot on the terminal, without the house."""
    _engine("shell", "--model", str(Settings().model_path().resolve()))


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


def _engine(*words: str) -> None:
    if not PYTHON.exists():
        raise fail("the engine is not installed; run `make up` or `python3 scripts/bootstrap.py engine`")
    done = subprocess.run(engine_command(*words), cwd=ENGINE, check=False)
    if done.returncode:
        raise typer.Exit(done.returncode)


def fail(message: str) -> typer.Exit:
    """Say why, and leave with 1."""
    typer.echo(message, err=True)
    return typer.Exit(1)
