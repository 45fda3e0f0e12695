"""`kefu eval nlu`, `kefu eval entities`, `kefu eval several`."""

import json
import os
import subprocess
import tempfile
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.table import Table

from app.commands.terminal import AsJson, out, tell
from app.config import ROOT
from app.engine import ENGINE, PYTHON, engine_command

OWN = ROOT / "data" / "training" / "nlu"
ENTITIES = ROOT / "data" / "evaluation" / "entities.jsonl"
SEVERAL = ROOT / "data" / "evaluation" / "several.jsonl"
PERCENT: Final = {
    "accuracy": "accuracy",
    "macro_f1": "macro F1",
    "taken_apart": "taken for several wishes",
    "in_scope_accuracy": "accuracy in scope, nothing refused",
    "in_scope_refused": "refused in scope",
    "answered_accuracy": "accuracy of what was not refused",
    "calibration_error": "expected calibration error",
    "wrong_auroc": "AUROC of confidence, right against wrong",
    "oos_auroc": "out of scope: AUROC",
    "oos_precision": "out of scope: precision",
    "oos_recall": "out of scope: recall",
    "oos_f1": "out of scope: F1",
    "language_accuracy": "language",
    "spread": "standard deviation over the folds",
}
COST: Final = {
    "train_seconds": "training, s",
    "train_cpu_seconds": "training, CPU s",
    "train_peak_mb": "training, peak memory, MB",
    "model_kb": "model, kB",
    "parse_cpu_p50_ms": "a message, CPU ms p50",
    "parse_p50_ms": "a message, ms p50",
    "parse_p99_ms": "a message, ms p99",
    "parse_resident_mb": "memory when asked, MB",
}


class Pipeline(StrEnum):
    """What is trained: the product's own pipeline, or Rasa's default."""

    KEFU = "kefu"
    DIET = "diet"


