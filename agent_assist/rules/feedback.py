"""What became of a suggestion."""

from collections.abc import Sequence
from typing import Final

from rapidfuzz.distance import Levenshtein

from conversation.events import AgentReplied, Suggested, SuggestionJudged, SuggestionSettled
from language.fold import fold

SAME: Final = 0.02
EDITED: Final = 0.5  # a reply that shares less than this with every suggestion was written without them


def settle(
    seq: int, suggested: Suggested, judged: Sequence[SuggestionJudged], reply: int, said: AgentReplied, seconds: float
) -> SuggestionSettled:
    """Whether the reply is one of the suggestions at `seq`, one that was changed, or none of them.

    What the agent picked counts as edited however much was changed; else the closest one counts when it is close.
    """
    distances = [distance(one.text, said.text) for one in suggested.suggestions]
    picked = [one.number for one in judged if one.suggested == seq and one.verdict == "picked"]
    number = picked[-1] if picked else min(range(len(distances)), key=distances.__getitem__)
    changed = distances[number]
    if not picked and changed > EDITED:
        number, outcome, changed = -1, "ignored", 1.0
    else:
        outcome = "used" if changed <= SAME else "edited"
    return SuggestionSettled(said.agent, seq, reply, number, outcome, round(changed, 3), round(seconds, 1))


def distance(suggestion: str, reply: str) -> float:
    """Levenshtein's edit distance over the longer text's length: 0 is the same, 1 shares nothing."""
    return Levenshtein.normalized_distance(fold(suggestion).strip(), fold(reply).strip())
