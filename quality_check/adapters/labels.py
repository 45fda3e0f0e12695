"""Labelled messages from files of JSON lines, gzipped or not; the forms are in docs/evaluation.md."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from language.lines import lines
from quality_check.models.tasks import LEVELS, TASKS, Example, Task, label_of, rated
from quality_check.rules.source import Problem

GENERAL: Final = ("label", "intent")  # keys that say nothing of the task
SHORT: Final[Mapping[str, str]] = {"sat": "satisfaction"}


@dataclass(frozen=True, slots=True)
class Row:
    """A message: its line, its conversation, its words, and the object that carries its labels."""

    line: int
    group: str
    text: str
    told: Mapping[str, Any]


def read_labels(paths: Sequence[Path], asked: Task | None) -> tuple[dict[str, list[Example]], list[Problem]]:
    """Examples of each task, and what cannot be used. `asked` says what the general keys label, and leaves out others.

    Raises OSError.
    """
    found: dict[str, list[Example]] = {}
    problems: list[Problem] = []
    for path in paths:
        read = list(_rows(path))
        problems += [one for one in read if isinstance(one, Problem)]
        rows = [one for one in read if not isinstance(one, Problem)]
        five = _five_points(rows)
        for row in rows:
            for key, value in row.told.items():
                task = _task(key, value, asked)
                if task is None or value is None:
                    continue
                if label := _label(task, value, five):
                    found.setdefault(task.name, []).append(Example(row.text, label, row.group))
                else:
                    reason = f"{value!r} is no label of {task.name}: {', '.join(task.labels)}"
                    problems.append(Problem(str(path), row.line, key, reason))
    return found, problems


def _rows(path: Path) -> Iterator[Row | Problem]:
    for number, line in lines(path):
        try:
            yield from _parts(json.loads(line), f"{path.name}:{number}", number)
        except ValueError as error:
            yield Problem(str(path), number, "", str(error))


def _parts(row: Any, group: str, number: int) -> Iterable[Row]:
    """A message, or the messages of a conversation."""
    if not isinstance(row, dict):
        raise ValueError("a line is an object with text or turns")
    turns = row.get("turns", [row])
    if not isinstance(turns, list):
        raise ValueError("turns is not a list")
    parts: list[Row] = []
    for place, turn in enumerate(turns, 1):
        text = turn.get("text", turn.get("user")) if isinstance(turn, dict) else None
        if not isinstance(text, str):
            raise ValueError(f"turn {place}: text is not a string" if "turns" in row else "text is not a string")
        parts.append(Row(number, group, text, turn))
    return parts


def _task(key: str, value: Any, asked: Task | None) -> Task | None:
    """What a key labels: its own task, or for a general key the one asked for or else the one that has the label."""
    if key in GENERAL:
        return asked or next((task for task in TASKS.values() if value in task.labels), None)
    named = TASKS.get(SHORT.get(key, key))
    return named if named is None or asked in (None, named) else None


def _label(task: Task, value: Any, five: bool) -> str | None:
    points = value if isinstance(value, list) else [value]
    if task.name != "satisfaction" or not (five or isinstance(value, list)):
        return label_of(task, value)
    numbers = [float(one) for one in points if isinstance(one, int | float) and not isinstance(one, bool)]
    return rated(numbers) if numbers and len(numbers) == len(points) else label_of(task, value)


def _five_points(rows: Sequence[Row]) -> bool:
    """Does the file rate satisfaction from 1 to 5? Then some message has more than 2."""
    marks = [row.told.get("sat", row.told.get("satisfaction")) for row in rows]
    return any(isinstance(one, int | float) and one >= LEVELS for one in marks)
