"""Corrections: a customer names something that a form asks for, and tells it anew ("no wait, the title is …")."""

import re
from functools import lru_cache
from typing import NamedTuple

from rasa_sdk import Tracker

from kefu_engine.actions.words import NAMES

# What each form gathers, in the order in which it asks.
GATHERED: dict[str, tuple[str, ...]] = {
    "order_status_form": ("order_id",),
    "return_status_form": ("order_id",),
    "refund_form": ("order_id", "reason"),
    "address_form": ("order_id", "address"),
    "invoice_form": ("order_id", "title", "email"),
    "change_form": ("order_id", "wish"),
    "complaint_form": ("details",),
    "callback_form": ("callback_phone",),
}
# What is found in a message by its shape; the rest is free text.
SHAPED = {"order_id": "order_id", "email": "email", "callback_phone": "phone"}
# Of these the whole clause is told: "the size should be XL", not "XL".
WHOLE = frozenset({"wish", "details"})

BARE_NUMBER = re.compile(r"\D*(\d{8})\D*")
OPENING = r"""
    (?:(?:不对|不是|不|停|等等|等一下|等下|抱歉|不好意思|更正一下|更正|哦|噢|其实|我是说|(?:我)?(?:刚才|刚刚)?(?:写|说|填|弄|搞)?错了
      |(?:no|nope|stop|wait|hold\son|hang\son|sorry|actually|oops|oh|but|i\smeant?|my\smistake|correction
      |i(?:'ve)?\smade\sa\smistake)(?![a-z]))[\s,，。.!！;；:：、…-]*)
"""
BEFORE_NAME = r"""
    (?:(?:请|麻烦|帮我|给我|把|将|我的|我|这个|那个|正确的|新的?
      |(?:please|change|correct|set|update|switch|the|my|our|this|that|new|right)(?![a-z]))\s*)*
"""
WRONG = r"""
    (?:(?:我|刚才|刚刚|前面|上面|之前)*(?:写|填|说|弄|搞)?(?:错了|不对|有误)|是错的|不是这(?:个|样)|(?:is|was)\s(?:wrong|incorrect|not\s(?:right|correct)))
"""
END = r"\s*(?:[,，。.;；!！]|$)"
LINK = r"""
    (?:应该是|应该写|应当是|应为|是|改成|改为|换成|写成|写|填|[:：]
      |(?:(?:it|that)\s)?(?:should\s(?:be|read)|is\ssupposed\sto\sbe|is\sactually|is\snow|is|was|to)(?![a-z])|it's)[\s:：]*
"""
VALUE = r"(?P<value>.{2,})"
UNNAMED = re.compile(
    rf"(?:{OPENING}+{LINK}|(?:{OPENING})*(?:改成|改为|换成|make\sit)[\s:：]*){VALUE}",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
ASKING = re.compile(r"什么|啥|谁|哪|多少|怎么|(?:what|which|who|where|how)\b", re.IGNORECASE)
DENYING = re.compile(r"不|not?\b", re.IGNORECASE)
TAIL = re.compile(r"(?:\s*[,，]\s*(?:而)?(?:不是|not\s).*)?(?:才对|才是|吧)?[。！!]*$", re.IGNORECASE | re.DOTALL)


class Correction(NamedTuple):
    """What is told anew of a form's slot; None when it is only said to be wrong."""

    slot: str
    value: str | None


def correction_of(tracker: Tracker, form: str) -> Correction | None:
    """The correction in the latest message, if it is one of something that this form gathers.

    What has no name ("no, it should be …") is meant for the form's free text while a yes is asked.
    """
    text, slots, asked = tracker.latest_message["text"].strip(), GATHERED[form], tracker.get_slot("requested_slot")
    if text.startswith("/") or text.endswith(("?", "？")):
        return None
    found = _pattern(slots).fullmatch(text)
    if found is None and (wrong := _wrong_pattern(slots).fullmatch(text)):
        slot = _names(slots)[" ".join(wrong["name"].lower().split())]
        # Asked why, "wrong order" is what was sent.
        return Correction(slot, None) if tracker.get_slot(slot) and asked not in ("reason", *WHOLE, slot) else None
    if found is None:
        free = [slot for slot in slots if slot not in SHAPED]
        told = UNNAMED.fullmatch(text) if free and asked == "confirm" and not _shaped(tracker, slots) else None
        return Correction(free[0], told["value"].strip()) if told else None
    slot = _names(slots)[" ".join(found["name"].lower().split())]
    if slot in WHOLE:
        told_whole = found["value"] and asked != slot  # what was asked for is an answer
        return Correction(slot, found["clause"].strip()) if told_whole else None
    if found["value"] is None:
        return Correction(slot, None) if tracker.get_slot(slot) and asked != slot else None
    value = found["value"] if slot in SHAPED else TAIL.sub("", found["value"].strip())
    return _told(tracker, slots, slot, value)


def _told(tracker: Tracker, slots: tuple[str, ...], slot: str, value: str) -> Correction | None:
    if ASKING.match(value):
        return None
    if slot not in SHAPED:
        return None if len(value) < 2 or _shaped(tracker, slots) else Correction(slot, value)
    entities = [e["value"] for e in tracker.latest_message["entities"] if e["entity"] == SHAPED[slot]]
    bare = BARE_NUMBER.fullmatch(value) if slot == "order_id" else None
    if DENYING.match(value) or not (entities or bare):
        return None
    return Correction(slot, entities[0] if entities else f"KF{bare[1]}" if bare else None)


def _shaped(tracker: Tracker, slots: tuple[str, ...]) -> bool:
    """Does the message tell something of the form that is known by its shape?"""
    told = {entity["entity"] for entity in tracker.latest_message["entities"]}
    return any(SHAPED.get(slot) in told for slot in slots)


@lru_cache
def _names(slots: tuple[str, ...]) -> dict[str, str]:
    return {name: slot for slot in slots for language in NAMES[slot] for name in language}


@lru_cache
def _either(slots: tuple[str, ...]) -> str:
    names = sorted(_names(slots), key=len, reverse=True)
    return "|".join(r"\s+".join(map(re.escape, name.split())) for name in names)


@lru_cache
def _wrong_pattern(slots: tuple[str, ...]) -> re.Pattern[str]:
    """What is wrong before its name: "wrong order", "写错地址了"."""
    wrong = (
        r"(?:(?:我|刚才|刚刚)*(?:写|填|说|弄|搞|报)错|(?:that(?:'s|\sis|\swas)\s)?(?:the\s|an?\s)?(?:wrong|incorrect))"
    )
    return re.compile(
        rf"(?:{OPENING})*{wrong}\s*(?P<name>{_either(slots)})了?[\s。.!！]*",
        re.VERBOSE | re.IGNORECASE,
    )


@lru_cache
def _pattern(slots: tuple[str, ...]) -> re.Pattern[str]:
    either = _either(slots)
    return re.compile(
        rf"""
        (?:{OPENING})*
        (?P<clause>
            {BEFORE_NAME} (?P<name>{either})(?![a-z]) (?:\s+(?:on|for)\s(?:it|that|this|the\s\w+))? \s*
            (?: (?:{WRONG}[\s,，。.;；!！]* | (?!{WRONG}{END})) {LINK} {VALUE} | {WRONG}{END}.* )
        )
        """,
        re.VERBOSE | re.IGNORECASE | re.DOTALL,
    )
