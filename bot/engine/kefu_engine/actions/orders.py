"""Looking up orders, parcels, refunds and coupons."""

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from kefu_engine.actions import shop, words
from kefu_engine.actions.asking import Asking, Domain, finished
from kefu_engine.actions.people import offer_after_failure
from kefu_engine.actions.turn import orders_in


class AskOrderId(Action):
    """Asks for an order, or which one of those that were just named."""

    def name(self) -> str:
        """As Rasa looks it up for the slot `order_id`."""
        return "action_ask_order_id"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> list[EventType]:
        """A button for each."""
        several = orders_in(tracker.latest_message)
        if len(several) < 2:
            dispatcher.utter_message(response="utter_ask_order_id")
            return []
        buttons = [{"title": number, "payload": f'/inform{{"order_id": "{number}"}}'} for number in several]
        dispatcher.utter_message(response="utter_which_order", buttons=buttons)
        return []


class ValidateOrderStatusForm(Asking):
    """Needs an order."""

    form = "order_status_form"


class ShowOrder(Action):
    """The order as a card, and the parcel it travels in."""

    def name(self) -> str:
        """As the rules call it."""
        return "action_show_order"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> list[EventType]:
        """Says nothing when the form ended without an order."""
        order = tracker.get_slot("order")
        if order is None:
            return []
        dispatcher.utter_message(response="utter_order_status")
        dispatcher.utter_message(json_message={"card": words.order_card(tracker, order)})
        if not order["tracking_number"]:
            return finished(dispatcher, tracker, ValidateOrderStatusForm.form)
        shown = await _show_parcel(dispatcher, tracker, order["tracking_number"])
        return [*finished(dispatcher, tracker, ValidateOrderStatusForm.form), *shown]


class ShowParcel(Action):
    """The parcel of a tracking number."""

    def name(self) -> str:
        """As the rules call it."""
        return "action_show_parcel"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> list[EventType]:
        """An open form stays open."""
        number = tracker.get_slot("tracking_number").upper()
        return [SlotSet("tracking_number", None), *await _show_parcel(dispatcher, tracker, number)]


class ValidateReturnStatusForm(Asking):
    """Needs an order."""

    form = "return_status_form"


class ShowRefund(Action):
    """How far the refund of an order is."""

    def name(self) -> str:
        """As the rules call it."""
        return "action_show_refund"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> list[EventType]:
        """Says nothing when the form ended without an order."""
        order = tracker.get_slot("order")
        if order is None:
            return []
        try:
            refund = await shop.refund_of(order["order_id"])
        except shop.ShopAway:
            return [*finished(dispatcher, tracker, ValidateReturnStatusForm.form), *offer_after_failure(dispatcher)]
        if refund is None:
            dispatcher.utter_message(response="utter_no_refund")
        else:
            amount = words.money(refund["amount"], order["currency"])
            dispatcher.utter_message(response=f"utter_{refund['status']}", amount=amount)
        return finished(dispatcher, tracker, ValidateReturnStatusForm.form)


class ShowCoupon(Action):
    """What a coupon is worth."""

    def name(self) -> str:
        """As the rules call it."""
        return "action_show_coupon"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> list[EventType]:
        """An open form stays open."""
        code = tracker.get_slot("coupon_code").upper()
        try:
            coupon = await shop.coupon(code)
        except shop.ShopAway:
            return [SlotSet("coupon_code", None), *offer_after_failure(dispatcher)]
        if coupon is None:
            dispatcher.utter_message(response="utter_coupon_unknown", code=code)
        else:
            dispatcher.utter_message(response="utter_coupon_status", code=code)
            dispatcher.utter_message(json_message={"card": words.coupon_card(tracker, coupon)})
        return [SlotSet("coupon_code", None)]


async def _show_parcel(dispatcher: CollectingDispatcher, tracker: Tracker, number: str) -> list[EventType]:
    try:
        parcel = await shop.parcel(number)
    except shop.ShopAway:
        return offer_after_failure(dispatcher)
    if parcel is None:
        dispatcher.utter_message(response="utter_parcel_unknown", number=number)
        return []
    dispatcher.utter_message(response="utter_parcel_status", number=number)
    dispatcher.utter_message(json_message={"card": words.parcel_card(tracker, parcel)})
    return []
