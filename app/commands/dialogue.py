"""`kefu eval dialogue`: what comes of scripted conversations with the bot."""

import asyncio
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from app.commands.terminal import AsJson, fail, out, tell
from app.config import Settings
from app.rehearsal import read_goods, rehearse
from app.wiring.shop import GOODS
from bot.adapters.files import read_files
from bot.rules.cases import Case, Played, figures, missed, off_script, read_cases


def eval_dialogue(
    cases: Annotated[Path, typer.Option(exists=True, help="YAML or JSON lines, plain or gzipped, or a folder of them")],
    model: Annotated[Path | None, typer.Option(help="by default the one that is served")] = None,
    shop: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="the goods of the shop")] = GOODS,
    as_json: AsJson = False,
) -> None:
    """Task success, turns, containment and handoffs of scripted conversations, with the demo shop itself."""
    try:
        found, problems = read_cases(read_files(cases))
        goods = read_goods(shop)
    except (ValueError, OSError) as error:
        raise fail(str(error), 2) from None
    for problem in problems:
        typer.echo(str(problem), err=True)
    if problems or not found:
        raise fail(f"{cases}: {len(problems)} problems, {len(found)} dialogues", 2)
    target = (model or Settings().model_path()).resolve()
    if not target.exists():
        raise fail(f"there is no model at {target}; train one first", 2)
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("dialogues", total=len(found))
        results = asyncio.run(rehearse(target, found, goods, lambda n: progress.update(task, completed=n)))
    tell(told(results), as_json, show)


def told(results: list[tuple[Case, Played]]) -> dict[str, Any]:
    """The figures, and what went otherwise than it should."""
    wrong = [
        {"dialogue": case.dialogue, "missed": missed(case, played), "off_script": off_script(case, played)}
        for case, played in results
        if missed(case, played) or off_script(case, played)
    ]
    return {**figures(results), "wrong": wrong}


def show(report: dict[str, Any]) -> None:
    """Print what `told` tells, to people."""
    table = Table("figure", "value")
    for name, value in report.items():
        if name != "wrong":
            table.add_row(name, f"{value:g}")
    out.print(table)
    for one in report["wrong"]:
        typer.echo(f"{one['dialogue']}: " + "; ".join([*one["missed"], *one["off_script"]]))
