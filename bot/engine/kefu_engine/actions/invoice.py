"""Issuing an invoice."""

import re
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from kefu_engine.actions import words
from kefu_engine.actions.asking import Domain, Slots, is_aside, tells
from kefu_engine.actions.identity import Proving
from kefu_engine.actions.submitting import ChangingOrder

LONGEST_TITLE = 100
SAID_BEFORE = re.compile(
    r"""
      (?: (?:发票)?抬头(?:写|是|开)? | 公司名称是 | (?:就?(?:写|开)(?:给)?)?我(?:的|自己的)?(?:名字|姓名)(?:是|叫)?
        | make\sit\sout\sto | company\sname\sis
        | (?:(?:just|only|in|under|use|it's)\s)*my\s(?:own\s|full\s)?name(?:\sis)?(?![a-z])
      ) [\s:：,，]*
    """,
    re.VERBOSE | re.IGNORECASE,
)
EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}")


class ValidateInvoiceForm(Proving):
    """Needs an order, a name, an email address and a yes."""

    form, wish = "invoice_form", "invoice"

    def validate_title(self, value: str, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Slots:
        """A name, unless the customer speaks of something else."""
        said = value.strip()
        before = SAID_BEFORE.match(said)
        title = said[before.end() :] if before else said
        aside = not self.correction(tracker) and is_aside(tracker)
        return {"title": title if 2 <= len(title) <= LONGEST_TITLE and not aside else None}

    def extract_email(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Slots:
        """What was meant as an address, so that the customer hears what is wrong with it."""
        said = tracker.latest_message["text"]
        meant = tracker.get_slot("requested_slot") == "email" and "@" in said and not tells(tracker, "email")
        return {"email": said} if meant else {}

    def validate_email(self, value: str, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Slots:
        """An address that mail can be sent to."""
        if EMAIL.fullmatch(value):
            return {"email": value}
        dispatcher.utter_message(response="utter_missed_email")
        return {"email": None}


class IssueInvoice(ChangingOrder):
    """The invoice."""

    form, wish, slots = "invoice_form", "invoice", ("title", "email")

    def name(self) -> str:
        """As the rules call it."""
        return "action_issue_invoice"

    def tell(self, dispatcher: CollectingDispatcher, tracker: Tracker, answer: dict[str, Any]) -> None:
        """Where it went, and a link to it."""
        dispatcher.utter_message(response="utter_invoice_issued")
        dispatcher.utter_message(json_message={"card": words.invoice_card(tracker, answer)})
