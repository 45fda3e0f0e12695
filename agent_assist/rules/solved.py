"""Conversations like this one that ended well, as cards: what was asked there, and how it was solved."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from agent_assist.ports import Line
from agent_assist.rules.dialogue import Moment
from agent_assist.rules.repertoire import Match
from language import pii

ANSWERS: Final = 4  # of a conversation that are told
LONGEST: Final = 600
NUMBERED: Final = re.compile(r"\d{5,}")


def whole(moment: Moment) -> Moment:
    """All that the customer said, as one question: cards are of conversations, not of one turn."""
    return replace(moment, asked=f"{moment.asked} {moment.earlier}".strip())


def cards(
    matches: Iterable[Match], conversation_of: Mapping[str, str], told: Mapping[str, Sequence[tuple[str, str]]]
) -> list[Match]:
    """One for each conversation, as its best match.

    `conversation_of` names the conversation of a past answer by its ref where it ended well, `told` its (all that was
    asked until then, what was answered) in order. What was answered once is a past answer and makes no card.
    """
    found: dict[str, Match] = {}
    for match in matches:
        id = conversation_of.get(match.line.ref, "")
        answers = list(dict.fromkeys(answer for _, answer in told.get(id, ())))
        if id in found or len(answers) < 2:
            continue
        line = Line(
            "similar",
            id,
            "\n".join(answers[:ANSWERS])[:LONGEST],
            match.line.trigger,
            match.line.language,
            NUMBERED.sub("*", pii.mask(told[id][0][0]))[:LONGEST],
        )
        found[id] = replace(match, line=line)
    return list(found.values())
