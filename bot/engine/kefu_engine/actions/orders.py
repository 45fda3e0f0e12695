"""Looking up orders and parcels."""

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from kefu_engine.actions import shop, words
from kefu_engine.actions.asking import Asking, Domain, forgotten
from kefu_engine.actions.people import offer_after_failure


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
            return forgotten()
        return [*forgotten(), *await _show_parcel(dispatcher, tracker, order["tracking_number"])]


class ShowParcel(Action):
    """The parcel of a tracking number."""

    def name(self) -> str:
        """As the rules call it."""
        return "action_show_parcel"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> list[EventType]:
        """An open form stays open."""
        number = tracker.get_slot("tracking_number").upper()
        return [SlotSet("tracking_number", None), *await _show_parcel(dispatcher, tracker, number)]


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
