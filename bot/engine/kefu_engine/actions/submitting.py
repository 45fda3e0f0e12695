"""What a form was filled for is done, once, after a yes."""

from abc import ABC, abstractmethod
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from kefu_engine.actions import shop
from kefu_engine.actions.asking import Domain, finished
from kefu_engine.actions.identity import proof_of
from kefu_engine.actions.people import offer_after_failure
from kefu_engine.actions.turn import key_of


class Submitting(Action, ABC):
    """One wish, gathered by `form`."""

    form: str

    @abstractmethod
    async def submit(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        """Do it and say so. Raises shop.ShopAway."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> list[EventType]:
        """Does nothing when the form ended without an answer, which it does when the shop is away."""
        confirm = tracker.get_slot("confirm")
        if confirm is None:
            return []
        if not confirm:
            dispatcher.utter_message(response="utter_not_submitted")
            return finished(dispatcher, tracker, self.form)
        try:
            await self.submit(dispatcher, tracker)
        except shop.ShopAway:
            return [*finished(dispatcher, tracker, self.form), *offer_after_failure(dispatcher)]
        return finished(dispatcher, tracker, self.form)


class ChangingOrder(Submitting):
    """A wish about an order: it goes to the shop under `wish`, with `slots` as its body."""

    wish: str
    slots: tuple[str, ...]

    @abstractmethod
    def tell(self, dispatcher: CollectingDispatcher, tracker: Tracker, answer: dict[str, Any]) -> None:
        """What the customer reads when the shop has done it."""

    async def submit(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        """As Submitting."""
        body = {name: tracker.get_slot(name) for name in self.slots}
        order, key = tracker.get_slot("order_id"), key_of(tracker, self.name())
        try:
            answer = await shop.post(order, self.wish, body, key, proof_of(tracker))
        except shop.Refused as refused:
            unproven = str(refused) == "unverified"
            dispatcher.utter_message(response="utter_unverified" if unproven else f"utter_{self.wish}_refused")
        else:
            self.tell(dispatcher, tracker, answer)
