"""Before an order is changed its owner tells a one-time code, which the shop sends to the order's phone."""

import re
import time
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from kefu_engine.actions import shop
from kefu_engine.actions.asking import Asking, Domain, Slots, forgotten
from kefu_engine.actions.people import offer_after_failure
from kefu_engine.actions.turn import intent_of, key_of

CODE = re.compile(r"(?<!\d)\d{6}(?!\d)")
RESENDS = frozenset({"resend_code", "account_login"})  # "I get no code" is said at signing in, too
MARGIN_SECONDS = 60


class Proving(Asking):
    """A form that changes an order: after the yes it asks for the code, unless the order's owner has just proven it."""

    wish: str
    """As the shop calls what the form asks for."""

    async def required_slots(
        self, domain_slots: list[str], dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> list[str]:
        """No code after a no, nor while a proof is good."""
        if tracker.get_slot("confirm") is False or proof_of(tracker):
            return [name for name in domain_slots if name != "code"]
        return domain_slots

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> list[EventType]:
        """As Asking.run; another code may be asked for."""
        asked_again = intent_of(tracker) in RESENDS and tracker.get_slot("requested_slot") == "code"
        if asked_again and not CODE.search(tracker.latest_message["text"]):
            return [SlotSet("code", None), SlotSet("challenge", None), SlotSet("misses", 0)]
        return await super().run(dispatcher, tracker, domain)

    async def validate_order_id(
        self, value: str, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> Slots:
        """One that the shop does this for; another order needs another yes and another code."""
        found = await super().validate_order_id(value, dispatcher, tracker, domain)
        if found["order_id"] and self.wish not in found["order"].get("open_to", [self.wish]):
            dispatcher.utter_message(response=f"utter_{self.wish}_refused", order_id=found["order_id"])
            return {"order_id": None, "order": None}
        before = tracker.get_slot("order")
        if before and found["order_id"] and found["order_id"] != before["order_id"]:
            found.update(confirm=None, code=None, challenge=None)
        return found

    async def validate_code(
        self, value: str, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> Slots:
        """The shop says whether it is right; a spent code is followed by a new one."""
        code, challenge = CODE.search(value), tracker.get_slot("challenge")
        if code is None or not challenge:
            return {"code": None}
        body = {"challenge": challenge["id"], "code": code.group()}
        try:
            answer = await shop.post(challenge["order"], "proof", body, key_of(tracker, "proof"))
        except shop.Refused as refused:
            spent = str(refused) != "wrong"
            dispatcher.utter_message(response="utter_code_expired" if spent else "utter_code_wrong")
            return {"code": None, "challenge": None} if spent else {"code": None}
        except shop.ShopAway:
            dispatcher.utter_message(response="utter_shop_away")
            return {"code": None, "confirm": None, "requested_slot": None, "offer": "failed"}
        until = int(time.time()) + answer["seconds"] - MARGIN_SECONDS
        return {"code": "told", "proof": {"order": challenge["order"], "proof": answer["proof"], "until": until}}


class AskCode(Action):
    """Asks for the code that was sent, and sends one when none was."""

    def name(self) -> str:
        """As Rasa looks it up for the slot `code`."""
        return "action_ask_code"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> list[EventType]:
        """The form ends when no code can be sent."""
        challenge, order = tracker.get_slot("challenge"), tracker.get_slot("order_id")
        if challenge is None or challenge["order"] != order:
            try:
                sent = await shop.post(order, "code", {}, key_of(tracker, "code"))
            except shop.Refused:
                dispatcher.utter_message(response="utter_code_too_many")
                return [*forgotten(), SlotSet("offer", "failed")]
            except shop.ShopAway:
                return [*forgotten(), *offer_after_failure(dispatcher)]
            challenge = {"order": order, "id": sent["challenge"], "sent_to": sent["sent_to"]}
        dispatcher.utter_message(response="utter_ask_code", sent_to=challenge["sent_to"])
        return [SlotSet("challenge", challenge)]


def proof_of(tracker: Tracker) -> str:
    """The proof for the order in question; empty when there is none that is still good."""
    proof: Any = tracker.get_slot("proof")
    is_good = proof and proof["order"] == tracker.get_slot("order_id") and proof["until"] > time.time()
    return str(proof["proof"]) if is_good else ""
