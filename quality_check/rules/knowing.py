"""What is known of a conversation besides its messages, from its facts as they come."""

from collections.abc import Iterable, Mapping
from typing import Final

from conversation.events import (
    AttributesSet,
    BotReplied,
    ConversationStarted,
    Event,
    Fact,
    HandedBack,
    HandoffRequested,
    MessageLeft,
    Tagged,
    Transferred,
)
from quality_check.rules.transcript import TURNS
from quality_check.rules.view import Scalar

TELLS: Final[tuple[type[Fact], ...]] = (AttributesSet, HandedBack, HandoffRequested, Tagged, Transferred)
"""The facts without words that tell something after the start."""
Known = Mapping[str, Scalar]


def learned(event: Event, known: Known) -> Known:
    """What is other than `known` after this fact; None is no longer known."""
    return {name: value for name, value in _told(event, known).items() if known.get(name) != value}


def _told(event: Event, known: Known) -> Known:
    match event.fact:
        case ConversationStarted(channel=channel, site=site, language=language):
            return {"channel": channel, "site": site, "language": language, "date": event.at.isoformat()}
        case BotReplied(language=language, figures=figures):
            return {one.name: one.value for one in figures} | ({"language": language} if language else {})
        case AttributesSet(attributes=attributes):
            return {one.name: one.value for one in attributes}
        case HandoffRequested(group=group):
            return {"handed_over": True, "group": group}
        case Transferred(group=group):
            return {"group": group}
        case MessageLeft(group=group):
            return {"group": known.get("group") or group}
        case HandedBack():
            return {"group": ""}
        case Tagged(tags=tags):
            gone: Known = {name: None for name in known if name.startswith("tag:")}
            return {**gone, **{f"tag:{tag}": True for tag in tags}}
    return {}


def course(events: Iterable[Event]) -> list[tuple[int, Known]]:
    """What became known, and after how many messages."""
    known: dict[str, Scalar] = {}
    heard, found = 0, []
    for event in events:
        if changes := learned(event, known):
            known |= changes
            found.append((heard, changes))
        heard += isinstance(event.fact, TURNS)
    return found
