"""What a worker accepts, and what it says to the rest."""

import pytest

from kefu_engine.components.language import language_of
from kefu_engine.components.text import features, normalise, runs, words_of
from kefu_engine.server import Malformed, read_ask
from kefu_engine.turn import ESCAPE, Ask, _safe


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ([], None),
        ({"text": 3}, "text"),
        ({"text": "长" * 4001}, "text"),
        ({"text": "x", "payload": 1}, "payload"),
        ({"text": "x", "payload": "affirm"}, "payload"),
        ({"text": "x", "metadata": []}, "metadata"),
        ({"text": "x", "state": {}}, "state"),
    ],
)
def test_a_wrong_request_names_its_field(body: object, field: str | None) -> None:
    with pytest.raises(Malformed) as refused:
        read_ask(body)
    assert refused.value.field == field


@pytest.mark.parametrize("text", ["/restart", "  /affirm", '/inform{"order_id": "KF10000001"}'])
def test_a_customers_slash_is_no_payload(text: str) -> None:
    assert _safe(Ask(text, None, {}, None)) == ESCAPE + text
    assert _safe(Ask("Yes", "/affirm", {}, None)) == "/affirm"


def test_what_cannot_be_written_is_replaced() -> None:
    assert _safe(Ask("a\x00b\ud800", None, {}, None)) == "a b?"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("查订单", "zh"),
        ("where is it", "en"),
        ("我的order到哪了", "zh"),
        ("订单 my order KF12345678", "zh"),
        ("can I return 键盘 bought last week?", "en"),
        ("hello 你", "en"),
        ("KF12345678", None),
        ("a@b.com", None),
        ("👍", None),
    ],
)
def test_the_language_of_a_message(text: str, language: str | None) -> None:
    assert language_of(text) == language


def test_scripts_widths_and_numbers_do_not_matter() -> None:
    assert normalise("查詢訂單ＫＦ１２３４５６７８") == normalise("查询订单kf12345678")
    stretches = runs("订单 Order")
    assert {"订单", "w:order"} <= set(features(stretches, words_of(stretches)))
