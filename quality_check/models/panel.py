"""All models over one conversation: marks on its messages, readings of the whole."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from quality_check.models.tasks import TASKS
from quality_check.models.text import Matrix, TextModel, count
from quality_check.rules.view import Mark, Place, Reading, Turn

LAST: Final = 3  # messages that tell how a conversation ended
SHOWN: Final = 3  # messages quoted for a reading


class Panel:
    """The models a house has; with none, nothing is marked."""

    def __init__(self, models: Iterable[TextModel]) -> None:
        self.models: Final = tuple(sorted(models, key=lambda model: model.task.name))

    def mark(self, turns: Sequence[Turn], asked: Collection[str] = TASKS) -> list[Turn]:
        """The same messages with what each model that is asked for says of them."""
        wanted = [model for model in self.models if model.task.name in asked]
        chances = _chances(wanted, turns)
        marked = list(turns)
        for model in wanted:
            for place, row in chances[model.task.name].items():
                best = int(row.argmax())
                mark = Mark(model.task.name, model.labels[best], round(float(row[best]), 4))
                marked[place] = replace(marked[place], marks=(*marked[place].marks, mark))
        return marked

    def read(self, turns: Sequence[Turn]) -> tuple[Reading, ...]:
        """What each model makes of the whole, where somebody it reads has spoken."""
        chances = _chances(self.models, turns)
        return tuple(
            _whole(model, turns, chances[model.task.name]) for model in self.models if chances[model.task.name]
        )

    def digests(self, asked: Collection[str]) -> str:
        """What tells these models from others that were trained otherwise."""
        return "/".join(model.digest for model in self.models if model.task.name in asked)


NOBODY: Final = Panel(())


def _chances(models: Sequence[TextModel], turns: Sequence[Turn]) -> Mapping[str, Mapping[int, Matrix]]:
    """Task, then place of the message: a probability for each label."""
    counted = count([turn.text for turn in turns]) if models else None
    found: dict[str, dict[int, Matrix]] = {}
    for model in models:
        heard = [place for place, turn in enumerate(turns) if turn.role in model.task.of]
        assert counted
        rows = model.probabilities(counted if len(heard) == len(turns) else counted.rows(heard))
        found[model.task.name] = dict(zip(heard, rows, strict=True))
    return found


def _whole(model: TextModel, turns: Sequence[Turn], chances: Mapping[int, Matrix]) -> Reading:
    """The mean of the last messages, or the one that is most surely of the worst label."""
    if model.task.whole == "end":
        row = np.mean(list(chances.values())[-LAST:], axis=0)
    else:
        row = max(chances.values(), key=lambda one: float(one[0]))
    best = int(row.argmax())
    shown = sorted(chances, key=lambda place: (-float(chances[place][best]), place))[:SHOWN]
    agreeing = [place for place in sorted(shown) if int(chances[place].argmax()) == best]
    places = tuple(Place(place + 1, 0, len(turns[place].text), turns[place].text) for place in agreeing)
    return Reading(model.task.name, model.labels[best], round(float(row[best]), 4), places)
