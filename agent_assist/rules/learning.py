"""All models from conversations and from what became of suggestions."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from agent_assist.rules.actions import ActionModel, learn_actions, signs
from agent_assist.rules.dialogue import Dialogue, agent_moments, answers_of
from agent_assist.rules.models import Models
from agent_assist.rules.replies import FEWEST, learn_replies
from agent_assist.rules.waiting import learn_waiting
from agent_assist.rules.worth import Scale
from conversation.events import Suggested, SuggestionSettled

TRUSTED: Final = 20.0  # suggestions' worth of trust in the old scale
EDGE: Final = 0.02

Settled = tuple[Suggested, SuggestionSettled]


def learn(dialogues: Sequence[Dialogue], scale: Scale, settled: Iterable[Settled], trained: str) -> Models:
    """What the conversations allow: what is too little to learn from stays None."""
    talks = [answers_of(one) for one in dialogues]
    return Models(
        learn_replies(talks) if sum(map(len, talks)) >= FEWEST else None,
        learn_waiting(dialogues),
        learn_acts(dialogues),
        rescaled(scale, settled),
        trained,
    )


def learn_acts(dialogues: Iterable[Dialogue]) -> ActionModel | None:
    """What agents did; None when they did not do two different things."""
    acted = [(signs(moment), turn.action) for one in dialogues for moment, turn in agent_moments(one) if turn.action]
    return learn_actions(acted) if len({action for _, action in acted}) > 1 else None


def rescaled(scale: Scale, settled: Iterable[Settled]) -> Scale:
    """The scale, with each source moved to how often its suggestions were really used.

    A source counts as used when the agent sent one of its suggestions, changed or not: of several that are shown at
    once only one can be sent, so its likeliest stands for all. The old scale weighs as much as TRUSTED of them, so that
    a few do not turn it over.
    """
    told, used, many = defaultdict[str, float](float), defaultdict[str, float](float), defaultdict[str, int](int)
    for suggested, outcome in settled:
        best = dict[str, float]()
        for one in suggested.suggestions:
            best[one.source] = max(one.score, best.get(one.source, 0.0))
        for source, score in best.items():
            told[source] += score
            many[source] += 1
        if outcome.number >= 0:
            used[suggested.suggestions[outcome.number].source] += 1
    moved: Mapping[str, float] = {
        source: scale.source.get(source, 0.0) + _shift(told[source] / count, used[source], count)
        for source, count in many.items()
    }
    return replace(scale, source={**scale.source, **moved})


def _shift(told: float, used: float, count: int) -> float:
    seen = (used + TRUSTED * told) / (count + TRUSTED)
    return _logit(seen) - _logit(told)


def _logit(share: float) -> float:
    share = min(max(share, EDGE), 1 - EDGE)
    return math.log(share / (1 - share))
