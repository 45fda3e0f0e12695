"""What a conversation was about, in its own sentences: nothing is said that nobody said."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from agent_assist.rules.dialogue import Role, Turn
from agent_assist.rules.space import SMALLEST, Vocabulary
from agent_assist.rules.telling import asks, tells
from agent_assist.rules.terms import terms
from language.sentences import sentences

READ: Final = 300  # sentences, the first and the last half, of a conversation however long
DAMPING: Final = 0.85
ALIKE: Final = 0.6  # of two sentences that say the same one is enough
TERMS: Final = 5000
PROMISES: Final = (
    *("会在", "稍后", "之内", "以内", "小时内", "天内", "工作日", "尽快", "回复您", "联系您", "通知您", "跟进"),
    *("will ", "within ", "as soon as", "get back to you", "let you know", "business days", "working days"),
)
DUE: Final = ("天内", "小时内", "之内", "以内", "工作日", "within ", "business days", "working days")
POLICY: Final = re.compile(r"可以|均可|支持|\b(?:can|may)\b", re.I)
NUMBER: Final = re.compile(r"\d")
FULL: Final = 12  # terms of a sentence that says enough by itself
EARLY: Final = 0.5  # how much it counts that a customer's sentence comes first: there they say what it is about
CONCRETE: Final = 0.3  # that staff name a number: a day, a sum, an order
PROMISED: Final = 0.3  # that they say what will be done
ASKED: Final = 0.5  # against what they only ask
MANY: Final[Mapping[str, tuple[int, int]]] = {"customer": (2, 0), "agent": (0, 3), "overall": (1, 3)}


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: who said it and the number of the turn."""

    role: Role
    turn: int
    text: str


@dataclass(frozen=True, slots=True)
class Summary:
    """Situation (what the customer wanted), action (what was done or said), resolution (how it ended) and what is
    left to do; "" when nothing tells."""

    situation: str = ""
    action: str = ""
    resolution: str = ""
    follow_up: str = ""


def split(turns: Sequence[Turn]) -> list[Sentence]:
    """Sentences that tell something, in order; what systems answered left out."""
    found = [
        Sentence(turn.role, number, span.of(turn.text))
        for number, turn in enumerate(turns)
        if turn.role != "tool"
        for span in sentences(turn.text)
        if tells(turn.role, span.of(turn.text))
    ]
    return found if len(found) <= READ else [*found[: READ // 2], *found[-READ // 2 :]]


def weights(found: Sequence[Sentence]) -> list[float]:
    """How central each sentence is: LexRank (Erkan and Radev 2004) over cosines, damped for sentences of few terms."""
    documents = [terms(one.text) for one in found]
    rows = Vocabulary.learn(documents, at_least=1, at_most=TERMS).matrix(documents)
    alike = np.asarray((rows @ rows.T).todense())
    np.fill_diagonal(alike, 0)
    steps = alike / np.maximum(alike.sum(1, keepdims=True), SMALLEST)
    central = np.full(len(found), 1 / max(len(found), 1))
    for _ in range(30):
        central = (1 - DAMPING) / len(found) + DAMPING * (steps.T @ central)
    fullness = np.array([min(1.0, len(set(one)) / FULL) for one in documents])
    return [float(one) for one in central / max(central.max(initial=0), SMALLEST) * (0.3 + 0.7 * fullness)]


def extract(turns: Sequence[Turn], many: int, roles: Sequence[Role]) -> list[Sentence]:
    """The `many` sentences of these roles that tell most, in order, no two alike."""
    found = split(turns)
    if not found:
        return []
    last = max(one.turn for one in found) or 1
    score = [weight + _signs(one, last) for weight, one in zip(weights(found), found, strict=True)]
    order = sorted((place for place, one in enumerate(found) if one.role in roles), key=lambda place: -score[place])
    chosen: list[int] = []
    for place in order:
        if len(chosen) < many and all(_overlap(found[place], found[other]) < ALIKE for other in chosen):
            chosen.append(place)
    return [found[place] for place in sorted(chosen)]


def gist(turns: Sequence[Turn], role: str) -> list[Sentence]:
    """What a summary of one side, or overall, says: so many of the customer's sentences and of the staff's, in order.

    The bot speaks for the staff where no agent did.
    """
    wishes, answers = MANY[role]
    told = extract(turns, wishes, ("customer",)) if wishes else []
    told += (extract(turns, answers, ("agent",)) or extract(turns, answers, ("bot",))) if answers else []
    return sorted(told, key=lambda one: one.turn)


def _signs(one: Sentence, last: int) -> float:
    """What tells beside being central: of customers the place, of staff cues (Edmundson 1969)."""
    if one.role == "customer":
        return EARLY * (1 - one.turn / last)
    text = one.text.lower()
    told = CONCRETE if NUMBER.search(text) else 0.0
    told += PROMISED if any(word in text for word in PROMISES) else 0.0
    return told - (ASKED if asks(text) else 0.0)


def _overlap(one: Sentence, other: Sentence) -> float:
    a, b = set(terms(one.text)), set(terms(other.text))
    return len(a & b) / max(min(len(a), len(b)), 1)


def summarise(turns: Sequence[Turn], language: str) -> Summary:
    """By sections: the customer's telling sentences; the agent's (the bot's when there was none), without what is only
    asked, and without the promise unless that is all; the last word of either, where it is not among these; and what
    was promised."""
    spoken = [one for one in split(turns) if one.role in ("agent", "bot")]
    promised = _last(spoken, _is_promise)
    told = [one for one in gist(turns, "agent") if not asks(one.text)]
    action = [one for one in told if one.text != promised] or told
    last = _last(spoken, lambda one: one.text != promised)
    return Summary(
        _joined(gist(turns, "customer"), language),
        _joined(action, language),
        "" if any(one.text == last for one in action) else last,
        promised,
    )


def _is_promise(one: Sentence) -> bool:
    """Is something to be done? What anybody can have within so many days is a rule of the house."""
    text = one.text.lower()
    return any(word in text and not (word in DUE and POLICY.search(text)) for word in PROMISES)


def _joined(found: Sequence[Sentence], language: str) -> str:
    """One after the other, each ended by a sign."""
    stop, space = ("。", "") if language == "zh" else (".", " ")
    texts = [one.text.rstrip(" ，、；：,;:") for one in found]
    return space.join(text if text[-1:] in "。！？.!?" else text + stop for text in texts)


def _last(found: Sequence[Sentence], fits: Callable[[Sentence], bool]) -> str:
    return next((one.text for one in reversed(found) if fits(one)), "")
