"""Altering what is in an order before it leaves."""

import re
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from kefu_engine.actions.asking import Domain, Slots, is_aside, is_question
from kefu_engine.actions.identity import Proving
from kefu_engine.actions.submitting import ChangingOrder
from kefu_engine.actions.turn import has_just_opened, intent_of

LONGEST_WISH = 200
# Said when asked what to change, these are the wish.
WISHES = frozenset({"exchange", "change_order", "product_question", "stock", "wrong_item", "missing_item"})

TOLD = re.compile(
    r"""
      (?:改成|改为|换成|换为|变成)\s*(?!别的|其他|其它|什么|啥|吗)\S
    | \b(?:swap|switch|change|replace)\b .{1,80}? \b(?:to|into|for|with)\s(?!something|another|someone|me\b)\S
    | \bmake\s(?:it|that|them)\s\S
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
"""A wish that says what into what."""


class ValidateChangeForm(Proving):
    """Needs an order, a wish, a yes and the code."""

    form, wish = "change_form", "change"

    def extract_wish(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Slots:
        """One told with the wish to change; the yes is asked for, so too much of a sentence does no harm."""
        text = tracker.latest_message["text"]
        return {"wish": text} if has_just_opened(tracker) and TOLD.search(text) else {}

    def validate_wish(self, value: str, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Slots:
        """Whatever the customer says, unless it is about something else."""
        is_wish = has_just_opened(tracker) or (intent_of(tracker) in WISHES and not is_question(tracker))
        if len(value.strip()) < 2 or (not self.correction(tracker) and not is_wish and is_aside(tracker)):
            return {"wish": None}
        return {"wish": value.strip()[:LONGEST_WISH]}


class ChangeOrder(ChangingOrder):
    """The wish, for the packers."""

    form, wish, slots = "change_form", "change", ("wish",)

    def name(self) -> str:
        """As the rules call it."""
        return "action_change_order"

    def tell(self, dispatcher: CollectingDispatcher, tracker: Tracker, answer: dict[str, Any]) -> None:
        """The packers have it."""
        dispatcher.utter_message(response="utter_change_requested")
