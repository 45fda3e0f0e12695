"""Is there anything worth suggesting, and which of it? Silence is better than noise."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from agent_assist.rules.dialogue import Moment
from agent_assist.rules.repertoire import Match
from agent_assist.rules.topic import is_small_talk
from agent_assist.rules.waiting import Waiting
from language.fold import fold

MOST: Final = 3
CARDS: Final = frozenset({"article", "similar"})  # to read rather than to send
MOST_CARDS: Final = 2
WORTH_A_CARD: Final = 0.5
WORTH: Final = 0.35  # how likely to be used a suggestion must be
GROUNDED: Final = 0.2  # what shares less with what was asked is a guess, however well it ranks
CERTAIN: Final = 0.02  # nothing is surer than this


@dataclass(frozen=True, slots=True)
class Scale:
    """Weights that turn a match into the likelihood of being used: logistic over words, model and source."""

    offset: float = -2.2
    words: float = 3.0
    model: float = 2.5
    source: Mapping[str, float] = field(default_factory=dict)

    def likely(self, match: Match) -> float:
        """0 to 1; 0 where next to nothing of what was asked is in what the line answers."""
        if match.words < GROUNDED:
            return 0.0
        total = self.offset + self.words * match.words + self.model * max(match.model, 0.0)
        return _share(total + self.source.get(match.line.source, 0.0))

    def moved(self, source: str, likely: float) -> float:
        """What a source says of itself (0 to 1), moved to how often it is really used."""
        likely = min(max(likely, CERTAIN), 1 - CERTAIN)
        return _share(math.log(likely / (1 - likely)) + self.source.get(source, 0.0))


def _share(logit: float) -> float:
    return 1 / (1 + math.exp(-logit))


def is_quiet(moment: Moment, waiting: Waiting | None) -> bool:
    """Is nothing to be suggested? What was learned says when the house's own agents do not answer, or not yet; before
    anything was learned small talk needs no answer."""
    if waiting is None:
        return is_small_talk(moment.asked)
    return waiting.chance(moment) >= waiting.least


def worthwhile(matches: Iterable[tuple[Match, float]], least: float = WORTH) -> Sequence[tuple[Match, float]]:
    """The likeliest few replies, then the likeliest cards, which take longer to read and must be surer; none when none
    is likely enough. Of two with the same words the likelier counts."""
    chosen: dict[str, tuple[Match, float]] = {}
    for match, likely in sorted(matches, key=lambda one: -one[1]):
        if likely >= least:
            chosen.setdefault(fold(match.line.text).strip(), (match, likely))
    replies = [one for one in chosen.values() if one[0].line.source not in CARDS]
    cards = [one for one in chosen.values() if one[0].line.source in CARDS and one[1] >= WORTH_A_CARD]
    return [*replies[:MOST], *cards[:MOST_CARDS]]
