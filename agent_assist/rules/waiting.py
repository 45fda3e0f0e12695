"""Does the customer want an answer now, or go on writing first? Told by how they write, more than by what about."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from agent_assist.rules.actions import ActionModel, learn_actions
from agent_assist.rules.dialogue import Dialogue, Moment, customer_moments
from agent_assist.rules.terms import terms

ANSWER: Final = "answer"
WAIT: Final = "wait"
PATIENCE: Final = 1e-4  # caution about when to wait, which is told by less and is less sure
FOLDS: Final = 5
QUIET: Final = 0.5  # likelier than not nobody would answer yet
RIGHT: Final = 0.6  # so many of the silences must be right: a wrong one keeps an answer from an agent who needs it
FEWEST: Final = 50  # silences from which that can be said

ASKING: Final = re.compile(
    r"[?？吗么呢哪几]|怎么|什么|多久|能不能|可以|\b(?:how|what|when|where|why|can|could|is|do)\b", re.I
)
ASKED_FOR: Final = re.compile(r"[?？吗]|什么|提供|发|\b(?:please|send|provide|give)\b", re.I)
PARTING: Final = re.compile(r"再见|评价|祝您|感谢您|\b(?:bye|have a (?:nice|great|good)|thank you for)\b", re.I)
NO_WORDS: Final = re.compile(r"(?:\[[^\]]*\]|#\S*|[\W\d_])*")

Heard = tuple[Sequence[str], str]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Tells when an answer is not awaited; at a chance of `least` (0 to 1) nothing is suggested."""

    model: ActionModel
    least: float = QUIET

    def chance(self, moment: Moment) -> float:
        """That nobody would answer this message before the next one."""
        return _chance(self.model, pauses(moment))


def learn_waiting(dialogues: Sequence[Dialogue]) -> Waiting | None:
    """When customers are answered, and when they go on writing first or nothing is left to say; None when it is always
    the same. The bound is found on conversations that were not learned from."""
    talks = [
        [(pauses(moment), ANSWER if answered else WAIT) for moment, answered in customer_moments(one)]
        for one in dialogues
    ]
    if (model := _learned(talks)) is None:
        return None
    told = list[tuple[float, bool]]()
    for number in range(FOLDS):
        if tried := _learned([talk for place, talk in enumerate(talks) if place % FOLDS != number]):
            told += [(_chance(tried, found), name == WAIT) for talk in talks[number::FOLDS] for found, name in talk]
    return Waiting(model, bound(told))


def _learned(talks: Sequence[Sequence[Heard]]) -> ActionModel | None:
    heard = [one for talk in talks for one in talk]
    return learn_actions(heard, PATIENCE) if len({name for _, name in heard}) > 1 else None


def _chance(model: ActionModel, features: Sequence[str]) -> float:
    return dict(model.shares(features)).get(WAIT, 0.0)


def bound(told: Sequence[tuple[float, bool]]) -> float:
    """The least chance, not under QUIET, from which silences are right often enough; told are chances and whether
    nobody answered. With too few to say it is QUIET."""
    silences = sorted((one for one in told if one[0] >= QUIET), reverse=True)
    if len(silences) < FEWEST:
        return QUIET
    hits, least = 0, 1.0
    for count, (chance, true) in enumerate(silences, 1):
        hits += true
        if count < len(silences) and silences[count][0] == chance:
            continue  # they come and go together
        if count >= FEWEST and hits >= RIGHT * count:
            least = chance
    return least


def pauses(moment: Moment) -> list[str]:
    """What may tell whether an answer is awaited, as named features: the newest message, how many there were since the
    last answer and how many this customer mostly writes before one, and what the agent said last."""
    newest = moment.newest.strip()
    burst, asks = min(moment.burst, 4), bool(ASKING.search(newest))
    pace = str(min(round(2 * moment.heard / moment.nth), 8)) if moment.nth else "-"
    parting, wanted = bool(PARTING.search(moment.said)), bool(ASKED_FOR.search(moment.said))
    found = [f"newest:{term}" for term in terms(newest)]
    found += [f"ends:{newest[-1:]}", f"ends:{newest[-2:]}", f"begins:{newest[:2]}", f"long:{_size(newest)}"]
    found += [f"burst:{min(moment.burst, 6)}", f"pace:{pace}", f"pace:{pace}|{burst}", f"nth:{min(moment.nth, 10)}"]
    found += [f"asks:{asks}", f"asks:{asks}|{wanted}", f"asks:{asks}|{burst}", f"parting:{parting}"]
    return [*found, f"no words:{NO_WORDS.fullmatch(newest) is not None}", f"parting:{parting}|{newest[:1]}"]


def _size(text: str) -> int:
    return min(int(math.log2(len(text) + 1)), 7)
