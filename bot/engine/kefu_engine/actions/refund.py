"""Asking for money back."""

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from kefu_engine.actions import words
from kefu_engine.actions.asking import Domain, Slots, is_aside, is_question
from kefu_engine.actions.identity import Proving
from kefu_engine.actions.submitting import ChangingOrder
from kefu_engine.actions.turn import intent_of

LONGEST_REASON = 200
# Said when asked why, these are the reason and not a question of their own.
REASONS = frozenset(
    {
        "cancel_order",
        "complaint",
        "damaged_item",
        "delivery_late",
        "exchange",
        "missing_item",
        "price",
        "price_protection",
        "product_question",
        "repair",
        "return_goods",
        "stock",
        "warranty",
        "wrong_item",
    }
)


class ValidateRefundForm(Proving):
    """Needs an order, a reason and a yes."""

    form, wish = "refund_form", "refund"

    def validate_reason(self, value: str, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Slots:
        """Whatever the customer says, unless it is about something else."""
        is_reason = intent_of(tracker) in REASONS and not is_question(tracker)
        if not self.correction(tracker) and not is_reason and is_aside(tracker):
            return {"reason": None}
        return {"reason": value.strip()[:LONGEST_REASON] or None}


class RequestRefund(ChangingOrder):
    """The refund."""

    form, wish, slots = "refund_form", "refund", ("reason",)

    def name(self) -> str:
        """As the rules call it."""
        return "action_request_refund"

    def tell(self, dispatcher: CollectingDispatcher, tracker: Tracker, answer: dict[str, Any]) -> None:
        """How much comes back."""
        amount = words.money(answer["amount"], tracker.get_slot("order")["currency"])
        dispatcher.utter_message(response="utter_refund_requested", amount=amount)
