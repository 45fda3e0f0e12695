"""What follows a sentence that was not understood."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from kefu_engine.actions import words
from kefu_engine.actions.asking import OPENS, Domain, corrects_paused, resumed
from kefu_engine.actions.orders import ShowRefund
from kefu_engine.actions.people import hand_over
from kefu_engine.actions.turn import last_action, open_offer

GUESSES = 3
# Two that are this close and together this likely are a question of either or.
CLOSE, LIKELY = 0.15, 0.55
# Below this, one of the three likeliest is no better than a toss of a coin (docs/evaluation.md): guess nothing.
FLOOR = 0.15
# A guess that is this likely stands when the customer then tells an order instead of choosing.
MEANT = 0.2
# After these an order that is told is the one with the fault.
FAULTY = frozenset({"utter_damaged_item", "utter_wrong_item", "utter_missing_item"})
OF_NO_ORDER = frozenset({"complaint_form", "callback_form"})


class Clarify(Action):
    """First ask which of the likeliest things was meant; when that does not help, offer a person."""

    def name(self) -> str:
        """As the rules call it."""
        return "action_clarify"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> list[EventType]:
        """Which time it is, the last thing the bot did tells."""
        if corrects_paused(tracker):
            return resumed(dispatcher, tracker)
        offer = open_offer(tracker)
        if offer and offer != "resume" and takes_offer(tracker):
            return hand_over(dispatcher, offer)
        if last_action(tracker) == self.name():
            dispatcher.utter_message(response="utter_offer_person")
            return [SlotSet("offer", "not_understood")]
        ranking = tracker.latest_message.get("intent_ranking", [])
        guesses = [guess for guess in ranking if guess["name"] in words.INTENTS and guess["name"] != "human"][:GUESSES]
        if not guesses or guesses[0]["confidence"] < FLOOR:
            dispatcher.utter_message(response="utter_not_understood")
            return [SlotSet("meant", None)]
        between = is_either_or(guesses)
        names = [guess["name"] for guess in guesses[: 2 if between else GUESSES]]
        buttons = [{"title": words.pick(tracker, *words.INTENTS[name]), "payload": f"/{name}"} for name in names]
        person = {"title": words.pick(tracker, *words.INTENTS["human"]), "payload": "/human"}
        dispatcher.utter_message(
            response="utter_which_of_two" if between else "utter_clarify", buttons=[*buttons, person]
        )
        return [SlotSet("meant", meant(guesses))]


def takes_offer(tracker: Tracker) -> bool:
    """Is it more likely than not a yes, or a wish for a person, which is one too where a person was offered?"""
    ranking = tracker.latest_message.get("intent_ranking", [])
    taking = sum(float(guess["confidence"]) for guess in ranking if guess["name"] in ("affirm", "human"))
    return taking > 0.5


class TakeUp(Action):
    """Something told without a word of what for: an order is about what the bot has just asked or shown."""

    def name(self) -> str:
        """As the rules call it."""
        return "action_take_up"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> list[EventType]:
        """Opens the form; whatever would change the order is confirmed in it."""
        if corrects_paused(tracker):
            return resumed(dispatcher, tracker)
        if not any(entity["entity"] == "order_id" for entity in tracker.latest_message["entities"]):
            dispatcher.utter_message(response="utter_what_about")
            return []
        last = last_action(tracker)
        if last in FAULTY:
            dispatcher.utter_message(response="utter_faulty_order")
            return []
        asked = tracker.get_slot("meant") if last == Clarify().name() else None
        shown = "return_status_form" if last == ShowRefund().name() else "order_status_form"
        return [SlotSet("meant", None), FollowupAction(asked or shown)]


def meant(guesses: list[dict[str, Any]]) -> str | None:
    """The form that the likeliest guess would open, when it is likely enough and about an order."""
    best: dict[str, Any] = guesses[0] if guesses else {"name": "", "confidence": 0.0}
    form = OPENS.get(best["name"]) if best["confidence"] >= MEANT else None
    return None if form in OF_NO_ORDER else form


def is_either_or(guesses: list[dict[str, Any]]) -> bool:
    """Is it one of the two likeliest, and open which?"""
    first, second = [*(float(guess["confidence"]) for guess in guesses[:2]), 0.0, 0.0][:2]
    return first - second < CLOSE and first + second > LIKELY
