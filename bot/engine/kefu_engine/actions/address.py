"""Sending an order elsewhere."""

import re
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from kefu_engine.actions import words
from kefu_engine.actions.asking import Domain, Slots, tells
from kefu_engine.actions.identity import Proving
from kefu_engine.actions.submitting import ChangingOrder
from kefu_engine.actions.turn import has_just_opened

LONGEST_ADDRESS = 200
HAN = re.compile(r"[\u4e00-\u9fff]")
PLACES = re.compile(r"[省市区县镇乡村路街道巷弄号室楼栋座]")
SAID_BEFORE = re.compile(
    r"(?:(?:我的|新|收货)*地址(?:是|改成|改为|换成)?|(?:请)?(?:送|寄|改)(?:到|成)"
    r"|(?:(?:the|my) )?(?:new )?address (?:is|should be)|(?:ship|send|deliver) (?:it )?to)[\s:：]*",
    re.IGNORECASE,
)

LED_IN = re.compile(
    r"""
      (?: 改成|改为|改到|改寄到?|换成|换到|寄到|送到|发到
        | 地址(?:是|为)?[:：\s]
        | \b(?:go|ship(?:ped)?|send|sent|deliver(?:y|ed)?|change|address)\b.{0,60}?\bto\b
        | \baddress(?:\sis|\sshould\sbe|:)
      ) [\s:：]* (?P<address>.+)
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
SAID_AFTER = re.compile(
    r"[\s,，。.!！?？]*(?:instead|please|thanks|thank you|谢谢|可以吗|行吗|吧)?[\s,，。.!！?？]*$", re.IGNORECASE
)


class ValidateAddressForm(Proving):
    """Needs an order, an address and a yes."""

    form, wish = "address_form", "address"

    def extract_address(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Slots:
        """One told with the wish itself, or another one instead of a yes."""
        if has_just_opened(tracker):
            led_in = LED_IN.search(tracker.latest_message["text"])
            address = SAID_AFTER.sub("", led_in["address"]) if led_in else ""
            return {"address": address} if is_address(address) else {}
        told = tracker.get_slot("requested_slot") == "confirm" and not tells(tracker, "order_id", "email")
        address = tracker.latest_message["text"]
        return {"address": address} if told and is_address(address) else {}

    def validate_address(self, value: str, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain) -> Slots:
        """A full address."""
        address = SAID_BEFORE.sub("", value.strip(), count=1)
        fits = is_address(address) and not _holds_more(address, tracker)
        return {"address": address[:LONGEST_ADDRESS] if fits else None}


class ChangeAddress(ChangingOrder):
    """The new address."""

    form, wish, slots = "address_form", "address", ("address",)

    def name(self) -> str:
        """As the rules call it."""
        return "action_change_address"

    def tell(self, dispatcher: CollectingDispatcher, tracker: Tracker, answer: dict[str, Any]) -> None:
        """The order as it stands now."""
        dispatcher.utter_message(response="utter_address_changed")
        dispatcher.utter_message(json_message={"card": words.order_card(tracker, answer)})


def is_address(text: str) -> bool:
    """Does it name a street and a number, in either language?"""
    if not re.search(r"\d", text):
        return False
    if HAN.search(text):
        return len(text) >= 8 and len(PLACES.findall(text)) >= 2
    return len(text) >= 12 and len(text.split()) >= 3


def _holds_more(address: str, tracker: Tracker) -> bool:
    """Is there an order number or an address of mail in it?"""
    text, found = tracker.latest_message["text"], tracker.latest_message["entities"]
    return any(e["entity"] in ("order_id", "email") and text[e["start"] : e["end"]] in address for e in found)
