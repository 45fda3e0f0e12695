"""The state that travels: bounded, never cut inside an open form, and anything else begins anew."""

import base64
import zlib

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, BotUttered, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from kefu_engine.state import TURNS, UnreadableState, pack, unpack

DOMAIN = Domain.from_dict(
    {
        "version": "3.1",
        "intents": ["greet", "refund"],
        "slots": {"order_id": {"type": "text", "mappings": [{"type": "custom"}]}},
        "forms": {"refund_form": {"required_slots": ["order_id"]}},
    }
)


def talk(turns: int) -> DialogueStateTracker:
    tracker = DialogueStateTracker("c", DOMAIN.slots)
    tracker.update(ActionExecuted("action_listen"))
    for number in range(turns):
        add_turn(tracker, f"你好 {number}", "utter_greet")
    return tracker


def add_turn(tracker: DialogueStateTracker, text: str, action: str) -> None:
    tracker.update(UserUttered(text, {"name": "greet", "confidence": 0.9}, []), DOMAIN)
    tracker.update(ActionExecuted(action, "RulePolicy", 1.0))
    tracker.update(BotUttered("hello"))
    tracker.update(ActionExecuted("action_listen", "RulePolicy", 1.0))


def heard(tracker: DialogueStateTracker) -> list[str]:
    return [event.text for event in tracker.events if isinstance(event, UserUttered)]


def test_the_state_does_not_grow_and_keeps_the_last_turns_and_all_slots() -> None:
    tracker = talk(2)
    tracker.update(SlotSet("order_id", "KF10000001"))
    for number in range(200):
        add_turn(tracker, f"在吗 {number}", "utter_greet")
    state = pack(tracker, "m")
    back = unpack(state, "m", "c", DOMAIN)
    assert len(state) < 1000
    assert heard(back) == [f"在吗 {number}" for number in range(200 - TURNS, 200)]
    assert back.get_slot("order_id") == "KF10000001"
    assert back.latest_action_name == "action_listen"


def test_an_open_form_is_kept_from_before_it_began() -> None:
    tracker = talk(5)
    add_turn(tracker, "我要退款", "refund_form")
    tracker.update(ActiveLoop("refund_form"))
    for number in range(10):
        add_turn(tracker, f"插一句 {number}", "utter_greet")
    back = unpack(pack(tracker, "m"), "m", "c", DOMAIN)
    assert heard(back)[0] == "我要退款"
    assert back.active_loop_name == "refund_form"


def test_a_form_that_does_not_end_is_cut_but_stays_open() -> None:
    tracker = talk(1)
    add_turn(tracker, "我要退款", "refund_form")
    tracker.update(ActiveLoop("refund_form"))
    for number in range(100):
        add_turn(tracker, f"插一句 {number}", "utter_greet")
    back = unpack(pack(tracker, "m"), "m", "c", DOMAIN)
    assert len(heard(back)) < 50
    assert back.active_loop_name == "refund_form"


@pytest.mark.parametrize(
    "state",
    ["x", "not a state at all", base64.b64encode(zlib.compress(b"[]")).decode(), base64.b64encode(b"ab").decode()],
)
def test_garbage_is_no_state(state: str) -> None:
    with pytest.raises(UnreadableState):
        unpack(state, "m", "c", DOMAIN)


def test_a_state_of_another_domain_is_no_state() -> None:
    with pytest.raises(UnreadableState, match="another domain"):
        unpack(pack(talk(1), "old"), "new", "c", DOMAIN)
