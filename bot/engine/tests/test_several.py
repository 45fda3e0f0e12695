"""Where a message is taken apart, and in which order its wishes are taken."""

import re

import pytest

from kefu_engine.actions.several import Part, parts_of
from kefu_engine.components.clauses import wishes
from kefu_engine.evaluation.examples import Unreadable
from kefu_engine.evaluation.several import _message, _shares

KNOWN = {
    "退款": "refund",
    "refund": "refund",
    "发票": "invoice",
    "invoice": "invoice",
    "你好": "greet",
    "运费": "shipping",
}


def judge(text):
    """A classifier that knows words: as sure of each as of the others."""
    named = [intent for word, intent in KNOWN.items() if word in text]
    return [(name, 0.9 if len(named) == 1 else 0.9 / len(named)) for name in named] + [("other", 0.1)]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("我要退款，另外开发票", [("我要退款", "refund"), ("开发票", "invoice")]),
        ("我要退款还有开发票", [("我要退款", "refund"), ("开发票", "invoice")]),
        ("a refund, and also an invoice.", [("a refund", "refund"), ("an invoice", "invoice")]),
        ("我要退款，单号123，开发票，抬头是我", [("我要退款 单号123", "refund"), ("开发票 抬头是我", "invoice")]),
        ("买贵了，退款，开发票", [("买贵了 退款", "refund"), ("开发票", "invoice")]),
        ("你好，我要退款", []),
        ("退款，快点退款", []),
        ("退款，怎么还没到", []),
        ("退款", []),
        ("", []),
    ],
)
def test_parts(text, parts):
    found = wishes(text, judge, frozenset({"greet"}))
    assert [(wish.text, wish.intent) for wish in found] == parts
    for wish in found:  # the same words, with whatever stands between them
        assert re.sub(r"\W", "", text[wish.start : wish.end]) == re.sub(r"\W", "", wish.text)


def test_a_long_story_is_one_message():
    assert wishes("退款，发票，" * 4, judge) == []


def several(*intents, text=""):
    wishes = [{"intent": intent, "text": intent, "confidence": 0.9, "start": 0, "end": 0} for intent in intents]
    return {"text": text, "entities": [], "intent": {"name": "refund"}, "wishes": wishes}


INVOICE_WAITS = {"form": "invoice_form", "slots": {}}


@pytest.mark.parametrize(
    ("intents", "parts"),
    [
        (["refund", "shipping_cost"], [Part("shipping_cost"), Part("refund")]),
        (["shipping_cost", "price"], [Part("shipping_cost"), Part("price")]),
        (["refund", "invoice"], [Part("refund", INVOICE_WAITS)]),
        (["refund", "price", "invoice"], [Part("price"), Part("refund", INVOICE_WAITS)]),
        (["cancel_order", "refund"], []),  # one form
        (["cancel_order", "change_order"], [Part("change_order")]),  # what is said last
        (["change_address", "price", "cancel_order"], [Part("price"), Part("cancel_order")]),
        (["refund", "invoice", "change_address"], []),
        (["refund", "human"], []),
        ([], []),
    ],
)
def test_order(intents, parts):
    assert parts_of(several(*intents), None) == parts


def test_inside_a_form_nothing_is_taken_apart():
    assert parts_of(several("refund", "price"), "invoice_form") == []


def numbered(intent, text, wishes=()):
    """A message with the entities of its order numbers; a wish is an intent and its part of the text."""
    numbers = [(m.group(), m.span()) for m in re.finditer(r"KF\d{8}", text)]
    entities = [{"entity": "order_id", "value": n, "start": start, "end": end} for n, (start, end) in numbers]
    found = [
        {"intent": name, "text": part, "start": text.index(part), "end": text.index(part) + len(part)}
        for name, part in wishes
    ]
    return {"text": text, "entities": entities, "intent": {"name": intent}, "wishes": found}


@pytest.mark.parametrize(
    ("intent", "form", "parts"),
    [
        ("order_status", None, [Part("where are KF10000001 and "), Part("KF10000002")]),
        ("inform", "order_status_form", [Part("where are KF10000001 and "), Part("KF10000002")]),
        ("inform", "refund_form", []),
        ("refund", None, []),
    ],
)
def test_orders_are_looked_up_one_after_the_other(intent, form, parts):
    assert parts_of(numbered(intent, "where are KF10000001 and KF10000002"), form) == parts


def test_an_order_that_is_denied_is_not_looked_up():
    assert parts_of(numbered("order_status", "where is KF10000001, not KF10000002"), None) == []


def test_each_wish_keeps_its_own_order():
    text = "refund KF10000002 and where is KF10000001 and an invoice for KF10000003"
    wishes = [
        ("refund", "refund KF10000002"),
        ("order_status", "where is KF10000001"),
        ("invoice", "an invoice for KF10000003"),
    ]
    waits = {"form": "invoice_form", "slots": {"order_id": "KF10000003"}}
    parts = parts_of(numbered("refund", text, wishes), None)
    assert parts == [Part("where is KF10000001"), Part("refund KF10000002", waits)]


def test_figures():
    shares = _shares([(["a", "b"], ["a", "b"]), (["a", "b"], ["b"])])
    assert shares == {"messages": 2, "taken_apart": 0.5, "exact": 0.5, "recall": 0.75}
    with pytest.raises(Unreadable, match="intents"):
        _message({"text": "a", "intents": []})
