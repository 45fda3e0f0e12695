"""What agents keep saying, and with good success: a canned reply for all, or a question of the library, if a person
agrees."""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np

from agent_assist.rules.space import Vocabulary
from agent_assist.rules.terms import terms
from agent_assist.rules.topic import CLAUSE, PERSON, is_small_talk
from language import pii

NUMBERED: Final = re.compile(r"\d{3,}")
QUESTION: Final = re.compile(
    r"[?？]|吗|么|呢|多久|多少|几|哪|谁|能不能|可不可以|是否|\b(?:how|what|when|where|which|who|why|can|could|do|does|is|are)\b",
    re.I,
)
SAME: Final = 0.75  # cosine of answers that say the same
ALIKE: Final = 0.2  # mean cosine of questions that ask the same
OFTEN: Final = 3  # times before something is proposed as a canned reply
AGAIN: Final = 2  # conversations with the same question before it is proposed for the library
SHORTEST: Final = 8  # characters worth keeping
SHORTEST_QUESTION: Final = 5
LONGEST_QUESTION: Final = 200
TERMS: Final = 20_000


@dataclass(frozen=True, slots=True)
class Said:
    """An answer and what was asked."""

    conversation: str
    agent: str
    asked: str
    reply: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """`question` is "" for a canned reply; said `times` times by so many `agents`."""

    kind: Literal["canned", "faq"]
    question: str
    text: str
    times: int
    agents: int


def proposed(said: Sequence[Said], known: Collection[str], refused: Collection[str] = ()) -> list[Proposal]:
    """The most often said first. The same answer to the same question belongs to the library, the same to different
    ones is a canned reply; what is `known` as one is left out, and what says the same as something `refused`."""
    found = []
    for group in _groups([one for one in said if len(one.reply) >= SHORTEST]):
        if any(one.reply in refused for one in group):
            continue
        times, agents = len(group), len({one.agent for one in group})
        text = Counter(one.reply for one in group).most_common(1)[0][0]
        question = _question(group)
        if question:
            found.append(Proposal("faq", question, text, times, agents))
        elif times >= OFTEN and text not in known:
            found.append(Proposal("canned", "", text, times, agents))
    return sorted(found, key=lambda one: -one.times)


def _groups(said: Sequence[Said]) -> list[list[Said]]:
    """Answers that say the same: each joins the most often given answer that is close enough."""
    texts = [text for text, _ in Counter(one.reply for one in said).most_common()]
    close = _cosines(texts) >= SAME
    leader = [int(np.argmax(row[: place + 1])) if row[: place + 1].any() else place for place, row in enumerate(close)]
    groups: dict[int, list[Said]] = {}
    places = {text: place for place, text in enumerate(texts)}
    for one in said:
        groups.setdefault(leader[places[one.reply]], []).append(one)
    return list(groups.values())


def _question(group: Sequence[Said]) -> str:
    """The most central of the group's questions, when they ask the same; else ""."""
    asked = list({one.conversation: one.asked for one in group if _is_general(one.asked)}.values())
    if len(asked) < AGAIN:
        return ""
    alike = _cosines(asked)
    central = (alike.sum(1) - 1) / (len(asked) - 1)
    if central.mean() < ALIKE:
        return ""
    return asked[int(central.argmax())]


def _is_general(asked: str) -> bool:
    """Is it a question that anybody could ask: one at all, without numbers or addresses, that goes on from nothing
    ("Thanks. And if ...") and asks for nobody?"""
    clauses = [one.strip() for one in CLAUSE.split(asked) if one.strip()]
    if not clauses or is_small_talk(clauses[0]) or any(map(PERSON.fullmatch, clauses)):
        return False
    fits = SHORTEST_QUESTION <= len(asked) <= LONGEST_QUESTION and QUESTION.search(asked)
    return bool(fits) and not (is_small_talk(asked) or NUMBERED.search(asked) or pii.find(asked))


def _cosines(texts: Sequence[str]) -> Any:
    documents = [terms(text) for text in texts]
    rows = Vocabulary.learn(documents, at_least=1, at_most=TERMS).matrix(documents)
    return np.asarray((rows @ rows.T).todense())
