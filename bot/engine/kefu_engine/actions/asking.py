"""How every form talks: it answers what is asked in between, can be left and corrected, and offers a person in time."""

import re
from abc import ABC, abstractmethod
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionExecutionRejected, ActiveLoop, EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.forms import FormValidationAction

from kefu_engine.actions import shop, words
from kefu_engine.actions.turn import done_in_turn, has_acted, has_just_opened, intent_of, open_offer

Domain = dict[str, Any]
Slots = dict[str, Any]

MISSES_BEFORE_OFFER = 2
RESUMING = {"action_resume", "action_accept"}
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
    "change_order": "change_form",
    "return_status": "return_status_form",
    "file_complaint": "complaint_form",
    "call_back": "callback_form",
}
# What goes without saying when the customer would rather not say it.
SKIPPED = {"reason": ("未说明", "not given"), "title": ("个人", "Personal")}
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

    own: tuple[str, ...] = ("order_id",)
    """What the customer has told, and need not tell again after another task."""

    def name(self) -> str:
        """As Rasa looks it up."""
        return f"validate_{self.form}"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> list[EventType]:
        """Validate what was told; what is no answer is left to the rules, and Rasa comes back to ask again."""
        if has_just_opened(tracker):
            if done_in_turn(tracker) & RESUMING:
                return await self._resumed(dispatcher, tracker, domain)
            return [*await super().run(dispatcher, tracker, domain), SlotSet("misses", 0)]
        misses = tracker.get_slot("misses")
        if has_acted(tracker, besides=self.form):
            return [SlotSet("misses", misses)]
        intent, asked = intent_of(tracker), tracker.get_slot("requested_slot")
        if open_offer(tracker) and intent in ("affirm", "deny"):
            return self._leave(tracker)
        other = intent == "nlu_fallback" or OPENS.get(intent, self.form) != self.form
        if other and tells_another_order(tracker):
            return self._leave(tracker)  # an order changes only where that was surely meant
        if intent == "skip":
            return self._skip(dispatcher, tracker, asked)
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
        """Let the rules answer; when another task begins, this one is remembered and can be gone on with after it."""
        rejected = ActionExecutionRejected(self.form)
        if OPENS.get(intent_of(tracker)) is None:
            return [*self._untold(tracker), rejected]
        untold = [event for event in self._untold(tracker) if event["name"] != "order_id"]  # it may be about another one
        kept = {name: tracker.get_slot(name) for name in self.own if name not in tracker.slots_to_validate()}
        if order := tracker.get_slot("order"):
            kept["order_id"] = order["order_id"]
        return [*untold, *_unconfirmed(), SlotSet("paused", {"form": self.form, "slots": kept}), rejected]

    def _skip(self, dispatcher: CollectingDispatcher, tracker: Tracker, asked: str) -> list[EventType]:
        """What may be left out is; the rest is needed, and the customer hears why and what else there is."""
        if asked in SKIPPED:
            return [*self._untold(tracker), SlotSet(asked, words.pick(tracker, *SKIPPED[asked])), SlotSet("misses", 0)]
        dispatcher.utter_message(response="utter_cannot_skip")
        return [*self._untold(tracker), SlotSet("misses", tracker.get_slot("misses"))]

    async def _resumed(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> list[EventType]:
        """What was told before stands; only the order is looked at again."""
        order = tracker.get_slot("order_id")
        found = await self.validate_order_id(order, dispatcher, tracker, domain) if order else {}
        return [*(SlotSet(name, value) for name, value in found.items()), SlotSet("misses", 0)]

    def _untold(self, tracker: Tracker) -> list[EventType]:
        """What Rasa has taken from a message that was no answer; the order in question stays."""
        order = tracker.get_slot("order")
        stays = {"order_id": order["order_id"]} if order else {}
        return [SlotSet(name, stays.get(name)) for name in tracker.slots_to_validate() if name != "requested_slot"]


class LeaveForm(Action):
    """What was begun is dropped, the order it was about too."""

    def name(self) -> str:
        """As the rules call it."""
        return "action_leave_form"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> list[EventType]:
        """Says nothing, unless something else was begun before."""
        return [*finished(dispatcher, tracker, tracker.active_loop_name), SlotSet("order_id", None)]


class Resume(Action):
    """The customer goes on with what another task had interrupted."""

    def name(self) -> str:
        """As the rules call it."""
        return "action_resume"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> list[EventType]:
        """Opens the form with what was told before."""
        return resumed(dispatcher, tracker)


def resumed(dispatcher: CollectingDispatcher, tracker: Tracker) -> list[EventType]:
    """The interrupted form, opened again; when there is none, what would the customer like."""
    paused = tracker.get_slot("paused")
    if not paused:
        dispatcher.utter_message(response="utter_what_next")
        return []
    told = [SlotSet(name, value) for name, value in paused["slots"].items()]
    return [*forgotten(), *told, SlotSet("paused", None), FollowupAction(paused["form"])]


def finished(dispatcher: CollectingDispatcher, tracker: Tracker, form: str) -> list[EventType]:
    """The task of this form is over; what it had interrupted is offered again."""
    paused = tracker.get_slot("paused")
    if not paused:
        return forgotten()
    if paused["form"] == form:
        return [*forgotten(), SlotSet("paused", None)]
    dispatcher.utter_message(response="utter_ask_resume", task=words.pick(tracker, *words.FORMS[paused["form"]]))
    return [*forgotten(), SlotSet("offer", "resume")]


def forgotten() -> list[EventType]:
    """Nothing is being asked any more; the order stays known, and that the customer has proven to be its owner."""
    gathered = (
        "order", "order_total", "reason", "address", "title", "email", "wish", "details", "callback_phone",
        "requested_slot", "offer",
    )
    return [ActiveLoop(None), SlotSet("misses", 0), *_unconfirmed(), *(SlotSet(name, None) for name in gathered)]


def _unconfirmed() -> list[EventType]:
    return [SlotSet(name, None) for name in ("confirm", "code", "challenge")]


def is_aside(tracker: Tracker) -> bool:
    """Is the message about something else than the free text that was asked for?"""
    is_text = intent_of(tracker) in ANSWERS - {"affirm", "deny"} and not is_question(tracker)
    return not is_text or tells_order_or_email(tracker)


def tells_order_or_email(tracker: Tracker) -> bool:
    """Does the message fill a slot of another kind than free text?"""
    told = {entity["entity"] for entity in tracker.latest_message["entities"]}
    return bool(told & {"order_id", "email"})


def tells_another_order(tracker: Tracker) -> bool:
    """Does the message name an order that is not the one in question?"""
    told = {re.sub(r"\s", "", e["value"]).upper() for e in tracker.latest_message["entities"] if e["entity"] == "order_id"}
    order = tracker.get_slot("order")
    return bool(told - {order["order_id"]} if order else set())


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
