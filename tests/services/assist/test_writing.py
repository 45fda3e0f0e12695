"""Words for agents: the briefing, the wrap-up, a text made better."""

import pytest

from conversation.events import (
    AgentAssigned,
    AgentReplied,
    BotMessage,
    BotReplied,
    ContactIdentified,
    ConversationStarted,
    Entity,
    HandoffRequested,
    MessageReceived,
    Transferred,
)
from language.llm import LlmUnavailable
from tests.services.assist.room import Model, Room


async def test_who_gets_a_conversation_is_told_what_came_before_until_they_answer(room: Room) -> None:
    now = room.log.load
    await room.tell(ConversationStarted("k", "widget", "demo", "zh"))
    await room.tell(MessageReceived("我的订单KF10000001三天没有动了，能不能退款"))
    found = (Entity("order_id", "KF10000001"),)
    await room.tell(BotReplied((BotMessage("这单在杭州转运中心，预计明天送达"),), "zh", "delivery_late", 0.9, found))
    await room.tell(HandoffRequested("asked", ""))
    await room.tell(AgentAssigned("小美", "a1"))
    told = await room.write().brief(await now("c1"))
    assert told is not None
    assert (told.kind, told.why, told.intent, told.made_by) == ("handoff", "asked", "delivery_late", "extract")
    assert (told.entities, "三天没有动" in told.summary.situation) == ({"order_id": "KF10000001"}, True)
    assert "杭州" in told.summary.action
    await room.tell(AgentReplied("小美", "a1", "我已经联系快递催件了，稍后回复您"))
    assert await room.write().brief(await now("c1")) is None
    await room.tell(Transferred("a1", to="a2", note="等快递回电"))
    await room.tell(AgentAssigned("Bob", "a2"))
    told = await room.write().brief(await now("c1"))
    assert told is not None
    assert (told.kind, told.by, told.why) == ("transfer", "a1", "等快递回电")
    assert "催件" in told.summary.action


@pytest.mark.parametrize(
    ("language", "answer", "checked", "asked", "passing"),
    [
        ("zh", "七天内可以退货", "没有查到订单 KF10000009。", "确认提交吗？", "这就叫同事过来看看"),
        (
            "zh",
            "七天内可以退货",
            "没有查到订单 KF10000009。",
            "收到。请问这是要办什么事？",
            "好的，正在为您转接人工客服，请稍候。",
        ),
        (
            "en",
            "Returns are free",
            "I can't find order KF10000009.",
            "Shall I submit it?",
            "Right, somebody is on the way",
        ),
    ],
)
async def test_only_what_was_answered_or_done_counts_as_tried(
    room: Room, language: str, answer: str, checked: str, asked: str, passing: str
) -> None:
    await room.tell(ConversationStarted("k", "widget", "demo", language))
    offer = "需要为您转接人工客服吗？" if language == "zh" else "Shall I pass you on to a colleague?"
    for said in ((answer, offer), (checked,), (f"KF10000001 ¥5. {asked}",)):
        await room.tell(MessageReceived("杯子碎了" if language == "zh" else "The cup is broken"))
        await room.tell(BotReplied(tuple(map(BotMessage, said)), language))
    await room.log.append("c1", BotReplied((BotMessage(passing),), language), HandoffRequested("asked"), cause="t")
    await room.tell(AgentAssigned("小美", "a1"))
    told = await room.write().brief(await room.log.load("c1"))
    assert told is not None
    assert (answer in told.summary.action, checked in told.summary.action) == (True, True)
    assert not [one for one in (offer, asked, passing, "¥5") if one in f"{told.summary}"]


async def test_a_model_rewrites_and_rules_stand_when_it_is_away_or_loses_something(room: Room) -> None:
    llm = Model("请您致电 13800138000，谢谢。")
    text = "你打13800138000吧"
    await room.begin()
    now = await room.log.load("c1")
    assert await room.write(llm).polish(now, text, "politer", "zh") == ("请您致电 13800138000，谢谢。", "llm")
    assert await room.write(llm).translate(now, text, "en") == "请您致电 13800138000，谢谢。"
    for says in ("请您致电。", ""):  # a number was lost; nobody answers
        llm.says = says
        assert await room.write(llm).polish(now, text, "politer", "zh") == ("您好，您打13800138000吧。", "rules")
        with pytest.raises(LlmUnavailable):
            await room.write(llm).translate(now, text, "en")
    await room.tell(ContactIdentified("k", "王小芳"))
    await room.tell(MessageReceived("我是王小芳，怎么开发票，要公司抬头的"))
    assert (await room.write(llm).draft(await room.log.load("c1"))).made_by == "extract"
    llm.says = "要发票\n已说明\n已解决\n无"
    assert (await room.write(llm).draft(await room.log.load("c1"))).summary.action == "已说明"
    with pytest.raises(LlmUnavailable):
        await room.write().translate(now, text, "en")
