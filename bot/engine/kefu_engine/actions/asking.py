"""How every form talks: it answers what is asked in between, can be left and corrected, and offers a person in time."""

import re
from abc import ABC, abstractmethod
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionExecutionRejected, ActiveLoop, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.forms import FormValidationAction

from kefu_engine.actions import shop, words
from kefu_engine.actions.turn import has_acted, has_just_opened, intent_of, open_offer

Domain = dict[str, Any]
Slots = dict[str, Any]

MISSES_BEFORE_OFFER = 2
# What may answer a form; anything else is a wish of its own.
ANSWERS = frozenset({"inform", "affirm", "deny", "nlu_fallback", ""})
OPENS = {
    "order_status": "order_status_form",
    "track_parcel": "order_status_form",
    "delivery_late": "order_status_form",
    "refund": "refund_form",
    "cancel_order": "refund_form",
    "change_address": "address_form",
    "invoice": "invoice_form",
}
ORDER_ID = re.compile(r"KF\d{8}")
BARE_NUMBER = re.compile(r"\D*(\d{8})\D*")
CORRECTION = re.compile(
    r"""
    (?:
        (?:(?:不对|不是|(?:写|说|填)?错了|等等|等一下|no|wait|sorry|actually)[\s,，。.!！]*)+
        (?:(?:收货)?地址|(?:发票)?抬头|(?:退款)?原因|(?:the|my)\s(?:new\s)?(?:address|name|company|reason))?\s*
        (?:应该是|是|改成|改为|换成|is|should\sbe|it's|it\sis|make\sit)
      | (?:(?:收货)?地址|(?:发票)?抬头|(?:退款)?原因|(?:the|my)\s(?:new\s)?(?:address|name|company|reason))\s*
        (?:应该是|是|改成|改为|换成|is|should\sbe)
      | 改成|改为|换成|make\sit
    )
    [\s:：]*(?P<value>.{2,})
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)


class Asking(FormValidationAction, ABC):
    """The validation of one form; the slots of the form are validated by `validate_<slot>` as Rasa has it.

    A validation that says None leaves the slot open and itself says nothing, unless it knows better than
    `utter_missed_<slot>` what was wrong.
    """

    @property
    @abstractmethod
    def form(self) -> str:
        """The form's name."""

    def name(self) -> str:
        """As Rasa looks it up."""
        return f"validate_{self.form}"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> list[EventType]:
        """Validate what was told; what is no answer is left to the rules, and Rasa comes back to ask again."""
        if has_just_opened(tracker):
            return [*await super().run(dispatcher, tracker, domain), SlotSet("misses", 0)]
        misses = tracker.get_slot("misses")
        if has_acted(tracker, besides=self.form):
            return [SlotSet("misses", misses)]
        intent = intent_of(tracker)
        if open_offer(tracker) and intent in ("affirm", "deny"):
            return self._leave(tracker)
        asked = tracker.get_slot("requested_slot")
        events = await super().run(dispatcher, tracker, domain)
        if any(_moves_on(event) for event in events):
            return [*events, SlotSet("misses", 0)]
        if dispatcher.messages or intent in ANSWERS:
            return [*events, SlotSet("misses", _miss(dispatcher, asked, misses + 1))]
        return self._leave(tracker) if OPENS.get(intent) != self.form else [*events, SlotSet("misses", misses)]

    def extract_order_id(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Slots:
        """An order number may be told without its letters when it was asked for."""
        bare = BARE_NUMBER.fullmatch(tracker.latest_message["text"])
        return {"order_id": f"KF{bare[1]}"} if bare and tracker.get_slot("requested_slot") == "order_id" else {}

    async def validate_order_id(
        self, value: str, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> Slots:
        """An order that the shop knows; when the shop is away the form ends and a person is offered."""
        number = re.sub(r"\s", "", value).upper()
        try:
            order = await shop.order(number) if ORDER_ID.fullmatch(number) else None
        except shop.ShopAway:
            dispatcher.utter_message(response="utter_shop_away")
            return {"order_id": None, "requested_slot": None, "offer": "failed"}
        if order is None:
            dispatcher.utter_message(response="utter_order_unknown", number=number)
            return {"order_id": None, "order": None}
        return {"order_id": number, "order": order, "order_total": words.money(order["total"], order["currency"])}

    def validate_confirm(
        self, value: bool, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> Slots:
        """A yes or no that comes with a correction is about what stood before: ask again."""
        return {"confirm": value if set(tracker.slots_to_validate()) == {"confirm"} else None}

    def _leave(self, tracker: Tracker) -> list[EventType]:
        taken = [SlotSet(name, None) for name in tracker.slots_to_validate() if name != "requested_slot"]
        return [*taken, ActionExecutionRejected(self.form)]


class LeaveForm(Action):
    """What was begun is dropped, the order it was about too."""

    def name(self) -> str:
        """As the rules call it."""
        return "action_leave_form"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> list[EventType]:
        """Says nothing."""
        return [*forgotten(), SlotSet("order_id", None)]


def forgotten() -> list[EventType]:
    """Nothing is being asked any more; the order stays known."""
    gathered = ("order", "order_total", "reason", "address", "title", "email", "confirm", "requested_slot", "offer")
    return [ActiveLoop(None), SlotSet("misses", 0), *(SlotSet(name, None) for name in gathered)]


def is_aside(tracker: Tracker) -> bool:
    """Is the message about something else than the free text that was asked for?"""
    is_text = intent_of(tracker) in ANSWERS - {"affirm", "deny"} and not is_question(tracker)
    return not is_text or tells_order_or_email(tracker)


def tells_order_or_email(tracker: Tracker) -> bool:
    """Does the message fill a slot of another kind than free text?"""
    told = {entity["entity"] for entity in tracker.latest_message["entities"]}
    return bool(told & {"order_id", "email"})


def is_question(tracker: Tracker) -> bool:
    """Does the message end as questions do?"""
    return bool(tracker.latest_message["text"].rstrip().endswith(("?", "？")))


def corrected(tracker: Tracker) -> str:
    """What a customer who was asked to confirm wants instead ("no wait, the address is …"); empty when nothing."""
    if tracker.get_slot("requested_slot") != "confirm" or tells_order_or_email(tracker):
        return ""
    found = CORRECTION.fullmatch(tracker.latest_message["text"].strip())
    return found["value"].strip() if found else ""


def _moves_on(event: EventType) -> bool:
    if event["event"] != "slot":
        return False
    ended = event["name"] == "requested_slot" and event["value"] is None
    return ended or (event["name"] != "requested_slot" and event["value"] is not None)


def _miss(dispatcher: CollectingDispatcher, asked: str, misses: int) -> int:
    if not dispatcher.messages:
        dispatcher.utter_message(response=f"utter_missed_{asked}")
    if misses >= MISSES_BEFORE_OFFER:
        dispatcher.utter_message(response="utter_offer_person_or_stop")
    return misses
