"""Several wishes in one message: each is answered, one task after the other."""

import pytest

from kefu_engine.turn import Ask


async def talk(engine, name, *said):
    """Plays a conversation; the turns. A `/…` is a button."""
    state, turns = None, []
    for number, text in enumerate(said):
        payload = text if text.startswith("/") else None
        turn = await engine.turn(
            Ask("" if payload else text, payload, {"conversation": name, "cause": f"{number}"}, state)
        )
        state = turn["state"]
        turns.append(turn)
    return turns


def texts(turn):
    return " ".join(message["text"] for message in turn["messages"])


@pytest.mark.parametrize("text", ["运费多少？你们几点下班？", "how much is shipping, and what are your opening hours?"])
async def test_two_questions_get_two_answers(engine, text):
    (turn,) = await talk(engine, text, text)
    assert [wish["intent"] for wish in turn["wishes"]] == ["shipping_cost", "business_hours"]
    assert turn["actions"] == ["utter_shipping_cost", "utter_business_hours"]
    assert len(turn["messages"]) == 2


async def test_a_question_is_answered_before_the_task_is_begun(engine):
    (turn,) = await talk(engine, "c1", "我要退款，另外运费多少？")
    assert turn["actions"].index("utter_shipping_cost") < turn["actions"].index("refund_form")


async def test_the_second_task_waits_for_the_first_and_is_offered_then(engine, shop):
    turns = await talk(engine, "c2", "我要退款，另外帮我开发票", "KF20000002", "/stop", "/resume")
    assert [wish["intent"] for wish in turns[0]["wishes"]] == ["refund", "invoice"]
    assert "接着再办开发票" in texts(turns[0])
    assert "refund_form" in turns[0]["actions"]
    assert "invoice_form" not in turns[0]["actions"]
    assert "要继续" in texts(turns[2])
    assert "invoice_form" in turns[3]["actions"]


async def test_inside_a_form_a_message_is_one_answer(engine):
    turns = await talk(engine, "c3", "我要投诉", "快递员态度太差，东西也坏了，还少发了一件")
    assert turns[1]["wishes"] == []


async def test_beside_a_wish_for_a_person_nothing_else_is_begun(engine):
    (turn,) = await talk(engine, "c4", "我要退款，转人工")
    assert turn["wishes"] == []


@pytest.mark.parametrize("text", ["我要退款，订单号是KF20000002", "你好，我想查一下订单", "谢谢，再见", "/refund"])
async def test_one_wish_stays_one(engine, shop, text):
    (turn,) = await talk(engine, text, text)
    assert turn["wishes"] == []


def cards(turn):
    return [message["card"]["title"] for message in turn["messages"] if message["card"]]


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (["帮我查一下KF10002345和KF10003456到哪里了"], ["订单 KF10002345", "订单 KF10003456"]),
        (["check my order please", "KF10002345, KF10003456"], ["Order KF10002345", "Order KF10003456"]),
    ],
)
async def test_orders_are_looked_up_one_after_the_other(engine, shop, said, shown):
    turns = await talk(engine, said[0], *said)
    assert [title for title in cards(turns[-1]) if "KF" in title] == shown


async def test_one_order_is_looked_up_and_the_other_refunded(engine, shop):
    (turn,) = await talk(engine, "c5", "refund KF10002345 and also where is KF10003456")
    assert "Order KF10003456" in cards(turn)
    assert "Order KF10002345: why" in texts(turn)
