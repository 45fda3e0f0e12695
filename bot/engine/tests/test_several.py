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


def several(*intents):
    return [{"intent": intent, "text": intent, "confidence": 0.9} for intent in intents]


@pytest.mark.parametrize(
    ("intents", "parts"),
    [
        (["refund", "shipping_cost"], [Part("shipping_cost"), Part("refund")]),
        (["shipping_cost", "price"], [Part("shipping_cost"), Part("price")]),
        (["refund", "invoice"], [Part("refund", "invoice_form")]),
        (["refund", "price", "invoice"], [Part("price"), Part("refund", "invoice_form")]),
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


def test_figures():
    shares = _shares([(["a", "b"], ["a", "b"]), (["a", "b"], ["b"])])
    assert shares == {"messages": 2, "taken_apart": 0.5, "exact": 0.5, "recall": 0.75}
    with pytest.raises(Unreadable, match="intents"):
        _message({"text": "a", "intents": []})