def eval_nlu(
    train: Annotated[Path, typer.Option(exists=True, help='JSON lines of {"text", "intent"}, may be gzipped')] = OWN,
    test: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="the same form; never trained on")
    ] = None,
    valid: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help="chooses one more threshold")] = None,
    pipeline: Annotated[
        Pipeline, typer.Option(help="kefu: what the product runs; diet: Rasa's default")
    ] = Pipeline.KEFU,
    epochs: Annotated[int, typer.Option(min=1, help="of DIET")] = 100,
    cross: Annotated[
        bool, typer.Option("--cross-validate", help="on the train file, the bot's own by default")
    ] = False,
    folds: Annotated[int, typer.Option(min=2, max=20)] = 5,
    slips: Annotated[bool, typer.Option("--slips", help="the test once more, a slip in every message")] = False,
    picture: Annotated[
        Path | None, typer.Option(dir_okay=False, writable=True, help="a PNG of what is taken for what")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """How well messages are understood: train on one file, measure on another (docs/evaluation.md)."""
    if cross == (test is not None):
        raise typer.BadParameter("give --test FILE, or --cross-validate without one")
    if picture and not os.access(picture.resolve().parent, os.W_OK):
        raise typer.BadParameter(f"nothing can be written in {picture.resolve().parent}", param_hint="--picture")
    words = ["--train", str(train.resolve()), "--pipeline", pipeline, "--epochs", str(epochs)]
    for name, path in (("--test", test), ("--valid", valid), ("--picture", picture)):
        words += [name, str(path.resolve())] if path else []
    words += ["--folds", str(folds)] if cross else []
    words += ["--slips"] if slips and test else []
    report = _asked(words)
    tell(report, as_json, _show)


def eval_entities(
    test: Annotated[
        Path, typer.Option(exists=True, dir_okay=False, help='JSON lines of {"text", "today", "entities"}')
    ] = ENTITIES,
    train: Annotated[
        Path, typer.Option(exists=True, file_okay=False, help="Rasa's files with patterns and lists")
    ] = OWN,
    as_json: AsJson = False,
) -> None:
    """How well numbers, days, amounts and products are found (docs/evaluation.md)."""
    report = _asked(["--measure", "entities", "--train", str(train.resolve()), "--test", str(test.resolve())])
    tell(report, as_json, _show_entities)


def _show_entities(report: dict[str, Any]) -> None:
    table = Table("", "precision", "recall", "F1", "in the file", title=f"{report['sentences']} sentences")
    for name, kind in (*report["kinds"].items(), ("all", report)):
        table.add_row(name, *(f"{kind[key]:.3f}" for key in ("precision", "recall", "f1")), str(kind["support"]))
    out.print(table)
    out.print(f"{report['exact']:.3f} of the sentences have all of theirs and nothing else")
    for one in report["wrong"]:
        out.print(f"  {one['text']}: missed {one['missed']}, invented {one['invented']}", highlight=False, markup=False)


def eval_several(
    test: Annotated[
        Path, typer.Option(exists=True, dir_okay=False, help='JSON lines of {"text", "intents"}')
    ] = SEVERAL,
    train: Annotated[Path, typer.Option(exists=True, help="as of eval nlu")] = OWN,
    as_json: AsJson = False,
) -> None:
    """How well messages with several wishes are taken apart, and how seldom those with one (docs/evaluation.md)."""
    report = _asked(["--measure", "several", "--train", str(train.resolve()), "--test", str(test.resolve())])
    tell(report, as_json, _show_several)


def _show_several(report: dict[str, Any]) -> None:
    table = Table("wishes", "messages", "taken apart", "all right, in order", "wishes found")
    for name in ("several", "single"):
        shares = [f"{report[name][key]:.3f}" for key in ("taken_apart", "exact", "recall")]
        table.add_row(name, str(report[name]["messages"]), *shares)
    out.print(table)
    _tell_unknown(report)
    for one in report["wrong"]:
        out.print(f"  {one['text']}: {one['intents']} taken for {one['found']}", highlight=False, markup=False)


def _asked(words: list[str]) -> dict[str, Any]:
    """The engine's report."""
    if not PYTHON.exists():
        raise typer.BadParameter("the engine is not installed; run `python3 scripts/bootstrap.py engine`")
    with tempfile.TemporaryDirectory(prefix="kefu-eval-") as folder:
        target = Path(folder, "report.json")
        command = engine_command("eval", *words, "--report", str(target))
        done = subprocess.run(command, cwd=ENGINE, stdout=subprocess.DEVNULL, check=False)
        if done.returncode:
            raise typer.Exit(done.returncode)
        report: dict[str, Any] = json.loads(target.read_text("utf-8"))
    return report


def _tell_unknown(report: dict[str, Any]) -> None:
    if unknown := report["test_examples_of_unknown_intents"]:
        out.print(f"{unknown} test messages are of intents that the train file does not have; they count as wrong")


def _show(report: dict[str, Any]) -> None:
    table = Table(title=f"{report['pipeline']}, {report['test_examples']} messages", show_header=False)
    for names, form in ((PERCENT, "{:.3f}"), (COST, "{:,.2f}")):
        for key, label in names.items():
            if report.get(key) is not None:
                table.add_row(label, form.format(report[key]))
        table.add_section()
    for key, value in report.get("with_slips", {}).items():
        table.add_row(f"with a slip in every message: {PERCENT[key]}", f"{value:.3f}")
    for key, value in report.get("at_valid_threshold", {}).items():
        table.add_row(f"at the threshold from --valid: {key}", f"{value:.3f}" if value is not None else "–")
    out.print(table)
    _tell_unknown(report)
    if report.get("train_texts_under_several_intents"):
        out.print(f"{report['train_texts_under_several_intents']} train texts stand under several intents")
    for one in report["confusions"][:10]:
        out.print(f"  {one['times']:>3} × {one['intent']} taken for {one['taken_for']}", highlight=False)
