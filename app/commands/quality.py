"""`kefu quality …` and `kefu bench quality`."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from app.config import ROOT
from benchmarks import quality as measured
from quality_check.adapters.files import read_conversations
from quality_check.rules.document import Rule, read_rubric
from quality_check.rules.engine import Engine, score
from quality_check.rules.source import Problem

SHOP = ROOT / "data" / "rubrics" / "shop.yml"
quality = typer.Typer(no_args_is_help=True, help="Inspection by rules.")


@quality.callback()
def about() -> None:
    """Inspection by rules (docs/quality.md)."""


@quality.command("check")
def check(
    rubric: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="rules in YAML")],
    conversations: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="JSON lines, may be gzipped")],
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object a conversation")] = False,
) -> None:
    """Every hit with its turn and span; what cannot be read is named on stderr, and the rest goes on."""
    engine = Engine(_rules(rubric))
    refused = False
    for one in read_conversations(conversations):
        if isinstance(one, Problem):
            refused = True
            typer.echo(str(one), err=True)
            continue
        hits = engine.inspect(one)
        if as_json:
            told = {"conversation": one.id, "score": score(hits), "hits": [asdict(hit) for hit in hits]}
            typer.echo(json.dumps(told, ensure_ascii=False))
            continue
        for hit in hits:
            shown = "; ".join(f"turn {p.turn} [{p.start}:{p.end}] {p.quote}" for p in hit.places)
            typer.echo(f"{one.id}\t{hit.rule}\t{hit.score:+g}\t{shown}")
    if refused:
        raise typer.Exit(1)


def eval_quality(
    labels: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="conversations with the rules that apply")],
    rubric: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="rules in YAML")] = SHOP,
    as_json: Annotated[bool, typer.Option("--json", help="print JSON alone")] = False,
) -> None:
    """Precision, recall and F1 of each rule, where `hits` of a conversation lists the rules that should hit."""
    engine = Engine(_rules(rubric))
    judged: list[tuple[set[str], set[str]]] = []
    for one in read_conversations(labels):
        if isinstance(one, Problem):
            typer.echo(str(one), err=True)
        elif one.expected is None:
            typer.echo(f"{labels}: {one.id}: hits: a list of rule ids is missing", err=True)
        else:
            judged.append((set(one.expected), {hit.rule for hit in engine.inspect(one)}))
    told = {id: measured.agreement([(id in right, id in hit) for right, hit in judged]) for id in engine.rules}
    if as_json:
        typer.echo(json.dumps({"conversations": len(judged), "rules": told}, indent=1))
        return
    for id, figures in told.items():
        typer.echo(f"{id}\t" + "\t".join(f"{name} {value:g}" for name, value in figures.items()))


def _rules(path: Path) -> list[Rule]:
    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise typer.BadParameter(f"{path} is not UTF-8: {error}") from error
    rules, problems = read_rubric(text, str(path))
    for problem in problems:
        typer.echo(str(problem), err=True)
    if not rules:
        raise typer.Exit(1)
    return rules


def bench_quality(as_json: Annotated[bool, typer.Option("--json", help="print JSON alone")] = False) -> None:
    """The engine's speed on one core, beside a plain loop over the same rules."""
    report = measured.measure(_rules(SHOP))
    if as_json:
        typer.echo(json.dumps(report, indent=1))
        return
    for name, value in report.items():
        typer.echo(f"{name}: {value:g}")
