"""What a form was filled for goes to the shop, once, after a yes."""

from abc import ABC, abstractmethod
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from kefu_engine.actions import shop
from kefu_engine.actions.asking import Domain, forgotten
from kefu_engine.actions.people import offer_after_failure


class Submitting(Action, ABC):
    """One wish about one order."""

    wish: str
    slots: tuple[str, ...]

    @abstractmethod
    def tell(self, dispatcher: CollectingDispatcher, tracker: Tracker, answer: dict[str, Any]) -> None:
        """What the customer reads when the shop has done it."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> list[EventType]:
        """Does nothing when the form ended without an answer, which it does when the shop is away."""
        confirm = tracker.get_slot("confirm")
        if confirm is None:
            return []
        if not confirm:
            dispatcher.utter_message(response="utter_not_submitted")
            return forgotten()
        body = {name: tracker.get_slot(name) for name in self.slots}
        key = f"{tracker.latest_message['metadata']['cause']}:{self.name()}"
        try:
            answer = await shop.change(tracker.get_slot("order_id"), self.wish, body, key)
        except shop.Refused:
            dispatcher.utter_message(response=f"utter_{self.wish}_refused")
            return forgotten()
        except shop.ShopAway:
            return [*forgotten(), *offer_after_failure(dispatcher)]
        self.tell(dispatcher, tracker, answer)
        return forgotten()
