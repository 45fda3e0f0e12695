"""A question that is asked again, in these or other words: its answer did not help, so a person is offered."""

from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from kefu_engine.actions.words import INTENTS

OFFER = "action_offer_again"
"""What follows the second answer."""
OFFERS = (OFFER, "action_soothe")


def asked_again(tracker: DialogueStateTracker) -> bool:
    """Did the customer want the same twice in a row, tell nothing new, and get the same, with no offer of its own?

    An open form that asks on after the answer is no part of it.
    """
    besides = (ACTION_LISTEN_NAME, OFFER, tracker.active_loop_name)
    acts: list[str] = []
    turns: list[tuple[str, set[str], list[str]]] = []  # the latest first: what was wanted, told and done
    for event in reversed(tracker.events):
        if isinstance(event, SlotSet) and event.key == "offer" and event.value and not turns:
            return False
        if isinstance(event, ActionExecuted) and event.action_name not in besides:
            acts.append(str(event.action_name))
        elif isinstance(event, UserUttered):
            told = {str(e["value"]) for e in event.entities if e["entity"] != "language"}
            turns.append((str(event.intent_name), told, acts))
            acts = []
            if len(turns) == 2:
                break
    if len(turns) < 2:
        return False
    (wish, told, done), (wish_before, told_before, done_before) = turns
    same = wish == wish_before and told <= told_before and done == done_before
    return same and bool(done) and wish in INTENTS and wish != "human"
