"""Altering what is in an order before it leaves."""

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from kefu_engine.actions.asking import Domain, Slots, is_aside, is_question
from kefu_engine.actions.identity import Proving
from kefu_engine.actions.submitting import ChangingOrder
from kefu_engine.actions.turn import intent_of

LONGEST_WISH = 200
# Said when asked what to change, these are the wish.
WISHES = frozenset({"exchange", "change_order", "product_question", "stock", "wrong_item", "missing_item"})


class ValidateChangeForm(Proving):
    """Needs an order, a wish, a yes and the code."""

    form, wish = "change_form", "change"

    def validate_wish(self, value: str, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Slots:
        """Whatever the customer says, unless it is about something else."""
        is_wish = intent_of(tracker) in WISHES and not is_question(tracker)
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
