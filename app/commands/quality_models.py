"""`kefu quality train`, and the models' half of `kefu eval quality`."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from time import process_time
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from app.commands.terminal import fail, out
from app.config import ROOT, Settings
from quality_check.adapters.labels import read_labels
from quality_check.adapters.models import load_models, save_model
from quality_check.models.panel import Panel
from quality_check.models.tasks import TASKS, Example, Name, Task
from quality_check.models.text import TextModel, Unlearnable, count
from quality_check.rules.source import Problem

SEEDS: Final = ROOT / "data" / "quality"
TaskOption = Annotated[Name | None, typer.Option(help="what `label` labels; or which alone")]
ModelsOption = Annotated[Path | None, typer.Option(file_okay=False, help="trained models; those in var when not given")]


def train(
    labels: Annotated[
        list[Path] | None, typer.Option(exists=True, dir_okay=False, help="labelled data; the house's own without")
    ] = None,
    task: TaskOption = None,
    models: ModelsOption = None,
) -> None:
    """Train mood, complaint, satisfaction and offensive words, whichever the data labels, and show held-out figures."""
    found = _read(labels or sorted(SEEDS.glob("*.jsonl")), task, strict=True)
    if not found:
        raise fail("nothing in it labels mood, complaint, satisfaction or offensive words (docs/evaluation.md)")
    folder = models or Settings().models_path()
    made = []
    for name, examples in track(found.items(), "training", console=Console(stderr=True)):
        made.append(_learn(TASKS[name], examples))
        save_model(folder, made[-1])
    show_models({one.task.name: one.held_out for one in made})
    typer.echo(f"figures are of five-fold cross-validation; the models are in {folder}")


def eval_models(labels: Path, task: Name | None, train: Sequence[Path], models: Path | None) -> dict[str, Any]:
    """Figures of each model whose labels are in the file; with `train` of models made from that alone."""
    found = _read([labels], task, strict=False)
    if not found:
        return {}
    taught = _read(train, task, strict=True)
    told = {}
    for name, examples in found.items():
        began = process_time()
        model = _learn(TASKS[name], taught.get(name, [])) if train else _load(name, models)
        learned, began = process_time() - began, process_time()
        told[name] = _measure(model, examples)
        told[name]["message_cpu_ms"] = round(1000 * (process_time() - began) / len(examples), 4)
        if train:
            told[name] |= {"trained_on": len(taught[name]), "train_cpu_seconds": round(learned, 2)}
    return {"models": told}


def show_models(told: dict[str, Any]) -> None:
    """Tables for people."""
    for name, one in told.items():
        table = Table("", "F1", "precision", "recall", "AUROC", "examples", title=name)
        for label, each in one["labels"].items():
            auroc = "" if each["auroc"] is None else f"{each['auroc']:.3f}"
            numbers = [f"{each[key]:.3f}" for key in ("f1", "precision", "recall")]
            table.add_row(label, *numbers, auroc, str(each["support"]))
        out.print(table)
        whole = "accuracy {accuracy:.3f} (majority {majority_accuracy:.3f}), macro F1 {macro_f1:.3f}, kappa {kappa:.3f}"
        typer.echo(whole.format(**one) + f", expected calibration error {one['calibration_error']:.3f}\n")


def _measure(model: TextModel, examples: Sequence[Example]) -> dict[str, Any]:
    from quality_check.models.figures import figures  # scikit-learn takes a second that other commands need not wait

    said = model.probabilities(count([one.text for one in examples]))
    return asdict(figures([one.label for one in examples], model.labels, said))


def _read(paths: Iterable[Path], task: Name | None, strict: bool) -> dict[str, list[Example]]:
    try:
        found, problems = read_labels(list(paths), TASKS[task] if task else None)
    except OSError as error:
        raise fail(str(error)) from None
    _tell(problems if strict or found else [])
    return found


def _tell(problems: Sequence[Problem], shown: int = 20) -> None:
    for problem in problems[:shown]:
        typer.echo(str(problem), err=True)
    if len(problems) > shown:
        typer.echo(f"and {len(problems) - shown} more like these", err=True)


def _learn(task: Task, examples: Sequence[Example]) -> TextModel:
    from quality_check.models.training import train as learn  # as above

    try:
        return learn(task, examples)
    except Unlearnable as error:
        raise fail(str(error)) from None


def models_in(folder: Path | None) -> Panel:
    """The models of a folder, by default the house's."""
    try:
        return load_models(folder or Settings().models_path())
    except (Unlearnable, OSError) as error:
        raise fail(str(error)) from None


def _load(name: str, folder: Path | None) -> TextModel:
    kept = {model.task.name: model for model in models_in(folder).models}
    if name not in kept:
        raise fail(f"there is no model of {name}; run `kefu quality train`, or give --train FILE")
    return kept[name]
