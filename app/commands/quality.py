"""`kefu quality …` and `kefu bench quality`."""

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated, Any

import typer

from app.commands.quality_models import ModelsOption, TaskOption, eval_models, models_in, show_models, train
from app.commands.quality_rules import adopt
from app.commands.quality_run import run
from app.commands.terminal import AsJson, tell
from app.config import ROOT
from benchmarks import quality as measured
from benchmarks.quality_store import measure_stored
from quality_check.adapters.files import read_conversations
from quality_check.rules.document import Rule, read_rubric
from quality_check.rules.engine import Engine, score
from quality_check.rules.source import Problem
from quality_check.rules.view import Conversation, Hit

SHOP = ROOT / "data" / "rubrics" / "shop.yml"
quality = typer.Typer(no_args_is_help=True, add_completion=False)


@quality.callback()
def about() -> None:
    """Inspection by rules (docs/quality.md)."""


quality.command("train")(train)
quality.command("run")(run)
quality.command("adopt")(adopt)


@quality.command("check")
def check(
    rubric: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="rules in YAML")],
    conversations: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="JSON lines, may be gzipped")],
    models: ModelsOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object a conversation")] = False,
) -> None:
    """Every hit with its turn and span; what cannot be read is named on stderr, and the rest goes on."""
    rules, refused = _rules(rubric)
    inspect = _inspector(rules, models)
    for one in read_conversations(conversations):
        if isinstance(one, Problem):
            refused = True
            typer.echo(str(one), err=True)
            continue
        hits = inspect(one)
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
    labels: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="labelled data, docs/evaluation.md")],
    rubric: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="rules in YAML")] = SHOP,
    task: TaskOption = None,
    train: Annotated[list[Path] | None, typer.Option(exists=True, dir_okay=False, help="train on this first")] = None,
    models: ModelsOption = None,
    as_json: AsJson = False,
) -> None:
    """Each rule against the `hits` people gave a conversation, each model against people's labels of its messages."""
    report = {**_eval_rules(labels, rubric, models), **eval_models(labels, task, train or [], models)}
    if not report:
        typer.echo(f"{labels}: neither hits of rules nor labels of models are in it (docs/evaluation.md)", err=True)
        raise typer.Exit(1)
    tell(report, as_json, _show)


def _show(report: dict[str, Any]) -> None:
    for id, figures in report.get("rules", {}).items():
        typer.echo(f"{id}\t" + "\t".join(f"{name} {value:g}" for name, value in figures.items()))
    show_models(report.get("models", {}))


def _eval_rules(labels: Path, rubric: Path, models: Path | None) -> dict[str, Any]:
    """Nothing when no line carries hits; then the file is about models."""
    read = list(read_conversations(labels))
    judged = [one for one in read if not isinstance(one, Problem) and one.expected is not None]
    if not judged:
        return {}
    rules, _ = _rules(rubric)
    for problem in _unlabelled(read, str(labels), {rule.id for rule in rules}):
        typer.echo(str(problem), err=True)
    inspect = _inspector(rules, models)
    found = [(set(one.expected or ()), {hit.rule for hit in inspect(one)}) for one in judged]
    told = {one.id: measured.agreement([(one.id in right, one.id in hit) for right, hit in found]) for one in rules}
    return {"conversations": len(judged), "rules": told}


def _unlabelled(read: Sequence[Conversation | Problem], file: str, rules: Collection[str]) -> Iterator[Problem]:
    """The lines that cannot be measured, and the labels of rules that the rubric has not."""
    for one in read:
        if isinstance(one, Problem):
            yield one
        elif one.expected is None:
            yield Problem(file, one.line, "hits", "a list of rule ids is missing")
        elif unknown := sorted(set(one.expected) - set(rules)):
            yield Problem(file, one.line, "hits", f"the rubric has no rule {', '.join(unknown)}")


def _inspector(rules: Sequence[Rule], folder: Path | None) -> Callable[[Conversation], list[Hit]]:
    """The engine, and the models that its rules ask; those that are missing are named."""
    engine = Engine(rules)
    if silent := sorted(engine.unjudged({})):
        typer.echo(f"no language model is asked here, so these do not hit: {', '.join(silent)}", err=True)
    if not engine.models:
        return engine.inspect
    panel = models_in(folder)
    if missing := engine.models - {model.task.name for model in panel.models}:
        typer.echo(f"no model of {', '.join(sorted(missing))}: what rules ask it does not hit", err=True)
    return lambda one: engine.inspect(replace(one, turns=tuple(panel.mark(one.turns, engine.models))))


def _rules(path: Path) -> tuple[list[Rule], bool]:
    """The good ones, and were others refused? What is wrong is named on stderr."""
    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise typer.BadParameter(f"{path} is not UTF-8: {error}") from error
    rules, problems = read_rubric(text, str(path))
    for problem in problems:
        typer.echo(str(problem), err=True)
    if not rules:
        raise typer.Exit(1)
    return rules, bool(problems)


def bench_quality(
    as_json: AsJson = False,
    conversations: Annotated[int, typer.Option(min=1, help="of 20 turns, made for this")] = 1500,
    stored: Annotated[
        int, typer.Option(min=0, help="so many in a log, through `kefu quality run`, on 1 and 2 cores")
    ] = 0,
) -> None:
    """The engine's speed on one core, beside plain loops over the same rules; with --stored the whole way."""
    report = measured.measure(_rules(SHOP)[0], conversations)
    if stored:
        report |= measure_stored(stored)
    tell(report, as_json)
