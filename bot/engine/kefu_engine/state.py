"""The dialogue state that travels in each reply: the last turns' events and all slots, small and bounded."""

import base64
import binascii
import json
import zlib
from typing import Any

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    BotUttered,
    DefinePrevUserUtteredFeaturization,
    Event,
    LoopInterrupted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

TURNS = 2
"""Whole turns kept. Rules look at the present turn and the one before it; actions likewise."""

LONGEST_FORM = 40
"""Turns after which even an open form is cut; its loop and slots go on."""

TEXT = 500
"""Characters kept of an old message: its intent and entities are what counts later."""


class UnreadableState(ValueError):
    """Not a state of this domain."""


def pack(tracker: DialogueStateTracker, shape: str) -> str:
    """The state after a turn, as text of about 1 kB."""
    kept = _window(list(tracker.events))
    slots = {name: slot.value for name, slot in tracker.slots.items() if slot.value != slot.initial_value}
    body = {"m": shape, "s": slots, "l": _loop_before(tracker, kept), "e": [_plain(e) for e in kept if _matters(e)]}
    return base64.b64encode(zlib.compress(json.dumps(body, ensure_ascii=False).encode(), 6)).decode()


def unpack(state: str, shape: str, sender: str, domain: Domain) -> DialogueStateTracker:
    """The tracker as it was. Raises UnreadableState for what a model of another domain or nobody wrote."""
    try:
        body = json.loads(zlib.decompress(base64.b64decode(state)))
        if body["m"] != shape:
            raise UnreadableState("this state was made with another domain")
        tracker = DialogueStateTracker(sender, domain.slots)
        # Slots come first as they are now; the events then set them again in the order in which it happened.
        for name, value in body["s"].items():
            tracker.update(SlotSet(name, value), domain)
        if body["l"]:
            tracker.update(ActiveLoop(body["l"]), domain)
        for plain in body["e"]:
            tracker.update(_event(plain), domain)
        return tracker
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, zlib.error, binascii.Error) as error:
        raise UnreadableState(str(error)) from error


def _window(events: list[Event]) -> list[Event]:
    """The last whole turns, back to before the open form began."""
    starts = [place for place, event in enumerate(events) if isinstance(event, UserUttered)]
    if len(starts) <= TURNS:
        return events
    opened = max((place for place, event in enumerate(events) if isinstance(event, ActiveLoop)), default=-1)
    first = starts[-TURNS]
    if opened >= 0 and events[opened].name is not None:
        before = [place for place in starts if place <= opened]
        first = max(min(first, before[-1] if before else 0), starts[max(0, len(starts) - LONGEST_FORM)])
    # A turn begins after the listening that preceded it.
    while first > 0 and not (isinstance(events[first - 1], ActionExecuted)):
        first -= 1
    return events[max(0, first - 1) :]


def _loop_before(tracker: DialogueStateTracker, kept: list[Event]) -> str | None:
    """The loop that was open when the window begins."""
    opened = None
    for event in list(tracker.events)[: len(tracker.events) - len(kept)]:
        if isinstance(event, ActiveLoop):
            opened = event.name
    return opened


def _matters(event: Event) -> bool:
    return not isinstance(event, BotUttered)


def _plain(event: Event) -> list[Any]:
    """An event in few letters; kinds that are rare here go as Rasa writes them."""
    match event:
        case UserUttered():
            entities = [[e["entity"], e["value"]] for e in event.entities]
            return ["u", (event.text or "")[:TEXT], event.intent_name, event.intent.get("confidence"), entities]
        case ActionExecuted():
            return ["a", event.action_name, event.policy, event.confidence, int(event.hide_rule_turn)]
        case SlotSet():
            return ["s", event.key, event.value]
        case ActiveLoop():
            return ["l", event.name]
        case LoopInterrupted():
            return ["i", event.is_interrupted]
        case ActionExecutionRejected():
            return ["r", event.action_name, event.policy, event.confidence]
        case DefinePrevUserUtteredFeaturization():
            return ["f", event.use_text_for_featurization]
        case _:
            return ["?", event.as_dict()]


def _event(plain: list[Any]) -> Event:
    match plain:
        case ["u", text, intent, confidence, entities]:
            found = [{"entity": name, "value": value} for name, value in entities]
            parsed = {"name": intent, "confidence": confidence}
            return UserUttered(text, parsed, found, {"text": text, "intent": parsed, "entities": found})
        case ["a", name, policy, confidence, hidden]:
            return ActionExecuted(name, policy, confidence, hide_rule_turn=bool(hidden))
        case ["s", key, value]:
            return SlotSet(key, value)
        case ["l", name]:
            return ActiveLoop(name)
        case ["i", interrupted]:
            return LoopInterrupted(interrupted)
        case ["r", name, policy, confidence]:
            return ActionExecutionRejected(name, policy, confidence)
        case ["f", by_text]:
            return DefinePrevUserUtteredFeaturization(by_text)
        case ["?", written]:
            return Event.from_parameters(written)
    raise UnreadableState("an event of no known kind")
