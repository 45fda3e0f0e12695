"""The way to a person: asked for, offered, taken or not."""

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from kefu_engine.actions.asking import MISSES_BEFORE_OFFER, Domain, corrects_paused, forgotten, resumed
from kefu_engine.actions.turn import open_offer


def hand_over(dispatcher: CollectingDispatcher, reason: str) -> list[EventType]:
    """Say so, ask the platform for a person, and leave nothing open for when the bot is back.

    Reasons: asked, unhappy, not_understood, failed.
    """
    dispatcher.utter_message(response="utter_handoff_unhappy" if reason == "unhappy" else "utter_handoff")
    dispatcher.utter_message(json_message={"handoff": {"reason": reason}})
    return [*forgotten(), SlotSet("upset", None), SlotSet("paused", None)]


def offer_after_failure(dispatcher: CollectingDispatcher) -> list[EventType]:
    """The shop is away: say so and offer a person."""
    dispatcher.utter_message(response="utter_shop_away")
    return [SlotSet("offer", "failed")]


def _kept_open(tracker: Tracker) -> list[EventType]:
    """The open form has left this message to the rules; the next one is for it again."""
    return [ActiveLoop(tracker.active_loop_name)] if tracker.active_loop_name else []


class Handoff(Action):
    """The customer asks for a person."""

    def name(self) -> str:
        """As the rules call it."""
        return "action_handoff"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> list[EventType]:
        """The reason is that of the offer, if there was one."""
        missed = tracker.get_slot("misses") >= MISSES_BEFORE_OFFER
        offer = open_offer(tracker)
        reason = offer if offer != "resume" else None
        return hand_over(dispatcher, reason or ("not_understood" if missed else "asked"))


class Soothe(Action):
    """An unhappy customer is offered a person, and given one the second time."""

    def name(self) -> str:
        """As the rules call it."""
        return "action_soothe"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> list[EventType]:
        """An open form stays open, but does not ask on at once."""
        if tracker.get_slot("upset"):
            return hand_over(dispatcher, "unhappy")
        dispatcher.utter_message(response="utter_sorry")
        return [SlotSet("upset", True), SlotSet("offer", "unhappy"), *_kept_open(tracker)]


class Accept(Action):
    """A yes that no form asked for: to the person or the task offered, or to nothing."""

    def name(self) -> str:
        """As the rules call it."""
        return "action_accept"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> list[EventType]:
        """The reason is that of the offer."""
        offer = open_offer(tracker)
        if offer == "resume":
            return resumed(dispatcher, tracker)
        if offer:
            return hand_over(dispatcher, offer)
        dispatcher.utter_message(response="utter_what_next")
        return []


class Decline(Action):
    """A no that no form asked for: to the person or the task offered, or to nothing."""

    def name(self) -> str:
        """As the rules call it."""
        return "action_decline"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> list[EventType]:
        """An open form goes on and asks again; "no, the address is …" goes on with what was interrupted."""
        if corrects_paused(tracker):
            return resumed(dispatcher, tracker)
        offer = open_offer(tracker)
        dispatcher.utter_message(response="utter_stay" if offer and offer != "resume" else "utter_okay")
        return [SlotSet("paused", None)] if offer == "resume" else []


class OfferAgain(Action):
    """The same question once more: its answer did not help."""

    def name(self) -> str:
        """As the policy calls it."""
        return "action_offer_again"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> list[EventType]:
        """The answer stands above; a person may know better."""
        dispatcher.utter_message(response="utter_offer_again")
        return [SlotSet("offer", "not_understood"), *_kept_open(tracker)]


class Repeat(Action):
    """The customer wants to hear it again."""

    def name(self) -> str:
        """As the rules call it."""
        return "action_repeat"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> list[EventType]:
        """An open form asks again by itself; what else was said, the platform has in its log."""
        if not tracker.active_loop_name:
            dispatcher.utter_message(json_message={"repeat": True})
        return []
