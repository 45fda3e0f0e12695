"""What the models tell apart, whose messages they read, and how a conversation's reading comes from its messages'."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

Name = Literal["satisfaction", "mood", "complaint", "offensive"]


@dataclass(frozen=True, slots=True)
class Task:
    """`labels` in order, worst first. `of` are whose messages count; `whole` is how they make up a conversation:
    the mean of the last few, or the worst of any.
    """

    name: Name
    labels: tuple[str, ...]
    of: frozenset[str]
    whole: Literal["end", "worst"]


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled message; `group` is its conversation, which is never split between training and held-out data."""

    text: str
    label: str
    group: str


CUSTOMER: Final = frozenset({"customer"})
STAFF: Final = frozenset({"agent", "bot"})
TASKS: Final[Mapping[str, Task]] = {
    task.name: task
    for task in (
        Task("satisfaction", ("dissatisfied", "neutral", "satisfied"), CUSTOMER, "end"),
        Task("mood", ("negative", "neutral", "positive"), CUSTOMER, "end"),
        Task("complaint", ("complaint", "none"), CUSTOMER, "worst"),
        Task("offensive", ("offensive", "clean"), CUSTOMER | STAFF, "worst"),
    )
}
LEVELS: Final = 3


def label_of(task: Task, value: Any) -> str | None:
    """The task's label for what a data set writes: the label itself, or true/1 and false/0 for a task of two.

    For a task of three a number is its place: 0, 1, 2. None for anything else.
    """
    if isinstance(value, str) and value in task.labels:
        return value
    if isinstance(value, bool | int) and 0 <= value < len(task.labels):
        return task.labels[value] if len(task.labels) == LEVELS else task.labels[1 - int(value)]
    return None


def rated(values: list[float]) -> str:
    """Satisfaction by several raters' points from 1 to 5: below, at or above three on average."""
    mean = sum(values) / len(values)
    dissatisfied, neutral, satisfied = TASKS["satisfaction"].labels
    return neutral if mean == LEVELS else satisfied if mean > LEVELS else dissatisfied
