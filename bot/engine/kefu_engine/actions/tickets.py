"""What the bot cannot settle becomes a ticket: a complaint, or a call that somebody wants."""

import re

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from kefu_engine.actions import words
from kefu_engine.actions.asking import Asking, Domain, Slots, is_question, is_yes_or_no
from kefu_engine.actions.submitting import Submitting
from kefu_engine.actions.turn import has_just_opened, intent_of, said_for

LONGEST_DETAILS = 1000
PHONE = re.compile(r"\+?\d(?:[ -]?\d){6,14}")
# Said when asked what went wrong, these are wishes of their own.
ASIDES = frozenset({"human", "stop", "skip", "repeat", "greet", "goodbye", "thanks", "help", "file_complaint"})

CLAUSE = re.compile(r"[,，.。;；:：!！?？\n]+")
NAMING = re.compile(r"投诉|举报|complain|report", re.IGNORECASE)
WORD = re.compile(r"[\u4e00-\u9fff]{2}|[a-z']+", re.IGNORECASE)
STORY = 5
"""Words, or pairs of Chinese characters, beside the wish to complain that tell what happened."""


class ValidateComplaintForm(Asking):
    """Needs what went wrong, and a yes."""

    form = "complaint_form"

    def extract_details(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Slots:
        """What happened, when it comes with the wish to complain."""
        text = tracker.latest_message["text"]
        told = sum(len(WORD.findall(clause)) for clause in CLAUSE.split(text) if not NAMING.search(clause))
        return {"details": text} if has_just_opened(tracker) and told >= STORY else {}

    def validate_details(self, value: str, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Slots:
        """Whatever the customer tells: a complaint sounds like many other things."""
        told = value.strip()
        if has_just_opened(tracker):
            return {"details": told[:LONGEST_DETAILS]}
        aside = (intent_of(tracker) in ASIDES or is_yes_or_no(tracker)) and not self.correction(tracker)
        fits = len(told) >= 4 and not aside and not is_question(tracker)
        return {"details": told[:LONGEST_DETAILS] if fits else None}


class FileComplaint(Submitting):
    """The complaint, as a ticket."""

    form = "complaint_form"

    def name(self) -> str:
        """As the rules call it."""
        return "action_file_complaint"

    async def submit(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        """As Submitting."""
        dispatcher.utter_message(response="utter_complaint_filed")
        open_ticket(dispatcher, "complaint", words.pick(tracker, "客户投诉", "Complaint"), tracker.get_slot("details"))


class ValidateCallbackForm(Asking):
    """Needs a phone number, and a yes."""

    form = "callback_form"

    def validate_callback_phone(
        self, value: str, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> Slots:
        """Seven digits or more."""
        found = PHONE.search(value)
        return {"callback_phone": found.group() if found else None}


class CallBack(Submitting):
    """The call, as a ticket."""

    form = "callback_form"

    def name(self) -> str:
        """As the rules call it."""
        return "action_call_back"

    async def submit(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
        """As Submitting."""
        phone = tracker.get_slot("callback_phone")
        dispatcher.utter_message(response="utter_call_back_noted")
        title = words.pick(tracker, f"回电 {phone}", f"Call {phone}")
        open_ticket(dispatcher, "callback", title, said_for(tracker, "call_back"))


def open_ticket(dispatcher: CollectingDispatcher, type: str, title: str, text: str) -> None:
    """Ask the platform for it."""
    dispatcher.utter_message(json_message={"ticket": {"type": type, "title": title, "text": text}})
