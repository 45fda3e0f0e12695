"""A text of rules or of a scorecard before it counts: what is in it, and what is wrong with it."""

from functools import lru_cache
from typing import Any

from quality_check.rules.blocks import blocks, failed, lines
from quality_check.rules.document import read_rubric
from quality_check.rules.scorecard import read_scorecard
from quality_check.rules.source import Problem

SHOWN = {"id", "name", "section", "severity", "score", "each", "fatal", "run"}


@lru_cache(maxsize=8)
def listed(text: str) -> list[dict[str, Any]]:
    """Each rule of a rubric in short, with its own YAML and the line it begins on."""
    own, begins = blocks(text), lines(text)
    return [
        {
            **rule.model_dump(include=SHOWN),
            "examples": len(rule.hits) + len(rule.misses),
            "text": own[rule.id],
            "line": begins[rule.id],
        }
        for rule in read_rubric(text, "rubric")[0]
    ]


def wrong_with_rubric(text: str) -> list[Problem]:
    """What cannot be read; if all can, the examples that come out otherwise than they say."""
    rules, problems = read_rubric(text, "rubric")
    if problems:
        return problems
    begins = lines(text)
    reason = "this example comes out otherwise"
    return [
        Problem("rubric", begins[rule.id], f"{rule.id}.{example}", reason) for rule in rules for example in failed(rule)
    ]


def wrong_with_card(text: str, rubric: str) -> list[Problem]:
    """What cannot be read, and rules it asks about that the rubric does not have."""
    known = {rule.id for rule in read_rubric(rubric, "rubric")[0]}
    return read_scorecard(text, "card", known)[1]
