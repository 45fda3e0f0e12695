"""Which messages people should look at, and which of them are alike; pure."""

from collections.abc import Iterator, Sequence
from typing import Final, Literal

from rapidfuzz.fuzz import partial_ratio, ratio

from bot.rules.corpus import same
from conversation.events import BotReplied, Event, MessageReceived

Why = Literal["not_understood", "unsure", "several", "handed_off", "unhelpful", "low_rating", "quality"]
SURE: Final = 0.5
SURE_APART: Final = 0.8  # of every part of a message that was taken for several wishes
LOW: Final = 2  # a rating of 1 or 2
ALIKE: Final = 62.0  # of 100, by edit distance without regard to spelling variants
PART: Final = 6  # characters from which on the shorter text may also resemble a part of the longer one
PART_ALIKE: Final = 75.0
NOT_UNDERSTOOD: Final = frozenset({"action_clarify", "library"})


def why_unclear(reply: BotReplied) -> Why | None:
    """Was the bot unsure of the message it answered? What fills a form is no intent to be sure of."""
    if NOT_UNDERSTOOD & set(reply.actions) and reply.intent:
        return "not_understood"
    if reply.parts and min(part.confidence for part in reply.parts) < SURE_APART:
        return "several"
    in_a_form = any(action.endswith("_form") for action in reply.actions)
    return "unsure" if reply.intent and reply.confidence < SURE and not in_a_form else None


def last_said(events: Sequence[Event], skip: int = 0) -> Event | None:
    """The customer's latest message in words among the events; the last but `skip`."""
    said = [e for e in events if isinstance(e.fact, MessageReceived) and e.fact.text and not e.fact.choice]
    return said[-1 - skip] if len(said) > skip else None


def clusters(texts: Sequence[str]) -> list[list[int]]:
    """Places of texts that are alike, the largest group first.

    Each text joins the first group whose first text it resembles (leader clustering, one pass).
    """
    plain = [same(text) for text in texts]
    found: list[list[int]] = []
    for place, text in enumerate(plain):
        for group in found:
            if _alike(text, plain[group[0]]):
                group.append(place)
                break
        else:
            found.append([place])
    return sorted(found, key=len, reverse=True)


def _alike(one: str, other: str) -> bool:
    if ratio(one, other) >= ALIKE:
        return True
    return min(len(one), len(other)) >= PART and partial_ratio(one, other) >= PART_ALIKE


def as_yaml(examples: Sequence[tuple[str, str]]) -> str:
    """(text, intent) pairs as a training file of Rasa's."""
    return "\n".join(['version: "3.1"', "", "nlu:", *_entries(examples)]) + "\n"


def _entries(examples: Sequence[tuple[str, str]]) -> Iterator[str]:
    for intent in sorted({intent for _, intent in examples}):
        yield f"- intent: {intent}\n  examples: |"
        yield from (f"    - {' '.join(text.split())}" for text, of in examples if of == intent)
