"""Days, amounts, numbers and products in customers' words."""

import json
from datetime import date

import pytest

from kefu_engine.components.entities import PatternEntities
from kefu_engine.components.numerals import number_of
from kefu_engine.components.values import values
from kefu_engine.evaluation.entities import evaluate
from kefu_engine.evaluation.examples import Unreadable

TODAY = date(2026, 11, 25)  # a Wednesday


def found(text, kind):
    return [one["value"] for one in values(text, TODAY) if one["entity"] == kind]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("上周五退的", "2026-11-20"),
        ("星期三下的单", "2026-11-25"),
        ("改到下周二", "2026-12-01"),
        ("6号付的", "2026-11-06"),
        ("下个月三号", "2026-12-03"),
        ("去年十二月二十日", "2025-12-20"),
        ("两周前", "2026-11-11"),
        ("2025.12.1", "2025-12-01"),
        ("order昨天shipped", "2026-11-24"),
        ("last Monday", "2026-11-23"),
        ("the 3rd of June", "2026-06-03"),
        ("January 5", "2027-01-05"),
        ("March 2nd, 2025", "2025-03-02"),
        ("in two weeks", "2026-12-09"),
        ("3 months ago", "2026-08-25"),
        ("a week from today", "2026-12-02"),
        ("THE DAY BEFORE YESTERDAY", "2026-11-23"),
    ],
)
def test_a_day_is_read(text, day):
    assert found(text, "date") == [day]


@pytest.mark.parametrize(
    "text",
    [
        "每周三打折",
        "周一到周五",
        "1号楼",
        "2月30日",
        "may I ask",
        "Monday to Friday",
        "on the 2nd item",
        "within 3 days",
    ],
)
def test_what_names_no_day_is_left_alone(text):
    assert found(text, "date") == []


def test_months_end_where_they_end():
    assert [one["value"] for one in values("a month ago", date(2026, 3, 31))] == ["2026-02-28"]


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("￥1,200.50", "1200.5 CNY"),
        ("九十九元", "99 CNY"),
        ("5块8", "5.8 CNY"),
        ("两万零五十元", "20050 CNY"),
        ("1.5万块", "15000 CNY"),
        ("refund me twenty five dollars", "25 USD"),
        ("one hundred and fifty usd", "150 USD"),
        ("$1.5k", "1500 USD"),
        ("２０元", "20 CNY"),
    ],
)
def test_an_amount_is_read(text, amount):
    assert found(text, "amount") == [amount]


@pytest.mark.parametrize("text", ["一块去", "这块表", "买了3件", "300 ml", "排了20分钟"])
def test_what_is_no_money_is_left_alone(text):
    assert found(text, "amount") == []


@pytest.mark.parametrize(
    ("said", "number"), [("三百五", 350), ("一百零五", 105), ("二〇二六", 2026), ("十二", 12), ("1.2万", 12_000)]
)
def test_numerals(said, number):
    assert number_of(said) == number


def test_identifiers_and_products_have_one_spelling():
    learned = {
        "patterns": [["order_id", r"[Kk][Ff][\s-]?\d{8}"], ["email", r"\S+@\S+"]],
        "lists": {"product": {"power bank": "power bank", "键盘": "键盘", "tablet": "tablet"}},
    }
    patterns = PatternEntities(None, None, learned)
    said = {
        text: [one["value"] for one in patterns.find(text)]
        for text in ("ｋｆ-12345678", "Power Banks和Tablet", "a@b.cn", "tabletop")
    }
    assert said == {
        "ｋｆ-12345678": ["KF12345678"],
        "Power Banks和Tablet": ["power bank", "tablet"],
        "a@b.cn": ["a@b.cn"],
        "tabletop": [],
    }


def test_entities_are_measured_by_kind(tmp_path):
    (tmp_path / "nlu").mkdir()
    (tmp_path / "nlu" / "e.yml").write_text(
        'version: "3.1"\nnlu:\n- regex: order_id\n  examples: |\n    - KF\\d{8}\n', "utf-8"
    )
    rows = [
        {
            "text": "KF12345678 yesterday",
            "entities": [{"entity": "order_id", "value": "KF12345678"}, {"entity": "date", "value": "2026-11-24"}],
        },
        {"text": "someday", "entities": [{"entity": "date", "value": "2026-12-01"}]},
    ]
    test = tmp_path / "t.jsonl"
    test.write_text("".join(json.dumps({**row, "today": "2026-11-25"}) + "\n" for row in rows), "utf-8")
    report = evaluate(tmp_path / "nlu", test)
    assert report["kinds"]["date"] == {"precision": 1.0, "recall": 0.5, "f1": pytest.approx(2 / 3), "support": 2}
    assert report["exact"] == 0.5
    assert [one["text"] for one in report["wrong"]] == ["someday"]
    test.write_text('{"text": "a", "today": "soon", "entities": []}\n', "utf-8")
    with pytest.raises(Unreadable, match=r"t.jsonl:1: today"):
        evaluate(tmp_path / "nlu", test)
