"""Every fact has an audience and survives the codec."""

from dataclasses import fields
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversation.codec import UnknownFact, blank, decode, encode, show
from conversation.events import (
    KINDS,
    Audience,
    BotMessage,
    BotReplied,
    Button,
    Card,
    Event,
    Fact,
    MessageReceived,
    written_by_people,
)
from conversation.model import Conversation, fold, fold_all


@pytest.mark.parametrize("kind", KINDS.values())
def test_every_fact_has_an_audience_and_a_description(kind: type[Fact]) -> None:
    assert kind.audience in (Audience.CUSTOMER, Audience.STAFF)
    assert kind.__doc__
    assert not kind.__doc__.startswith(f"{kind.__name__}(")


# Numbers of the log fit into the 64 bits that a database keeps.
st.register_type_strategy(int, st.integers(-(2**63), 2**63 - 1))
st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))  # JSON has no others


@given(st.sampled_from(sorted(KINDS)).flatmap(lambda name: st.from_type(KINDS[name])))
def test_a_fact_survives_the_codec(fact: Fact) -> None:
    assert decode(type(fact).__name__, encode(fact)) == fact


@given(st.sampled_from(sorted(KINDS)).flatmap(lambda name: st.from_type(KINDS[name])))
def test_blanking_leaves_no_words(fact: Fact) -> None:
    blanked = blank(fact)
    for field in fields(blanked):
        if field.name in written_by_people(type(fact)):
            assert not getattr(blanked, field.name)


@given(st.lists(st.sampled_from(sorted(KINDS)).flatmap(lambda name: st.from_type(KINDS[name])), max_size=12))
def test_folding_many_is_folding_one_by_one(facts: list[Fact]) -> None:
    at = datetime(2026, 1, 31, 8, tzinfo=UTC)
    events = [Event(seq, "c1", f"seq:{seq}", at, fact) for seq, fact in enumerate(facts, 1)]
    now = Conversation("c1")
    for event in events:
        now = fold(now, event)
    assert fold_all(Conversation("c1"), events) == now


def test_a_view_keeps_what_is_not_for_it() -> None:
    card = Card("订单", (("状态", "已发货"),))
    said = BotReplied((BotMessage("好", (Button("退", "/refund"),), card=card),), "zh", intent="refund", state="s")
    event = Event(1, "c1", "seq:0", datetime(2026, 1, 31, 8, tzinfo=UTC), said)
    customer, staff = show(event, Audience.CUSTOMER), show(event, Audience.STAFF)
    assert customer is not None
    assert staff is not None
    assert customer["messages"][0]["buttons"] == [{"title": "退"}]
    assert not {"intent", "state", "conversation"} & customer.keys()
    assert staff["intent"] == "refund"
    assert "state" not in staff
    assert customer["at"] == "2026-01-31T08:00:00.000Z"


def test_a_fact_of_a_newer_kefu_is_refused_by_name() -> None:
    with pytest.raises(UnknownFact, match="VoiceHeard"):
        decode("VoiceHeard", "{}")
    with pytest.raises(UnknownFact, match="version 9"):
        decode("MessageReceived", '{"v":9,"text":""}')
    assert decode("MessageReceived", '{"text":"x","attachments":[],"choice":null}') == MessageReceived("x")
