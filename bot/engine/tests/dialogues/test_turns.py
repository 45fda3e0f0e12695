"""What holds for turns beside their words: done once, in the customer's language, taken up where it was asked."""

import json

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from kefu_engine.actions.fallback import TakeUp, is_either_or, meant
from kefu_engine.turn import Ask, Engine

from .conftest import Shop

pytestmark = pytest.mark.asyncio
REFUND = ["refund order KF10002345", "poor quality", "yes", "{code}"]


async def test_a_turn_that_is_asked_again_does_nothing_twice(engine: Engine, shop: Shop) -> None:
    state, asks = None, []
    for number, text in enumerate(REFUND):
        told = text.replace("{code}", shop.ask("code")["code"] if "{" in text else "")
        asks.append(Ask(told, None, {"conversation": "c", "cause": f"turn {number}"}, state))
        answer = await engine.turn(asks[-1])
        state = answer["state"]
    done = shop.ask("done")["done"]
    assert [deed[:2] for deed in done] == [["refund", "KF10002345"]]
    for ask in asks[2:]:  # the code was sent once, too: the one that was told is still the last
        again = await engine.turn(ask)
    assert again["messages"] == answer["messages"]
    assert shop.ask("done")["done"] == done
    assert shop.ask("code")["code"] == asks[-1].text


async def test_a_call_back_keeps_when_it_is_wanted(engine: Engine) -> None:
    state = None
    for number, text in enumerate(("please call me tomorrow afternoon", "+44 20 7946 0958", "yes")):
        answer = await engine.turn(Ask(text, None, {"conversation": "c", "cause": f"turn {number}"}, state))
        state = answer["state"]
    told = {"type": "callback", "title": "Call +442079460958", "text": "please call me tomorrow afternoon"}
    assert answer["ticket"] == told


@pytest.mark.parametrize(("language", "words"), [("zh", "订单号"), ("en", "order number"), ("", "order number")])
async def test_until_there_are_words_the_page_tells_the_language(engine: Engine, language: str, words: str) -> None:
    metadata = {"conversation": "c", "cause": "turn", "language": language}
    told = await engine.turn(Ask("press", "/refund", metadata, None))
    assert words in told["messages"][0]["text"]
    other = await engine.turn(Ask("包邮吗" if language != "zh" else "free shipping?", None, metadata, told["state"]))
    assert other["language"] == ("zh" if language != "zh" else "en")


def _tracker(last: str, form: str | None) -> Tracker:
    events = [{"event": "action", "name": last}, {"event": "action", "name": "action_listen"}]
    told = {"text": "KF10002345", "entities": [{"entity": "order_id", "value": "KF10002345"}]}
    return Tracker("c", {"meant": form}, told, events, False, None, {}, "action_listen")


@pytest.mark.parametrize(
    ("last", "form", "opened"),
    [
        ("action_clarify", "refund_form", "refund_form"),
        ("action_clarify", None, "order_status_form"),
        ("utter_greet", "refund_form", "order_status_form"),
    ],
)
async def test_an_order_told_after_a_question_is_about_what_was_asked(last: str, form: str | None, opened: str) -> None:
    events = await TakeUp().run(CollectingDispatcher(), _tracker(last, form), {})
    assert {"event": "followup", "name": opened}.items() <= events[-1].items()


async def test_what_was_likely_meant() -> None:
    ranked = json.loads('[{"name": "refund", "confidence": 0.3}, {"name": "stock", "confidence": 0.2}]')
    assert meant(ranked) == "refund_form"
    assert meant([{"name": "refund", "confidence": 0.1}]) is None
    assert meant([{"name": "stock", "confidence": 0.9}]) is None
    assert meant([{"name": "call_back", "confidence": 0.9}]) is None
    assert meant([]) is None
    assert not is_either_or(ranked)
    assert is_either_or([{"name": "refund", "confidence": 0.4}, {"name": "return_status", "confidence": 0.35}])
