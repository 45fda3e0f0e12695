"""What follows a sentence that was not understood."""

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from kefu_engine.actions import words
from kefu_engine.actions.asking import Domain
from kefu_engine.actions.turn import last_action

GUESSES = 3


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
        guesses = [guess["name"] for guess in tracker.latest_message.get("intent_ranking", [])]
        likely = [name for name in guesses if name in words.INTENTS and name != "human"][:GUESSES]
        buttons = [
            {"title": words.pick(tracker, *words.INTENTS[name]), "payload": f"/{name}"} for name in [*likely, "human"]
        ]
        dispatcher.utter_message(response="utter_clarify", buttons=buttons)
        return []
