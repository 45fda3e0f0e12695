"""Trained models as files, one a task: NAME.npz in a folder."""

from pathlib import Path
from typing import Final

from quality_check.models.panel import Panel
from quality_check.models.text import TextModel, Unlearnable, from_bytes

SUFFIX: Final = ".npz"


def save_model(folder: Path, model: TextModel) -> Path:
    """Written beside and then renamed, so that a reader never sees half a file. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / (model.task.name + SUFFIX)
    fresh = target.with_suffix(".part")
    fresh.write_bytes(model.to_bytes())
    fresh.replace(target)
    return target


def load_models(folder: Path) -> Panel:
    """All that are there, none when there is no folder. Raises OSError, and Unlearnable with the file's name."""
    return Panel(load_model(path) for path in sorted(folder.glob(f"*{SUFFIX}")))


def load_model(path: Path) -> TextModel:
    """One of them. Raises OSError, and Unlearnable with the file's name."""
    try:
        return from_bytes(path.read_bytes())
    except Unlearnable as error:
        raise Unlearnable(f"{path}: {error}") from error
