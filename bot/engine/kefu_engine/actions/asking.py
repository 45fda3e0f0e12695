"""How every form talks: it answers what is asked in between, can be left and corrected, and offers a person in time."""

import re
from abc import ABC, abstractmethod
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionExecutionRejected, ActiveLoop, EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.forms import FormValidationAction
from rasa_sdk.utils import call_potential_coroutine

from kefu_engine.actions import shop, words
from kefu_engine.actions.correcting import BARE_NUMBER, GATHERED, SHAPED, Correction, correction_of
from kefu_engine.actions.turn import done_in_turn, has_acted, has_just_opened, intent_of, open_offer, orders_in

Domain = dict[str, Any]
Slots = dict[str, Any]

MISSES_BEFORE_OFFER = 2
SURE_ASIDE = 0.7
"""Where free text is asked for, a wish that is less sure than this is taken for the answer."""
SURE_YES_OR_NO = 0.9
RESUMING = {"action_resume", "action_accept", "action_decline", "action_clarify", "action_take_up"}
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
UNMARKED = re.compile(
    r"""(?: (?:what|where|when|which|why|how)(?:'s|\s(?:is|are|do|does|did|will|can|should|much|many|long|about)\b).*
        | (?:do\syou|is\sthere|are\sthere)\b.*
        | .*(?:吗|多少|多少钱|几点|哪里|怎么算|什么时候)[\s。!！~]*
    )""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
"""Questions without their mark."""


class Asking(FormValidationAction, ABC):
    """The validation of one form; the slots of the form are validated by `validate_<slot>` as Rasa has it.

    A validation that says None leaves the slot open and itself says nothing, unless it knows better than
    `utter_missed_<slot>` what was wrong.
    """

    @property
    @abstractmethod
    def form(self) -> str:
        """The form's name."""

    @property
    def own(self) -> tuple[str, ...]:
        """What the customer tells, and need not tell again after another task."""
        return GATHERED[self.form]

    def name(self) -> str:
        """As Rasa looks it up."""
        return f"validate_{self.form}"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> list[EventType]:
        """Validate what was told; what is no answer is left to the rules, and Rasa comes back to ask again."""
        if has_just_opened(tracker):
            if done_in_turn(tracker) & RESUMING:
                return await self._resumed(dispatcher, tracker, domain)
            if corrects_paused(tracker) and (paused := tracker.get_slot("paused"))["form"] == self.form:
                tracker.slots.update(paused["slots"])
                resumed = await self._resumed(dispatcher, tracker, domain)
                return [*_set(paused["slots"]), SlotSet("paused", None), *resumed]
            return [*await super().run(dispatcher, tracker, domain), SlotSet("misses", 0)]
        misses = tracker.get_slot("misses")
        if has_acted(tracker, besides=self.form):
            return [*await self._told_beside(dispatcher, tracker, domain), SlotSet("misses", misses)]
        if correction := self.correction(tracker):
            return await self._corrected(correction, dispatcher, tracker, domain)
        intent, asked = intent_of(tracker), tracker.get_slot("requested_slot")
        if open_offer(tracker) and intent in ("affirm", "deny"):
            return self._leave(tracker)
        other = intent == "nlu_fallback" or OPENS.get(intent, self.form) != self.form
        if other and tells_another_order(tracker):
            return self._leave(tracker)  # an order changes only where that was surely meant
        if intent == "skip":
            return self._skip(dispatcher, tracker, asked)
        if intent == "dont_know" and not self._told_now(tracker):
            return self._unknown(dispatcher, tracker, asked)
        events = await super().run(dispatcher, tracker, domain)
        if any(_moves_on(event) for event in events):
            return [*events, SlotSet("misses", 0)]
        if dispatcher.messages or intent in ANSWERS:
            return [*events, SlotSet("misses", _miss(dispatcher, asked, misses + 1))]
        return self._leave(tracker) if OPENS.get(intent) != self.form else [*events, SlotSet("misses", misses)]

    def correction(self, tracker: Tracker) -> Correction | None:
        """What the latest message corrects of this form."""
        return correction_of(tracker, self.form)

    def extract_order_id(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Slots:
        """Of two numbers the one that is meant ("KF…, not KF…"); one without its letters when it was asked for."""
        told = orders_in(tracker.latest_message)
        if len(told) == 1 and tells(tracker, "order_id"):
            return {"order_id": told[0]}
        bare = BARE_NUMBER.fullmatch(tracker.latest_message["text"])
        return {"order_id": f"KF{bare[1]}"} if bare and tracker.get_slot("requested_slot") == "order_id" else {}

    async def validate_order_id(
        self, value: str, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> Slots:
        """One order that the shop knows; when the shop is away the form ends and a person is offered."""
        if len(several := orders_in(tracker.latest_message)) > 1:
            dispatcher.utter_message(response="utter_several_orders", numbers=", ".join(several))
            return {"order_id": None, "order": None}
        number = re.sub(r"\s", "", value).upper()
        try:
            order = await shop.order(number) if ORDER_ID.fullmatch(number) else None
        except shop.ShopAway:
            dispatcher.utter_message(response="utter_shop_away")
            return {"order_id": None, "requested_slot": None, "offer": "failed"}
        if order is None:
            dispatcher.utter_message(response="utter_order_unknown", number=number)
            return {"order_id": None, "order": None}
        dispatcher.utter_message(json_message={"figures": {"order_value": order["total"]}})
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
        untold = [
            event for event in self._untold(tracker) if event["name"] != "order_id"
        ]  # it may be about another one
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

    def _unknown(self, dispatcher: CollectingDispatcher, tracker: Tracker, asked: str) -> list[EventType]:
        """A reason may stay open; of the rest the customer hears where to find it, and who can help."""
        if asked == "reason":
            return self._skip(dispatcher, tracker, asked)
        dispatcher.utter_message(response="utter_find_order_id" if asked == "order_id" else "utter_cannot_skip")
        return [*self._untold(tracker), SlotSet("misses", tracker.get_slot("misses"))]

    async def _told_beside(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> list[EventType]:
        """What came with something that has been replied to is an answer only if its shape says so."""
        asked, entities = tracker.get_slot("requested_slot"), tracker.latest_message["entities"]
        told = next((e["value"] for e in entities if e["entity"] == SHAPED.get(asked)), None)
        if told is None:
            return self._untold(tracker)
        validate = getattr(self, f"validate_{asked}")
        return [
            *self._untold(tracker),
            *_set(await call_potential_coroutine(validate(told, dispatcher, tracker, domain))),
        ]

    def _told_now(self, tracker: Tracker) -> bool:
        """Does the message tell, by its shape, something that the form gathers?"""
        return any(SHAPED.get(slot) in {e["entity"] for e in tracker.latest_message["entities"]} for slot in self.own)

    async def _corrected(
        self, correction: Correction, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> list[EventType]:
        """Only what was named changes, not what the question was about."""
        mine = {*self.own, "confirm", "code"} - {correction.slot}
        untold = [event for event in self._untold(tracker) if event["name"] in mine]
        return [*untold, *await self._retold(correction, dispatcher, tracker, domain)]

    async def _retold(
        self, correction: Correction, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> list[EventType]:
        """The new value, if it can be one; a yes that was given to what stood before is asked for again."""
        (slot, value), misses = correction, tracker.get_slot("misses")
        events = [SlotSet("confirm", None), SlotSet("misses", 0)]
        if value is None:
            return [*events, SlotSet(slot, None), *([SlotSet("order", None)] if slot == "order_id" else [])]
        validate = getattr(self, f"validate_{slot}")
        found = await call_potential_coroutine(validate(value, dispatcher, tracker, domain))
        if found[slot] is None:
            told_now = slot == "order_id" or slot in tracker.slots_to_validate()
            kept = {} if told_now else {slot: tracker.get_slot(slot)}
            missed = misses if "requested_slot" in found else _miss(dispatcher, slot, misses + 1)
            return [*events, *_set({**found, **kept}), SlotSet("misses", missed)]
        if not self._shows_next(slot, tracker):
            what = words.pick(tracker, *(names[0] for names in words.NAMES[slot]))
            dispatcher.utter_message(response="utter_corrected", what=what, value=found[slot])
        return [*events, *_set(found)]

    def _shows_next(self, slot: str, tracker: Tracker) -> bool:
        """Is what was told the answer to the question, or shown by the next one, which asks for the yes?"""
        asked, rest = tracker.get_slot("requested_slot"), [name for name in self.own if name != slot]
        return asked == slot or (asked not in rest and all(tracker.get_slot(name) for name in rest))

    async def _resumed(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> list[EventType]:
        """What was told before stands; only the order is looked at again."""
        order = tracker.get_slot("order_id")
        found = await self.validate_order_id(order, dispatcher, tracker, domain) if order else {}
        correction = self.correction(tracker)
        changed = await self._retold(correction, dispatcher, tracker, domain) if correction else []
        return [*_set(found), SlotSet("misses", 0), *changed]

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
    """The interrupted form, opened again; when there is none, the open one, or what the customer would like."""
    paused = tracker.get_slot("paused")
    if not paused:
        if not tracker.active_loop_name:  # an open form asks on by itself
            dispatcher.utter_message(response="utter_what_next")
        return []
    told = [SlotSet(name, value) for name, value in paused["slots"].items()]
    return [*forgotten(), *told, SlotSet("paused", None), FollowupAction(paused["form"])]


def corrects_paused(tracker: Tracker) -> bool:
    """Is the answer to "shall we go on?" a correction of what was told then?"""
    paused = tracker.get_slot("paused")
    return bool(paused) and open_offer(tracker) == "resume" and correction_of(tracker, paused["form"]) is not None


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
        "order",
        "order_total",
        "reason",
        "address",
        "title",
        "email",
        "wish",
        "details",
        "callback_phone",
        "requested_slot",
        "offer",
    )
    return [ActiveLoop(None), SlotSet("misses", 0), *_unconfirmed(), *(SlotSet(name, None) for name in gathered)]


def _unconfirmed() -> list[EventType]:
    return [SlotSet(name, None) for name in ("confirm", "code", "challenge")]


def is_aside(tracker: Tracker) -> bool:
    """Is the message about something else than the free text that was asked for?"""
    intent = intent_of(tracker)
    is_wish = intent in words.INTENTS and intent != "human"
    unsure = is_wish and tracker.latest_message["intent"]["confidence"] < SURE_ASIDE
    is_text = (unsure or intent in ANSWERS) and not is_yes_or_no(tracker)
    asks = is_question(tracker) or UNMARKED.fullmatch(tracker.latest_message["text"].strip())
    return not is_text or bool(asks) or tells(tracker, "order_id", "email", "tracking_number", "coupon_code")


def is_yes_or_no(tracker: Tracker) -> bool:
    """Is the message surely a yes or a no? "I don't need it any more" is much like a no, and tells something."""
    return intent_of(tracker) in ("affirm", "deny") and tracker.latest_message["intent"]["confidence"] >= SURE_YES_OR_NO


def tells(tracker: Tracker, *kinds: str) -> bool:
    """Does the message tell something of one of these kinds, known by its shape?"""
    return any(entity["entity"] in kinds for entity in tracker.latest_message["entities"])


def tells_another_order(tracker: Tracker) -> bool:
    """Does the message name an order that is not the one in question?"""
    order = tracker.get_slot("order")
    return bool(order and set(orders_in(tracker.latest_message)) - {order["order_id"]})


def is_question(tracker: Tracker) -> bool:
    """Does the message end as questions do?"""
    return bool(tracker.latest_message["text"].rstrip().endswith(("?", "？")))


def _set(slots: Slots) -> list[EventType]:
    return [SlotSet(name, value) for name, value in slots.items()]


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
