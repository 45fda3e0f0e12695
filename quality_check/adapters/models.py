"""Trained models as files, one a task: NAME.npz in a folder."""

import logging
from pathlib import Path
from typing import Final

from quality_check.models.panel import NOBODY, Panel
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


class ModelFolder:
    """A folder's models for a house that runs: read again when a file has come, gone or changed.

    While a file is broken the models of before go on, and the file is named once in the log.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen: tuple[tuple[str, int, int], ...] = ()
        self._panel = NOBODY

    def __call__(self) -> Panel:
        """Those of now; the same object while nothing has changed."""
        if (now := self._files()) != self._seen:
            self._seen = now
            try:
                self._panel = load_models(self._folder)
            except (Unlearnable, OSError) as error:
                logging.getLogger(__name__).warning("quality goes on without new models: %s", error)
        return self._panel

    def _files(self) -> tuple[tuple[str, int, int], ...]:
        """Name, time and size of each."""
        found = []
        for path in sorted(self._folder.glob(f"*{SUFFIX}")):
            try:
                told = path.stat()
            except OSError:
                continue
            found.append((path.name, told.st_mtime_ns, told.st_size))
        return tuple(found)
