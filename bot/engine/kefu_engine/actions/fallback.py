"""What follows a sentence that was not understood."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from kefu_engine.actions import words
from kefu_engine.actions.asking import Domain
from kefu_engine.actions.turn import last_action

GUESSES = 3
# Two that are this close and together this likely are a question of either or.
CLOSE, LIKELY = 0.15, 0.55


class Clarify(Action):
    """First ask which of the likeliest things was meant; when that does not help, offer a person."""

    def name(self) -> str:
        """As the rules call it."""
        return "action_clarify"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> list[EventType]:
        """Which time it is, the last thing the bot did tells."""
        if last_action(tracker) == self.name():
            dispatcher.utter_message(response="utter_offer_person")
            return [SlotSet("offer", "not_understood")]
        ranking = tracker.latest_message.get("intent_ranking", [])
        guesses = [guess for guess in ranking if guess["name"] in words.INTENTS and guess["name"] != "human"][:GUESSES]
        between = is_either_or(guesses)
        names = [guess["name"] for guess in guesses[: 2 if between else GUESSES]]
        buttons = [{"title": words.pick(tracker, *words.INTENTS[name]), "payload": f"/{name}"} for name in names]
        person = {"title": words.pick(tracker, *words.INTENTS["human"]), "payload": "/human"}
        dispatcher.utter_message(
            response="utter_which_of_two" if between else "utter_clarify", buttons=[*buttons, person]
        )
        return []


def is_either_or(guesses: list[dict[str, Any]]) -> bool:
    """Is it one of the two likeliest, and open which?"""
    first, second = [*(guess["confidence"] for guess in guesses[:2]), 0.0, 0.0][:2]
    return first - second < CLOSE and first + second > LIKELY
