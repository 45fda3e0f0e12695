"""What was answered before: offered again, shown as a like case, proposed for all, and forgotten."""

import pytest

from agent_assist.rules.models import Models, OtherForm
from agent_assist.service.propose import Propose
from agent_assist.store.answers import Answers
from conversation.events import (
    BotMessage,
    BotReplied,
    MessageReceived,
    Rated,
    SuggestionJudged,
)
from tests.services.assist.room import Refused, Room, Shelf


async def test_how_a_like_case_was_solved_is_a_card_without_what_is_private(room: Room) -> None:
    lamp = ("台灯不亮了怎么办，我电话13800138000", "您先换一个插座试试看")
    await room.solved("c0", lamp, ("换插座也还是不亮", "那我给您寄一个新的电源过来"))
    await room.solved("bad", lamp, ("换插座也还是不亮", "那就没有办法了"), rating=1)
    await room.begin()
    (given,) = await room.asked("台灯不亮了怎么办呀")
    (card,) = [one for one in given.suggestions if one.source == "similar"]
    assert (card.ref, card.text) == ("c0", "您先换一个插座试试看\n那我给您寄一个新的电源过来")
    assert card.title == "台灯不亮了怎么办，我电话[phone]"


async def test_after_a_mere_yes_an_answer_belongs_to_what_was_asked_before(room: Room) -> None:
    await room.begin("c0")
    await room.tell(MessageReceived("三个订单能合开一张发票吗"), "c0")
    await room.tell(BotReplied((BotMessage("需要转人工吗"),), "zh", "fallback", 0.3), "c0")
    await room.asked("好", "c0")
    await room.answered("同一抬头可以合并开具，请把订单号发我", "c0")
    await room.memory.refresh()
    await room.begin()
    *_, given = await room.asked("三个订单能不能合开一张发票")
    assert "同一抬头可以合并开具，请把订单号发我" in {one.text for one in given.suggestions}


async def test_a_past_answer_is_offered_to_the_next_who_asks(room: Room) -> None:
    await room.begin("c0")
    await room.asked("这件衣服会缩水吗", "c0")
    await room.answered("冷水手洗不会缩水，请勿烘干", "c0")
    await room.asked("我的尾号呢", "c0")
    await room.answered("您的订单 KF10000001 尾号 12345678", "c0")
    await room.memory.refresh()
    await room.begin()
    (given,) = await room.asked("请问衣服会缩水吗")
    assert given.suggestions[0].text == "冷水手洗不会缩水，请勿烘干"
    assert [line.text for line in room.memory.past.lines] == ["冷水手洗不会缩水，请勿烘干"]


async def test_only_the_newest_stay_in_memory(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent_assist.service.memory.NEWEST", 3)
    monkeypatch.setattr("agent_assist.service.memory.MOST", 4)
    sizes = []
    for number in range(8):
        await room.solved(f"c{number}", (f"第{number}种衣服会缩水吗", f"第{number}种冷水手洗不会缩水，请勿烘干"))
        await room.memory.refresh()
        await room.memory.refresh()
        sizes.append(len(room.memory.past.lines))
    assert sizes == [1, 2, 3, 4, 3, 4, 3, 4]
    assert room.memory.past.lines[-1].text == "第7种冷水手洗不会缩水，请勿烘干"


@pytest.mark.parametrize("how", ["redacted", "badly rated", "called wrong"])
async def test_what_was_erased_or_went_badly_is_not_offered(room: Room, how: str) -> None:
    await room.begin("c0")
    asked = await room.tell(MessageReceived("这件衣服会缩水吗"), "c0")
    await room.answered("冷水手洗不会缩水，请勿烘干", "c0")
    if how == "redacted":
        await room.memory.refresh()
        await room.log.redact(asked.seq, by="s1")
        await room.memory.take((await room.log.history("c0"))[-1:])
    elif how == "badly rated":
        await room.memory.take([await room.tell(Rated(1), "c0")])
    else:
        await room.memory.refresh()
        await room.begin()
        await room.asked("请问衣服会缩水吗")
        seq = (await room.log.history("c1"))[-1].seq
        await room.memory.take([await room.tell(SuggestionJudged("a1", seq, 0, "wrong"))])
    await room.memory.refresh()
    assert room.memory.past.lines == ()


async def test_what_good_agents_say_again_is_proposed_for_a_person_to_accept(room: Room) -> None:
    battery, wait = "耳机的电池可以免费换新，您寄回来就行", "我去仓库核实，今天下班前给您答复"
    for number, asked in enumerate(("赠品什么时候到", "能改颜色吗", "收据不见了怎么办")):
        await room.solved(f"w{number}", (asked, wait), (f"耳机电池不耐用能换吗{'呀' * number}", battery))
    await room.solved("bad", *(("快一点好吗", "您等着就好了，不要一直催"),) * 3, rating=1)
    propose = Propose(room.memory, Answers(room.log.transactions), Shelf(), Refused(), room.library)
    faq, canned = sorted(await propose.proposals(), key=lambda one: one.kind, reverse=True)
    assert (faq.kind, faq.text, faq.times, faq.agents) == ("faq", battery, 3, 1)
    assert faq.question.startswith("耳机电池不耐用能换吗")
    assert (canned.kind, canned.text, canned.times) == ("canned", wait, 3)
    await propose.refuse(wait, "s1")
    await room.solved("w4", ("几点上班呢", wait.replace("今天", "今天之内")))  # another wording of the same
    assert await propose.proposals() == [faq]


async def test_models_of_another_form_leave_words_to_decide(room: Room, caplog: pytest.LogCaptureFixture) -> None:
    def refused() -> Models:
        raise OtherForm("models.npz is of form 4, not 5")

    await room.solved("c0", ("这件衣服会缩水吗", "冷水手洗不会缩水，请勿烘干"))
    upgraded = Room(room.log, Models(), refused)
    try:
        for _ in range(3):
            await upgraded.memory.refresh()
        await upgraded.begin()
        (given,) = await upgraded.asked("请问衣服会缩水吗")
        assert given.suggestions[0].text == "冷水手洗不会缩水，请勿烘干"
        assert caplog.text.count("of form 4") == 1
    finally:
        upgraded.memory.close()


async def test_what_is_said_to_questions_of_all_kinds_answers_none(room: Room) -> None:
    filler, answer = "我是小美，马上帮您处理", "冷水手洗不会缩水，请勿烘干"
    for number, asked in enumerate(("这件衣服会缩水吗", "发货地址能不能改", "优惠券用不了", "几号到货")):
        await room.solved(f"w{number}", (asked, filler), ("衣服会缩水吗", answer))
    await room.begin()
    (given,) = await room.asked("请问衣服会缩水吗")
    assert [one.text for one in given.suggestions if one.source == "past"] == [answer]
    assert room.memory.fillers == {filler}
