"""All models over one conversation: marks on its messages, readings of the whole."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from quality_check.models.text import Matrix, TextModel, count
from quality_check.rules.view import Mark, Place, Reading, Turn

LAST: Final = 3  # messages that tell how a conversation ended
SHOWN: Final = 3  # messages quoted for a reading


class Panel:
    """The models a house has; with none, nothing is marked."""

    def __init__(self, models: Iterable[TextModel]) -> None:
        self.models: Final = tuple(sorted(models, key=lambda model: model.task.name))

    def mark(self, turns: Sequence[Turn]) -> list[Turn]:
        """The same messages with what each model says of them."""
        chances = self._chances(turns)
        marked = list(turns)
        for model in self.models:
            for place, row in chances[model.task.name].items():
                best = int(row.argmax())
                mark = Mark(model.task.name, model.labels[best], round(float(row[best]), 4))
                marked[place] = replace(marked[place], marks=(*marked[place].marks, mark))
        return marked

    def read(self, turns: Sequence[Turn]) -> tuple[Reading, ...]:
        """What each model makes of the whole, where somebody it reads has spoken."""
        chances = self._chances(turns)
        return tuple(
            _whole(model, turns, chances[model.task.name]) for model in self.models if chances[model.task.name]
        )

    def _chances(self, turns: Sequence[Turn]) -> Mapping[str, Mapping[int, Matrix]]:
        """Task, then place of the message: a probability for each label."""
        if not self.models or not turns:
            return {model.task.name: {} for model in self.models}
        counted = count([turn.text for turn in turns])
        found: dict[str, dict[int, Matrix]] = {}
        for model in self.models:
            heard = [place for place, turn in enumerate(turns) if turn.role in model.task.of]
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
