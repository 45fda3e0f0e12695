"""`kefu eval assist` and what else agent assist does on the command line."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from agent_assist.adapters.files import read_dialogues
from language.lines import BadLine

File = typer.Option(exists=True, dir_okay=False, help="conversations as JSON lines, may be gzipped (docs/assist.md)")


def eval_assist(
    train: Annotated[Path, File],
    test: Annotated[Path, File],
    as_json: Annotated[bool, typer.Option("--json", help="print JSON alone")] = False,
) -> None:
    """Reply recall among 100 candidates beside BM25, and the next action, learned from one file, asked on the other."""
    from benchmarks import assist  # it brings the numeric libraries, which no other command should wait for

    try:
        report = assist.measure(read_dialogues(train), read_dialogues(test))
    except (BadLine, ValueError) as error:
        raise typer.BadParameter(str(error)) from error
    tell(report, as_json)


def tell(report: dict[str, Any], as_json: bool, name: str = "") -> None:
    """Print a report, as JSON or line by line."""
    if as_json:
        typer.echo(json.dumps(report, indent=1, ensure_ascii=False))
        return
    for key, value in report.items():
        if isinstance(value, dict):
            tell(value, False, f"{name}{key} ")
        else:
            typer.echo(f"{name}{key}: {value:.4g}" if isinstance(value, float) else f"{name}{key}: {value}")
