"""Questions about the present turn, read from the tracker's events."""

import re
from collections.abc import Mapping
from itertools import takewhile
from typing import Any

from rasa_sdk import Tracker

DENIED = re.compile(
    r"(?:不是|而非|别退|别改|别取消|(?:\bnot|\binstead\sof|\brather\sthan)(?:\sfor)?)\s*(?:订单|(?:the\s)?order)?\s*$",
    re.IGNORECASE,
)
"""What stands before an order that is not meant."""


def intent_of(tracker: Tracker) -> str:
    """What the customer's latest message was taken for; empty when nothing was understood."""
    return tracker.get_intent_of_latest_message(skip_fallback_intent=False) or ""


def said_for(tracker: Tracker, intent: str) -> str:
    """The customer's latest words that were taken for this intent; "" when it was a button."""
    said = (event for event in reversed(tracker.events) if event["event"] == "user")
    wished = (event["text"] for event in said if event["parse_data"]["intent"].get("name") == intent)
    return next((text for text in wished if not text.startswith("/")), "")


def open_offer(tracker: Tracker) -> str | None:
    """Why a person was offered in the bot's last turn, or None; an offer not taken up at once has lapsed."""
    backwards = reversed(tracker.events)
    for _ in takewhile(lambda event: event["event"] != "user", backwards):
        pass
    last_turn = takewhile(lambda event: event["event"] != "user", backwards)
    return next((event["value"] for event in last_turn if event["event"] == "slot" and event["name"] == "offer"), None)


def last_action(tracker: Tracker) -> str | None:
    """What the bot did last before it listened."""
    event = tracker.get_last_event_for("action", exclude=["action_listen"])
    return event["name"] if event else None


def has_acted(tracker: Tracker, besides: str) -> bool:
    """Has the bot done something about the customer's latest message, this action aside?"""
    return bool(done_in_turn(tracker) - {besides})


def done_in_turn(tracker: Tracker) -> set[str]:
    """Names of the actions since the customer's latest message."""
    events = takewhile(lambda event: event["event"] != "user", reversed(tracker.events))
    return {event["name"] for event in events if event["event"] == "action"}


def has_just_opened(tracker: Tracker) -> bool:
    """Was the form opened by the customer's latest message?"""
    latest = next((event for event in reversed(tracker.events) if event["event"] in ("user", "active_loop")), None)
    return latest is not None and latest["event"] == "active_loop"


def key_of(tracker: Tracker, deed: str) -> str:
    """The idempotency key of something done about the customer's latest message."""
    return f"{tracker.latest_message['metadata']['cause']}:{deed}"


def orders_in(message: Mapping[str, Any], start: int = 0, end: int | None = None) -> list[str]:
    """The orders named between two places of a message, each once; "not KF…" names none."""
    text, found = message["text"], dict[str, None]()
    for entity in message["entities"]:
        place = entity.get("start") or 0
        within = start <= place < (len(text) if end is None else end)
        if entity["entity"] == "order_id" and within and not DENIED.search(text[:place]):
            found[re.sub(r"\s", "", entity["value"]).upper()] = None
    return list(found)
