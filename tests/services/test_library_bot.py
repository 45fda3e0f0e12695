"""The bot before it gives up: the library's answer, its source, and what is learned from it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.ports import Ask, Turn
from bot.service.bot import Bot
from conversation.events import (
    AgentAssigned,
    AgentReplied,
    BotMessage,
    BotReplied,
    Button,
    Choice,
    ConversationClosed,
    ConversationStarted,
    Event,
    MessageReceived,
    QuestionMissed,
    Redacted,
    SourceGiven,
    SourceJudged,
)
from conversation.log import Log
from conversation.memory import MemoryLog
from conversation.sql import SqlLog
from knowledge.adapters.index import TantivyIndex
from knowledge.adapters.parser import ParserProcess
from knowledge.ports import Answer, Hit, Passage, Wish
from knowledge.service.library import Library
from knowledge.service.noticing import Noticing
from knowledge.service.search import Search
from knowledge.store.entries import Entries
from knowledge.store.uses import Uses

PASSAGE = Passage(
    "e1", 2, "七天内可以退货。", title="售后政策", heading="退货", page=3, link="https://shop.example/help"
)


REFUND = Button("申请退款", "/refund")


class Lost:
    """An engine that understands only "hi", and has one answer to all that is said of warranties."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.offers: list[str] = []

    async def turn(self, ask: Ask) -> Turn:
        self.asked.append(ask.text or ask.payload)
        self.offers.append(ask.offer)
        actions = () if ask.text == "hi" else ("action_clarify",)
        if "保修" in ask.text or ask.payload == "/warranty":
            said, state = (BotMessage("保修一年。", (REFUND,)),), f"{ask.state}x"
            aside = ask.text.startswith("谢谢")
            return Turn(said, "zh", "warranty", 0.9, (), ("utter_warranty",), "RulePolicy", state, aside=aside)
        return Turn((BotMessage("?"),), "zh", "nlu_fallback", 0.1, (), actions, "RulePolicy", f"{ask.state}x")


class Shelf:
    """A library that knows about returns."""

    async def search(self, wish: Wish) -> list[Hit]:
        return []

    async def answer(self, wish: Wish) -> Answer:
        assert wish.audience == "public"
        if "退货" in wish.text:
            return Answer(PASSAGE.text, 0.8 if "大概" in wish.text else 0.9, "zh", Hit(PASSAGE, 1.0, 1.0))
        return Answer("", 0.2, "zh")


async def say(log: Log, bot: Bot, text: str, cause: str, choice: Choice | None = None) -> list[Event]:
    """The facts that a message brings about."""
    await log.append("c1", ConversationStarted("k", "widget", "demo", "zh"), cause="start")
    done = await log.append("c1", MessageReceived(text, choice=choice), cause=cause)
    await bot.answer(done.events[0])
    return [event for event in await log.history("c1") if event.seq > done.seq]


async def test_what_the_engine_knows_is_not_looked_up() -> None:
    log = MemoryLog()
    (reply,) = await say(log, Bot(log, log, Lost(), Shelf()), "hi", "m1")
    assert isinstance(reply.fact, BotReplied)
    assert reply.fact.policy == "RulePolicy"


async def test_the_library_answers_with_its_source_and_asks_whether_it_helped() -> None:
    log, engine = MemoryLog(), Lost()
    bot = Bot(log, log, engine, Shelf())
    reply, given = await say(log, bot, "怎么退货", "m1")
    assert isinstance(reply.fact, BotReplied)
    assert reply.fact.messages[0].text == PASSAGE.text
    card = reply.fact.messages[0].card
    assert card is not None
    assert (card.rows, card.link) == ((("售后政策", "退货 · 第 3 页"),), PASSAGE.link)
    assert reply.fact.state == ""  # the engine's two-step fallback has not begun
    assert given.fact == SourceGiven("e1", 2, "售后政策", 0.9, 3)
    thanks, judged = await say(log, bot, "没帮助", "m2", Choice(reply.seq, 1))
    assert judged.fact == SourceJudged("e1", False)
    assert isinstance(thanks.fact, BotReplied)
    assert [button.payload for button in thanks.fact.messages[0].buttons] == ["/human"]
    assert engine.asked == ["怎么退货"]


async def test_the_same_answer_twice_in_a_row_offers_a_person_and_the_engine_hears_of_the_offer() -> None:
    log, engine = MemoryLog(), Lost()
    bot = Bot(log, log, engine, Shelf())
    await say(log, bot, "怎么退货", "m1")
    reply, _ = await say(log, bot, "退货怎么退", "m2")
    assert isinstance(reply.fact, BotReplied)
    answer, offer = reply.fact.messages
    assert answer.text == PASSAGE.text
    assert [button.payload for button in offer.buttons] == ["/human", "/deny"]
    await say(log, bot, "hi", "m3")
    await say(log, bot, "怎么退货", "m4")
    assert engine.offers == ["", "", "not_understood", ""]


async def test_the_library_answers_what_it_is_surer_of_than_one_answer_for_all_may_be() -> None:
    log = MemoryLog()
    reply, given = await say(log, Bot(log, log, Lost(), Shelf()), "保修期内能退货吗", "m1")
    assert isinstance(reply.fact, BotReplied)
    assert reply.fact.messages[0].text == PASSAGE.text
    assert reply.fact.messages[1].buttons[2:] == (REFUND,)  # after "did this help?": what the engine offered
    assert (reply.fact.intent, reply.fact.state) == ("warranty", "x")
    assert isinstance(given.fact, SourceGiven)


async def test_an_answer_for_all_stands_when_the_library_is_less_sure_or_nothing_was_asked() -> None:
    log = MemoryLog()
    bot = Bot(log, log, Lost(), Shelf())
    for n, text in enumerate(("保修期内大概能退货吗", "保修多久", "谢谢你的保修和退货")):
        (reply,) = await say(log, bot, text, f"m{n}")
        assert isinstance(reply.fact, BotReplied)
        assert reply.fact.messages[0].text == "保修一年。"
    offered = BotReplied((BotMessage("?", (Button("退货保修", "/warranty"),)),), "zh")
    asked = (await log.append("c1", offered, cause="offer")).events[0]
    (reply,) = await say(log, bot, "退货保修", "m9", Choice(asked.seq, 0))
    assert isinstance(reply.fact, BotReplied)
    assert reply.fact.messages[0].text == "保修一年。"


async def test_what_nobody_knows_is_missed() -> None:
    log = MemoryLog()
    reply, missed = await say(log, Bot(log, log, Lost(), Shelf()), "你们支持比特币吗", "m1")
    assert isinstance(reply.fact, BotReplied)
    assert reply.fact.messages[0].text == "?"
    assert missed.fact == QuestionMissed(reply.seq - 1, 0.2)


async def test_gaps_and_use_are_learned_once_without_numbers_and_forgotten_with_their_words(
    tmp_path: Path, sql_log: SqlLog
) -> None:
    log = sql_log
    uses = Uses(log.transactions)
    noticing = Noticing(log, uses, Library(Entries(log.transactions), ParserProcess()), Search(TantivyIndex(tmp_path)))
    bot = Bot(log, log, Lost(), Shelf())
    await say(log, bot, "我的电话13800138000能用比特币吗", "m1")
    await say(log, bot, "怎么退货", "m2")
    events = [event for event in await log.history("c1") if type(event.fact) in Noticing.HEARS]
    for _ in range(2):
        await noticing.take(events)
    (gap,) = await uses.open_gaps()
    assert gap.question == "我的电话[phone]能用比特币吗"
    assert await uses.counts(datetime.now(UTC) - timedelta(days=1)) == {"e1": {"given": 1}}
    done = await log.append("c1", Redacted(gap.seq, "s1"), cause="r")
    await noticing.take(done.events)
    assert await uses.open_gaps() == []


async def test_what_agents_answer_well_is_proposed_once_and_nothing_personal(tmp_path: Path, sql_log: SqlLog) -> None:
    log = sql_log
    entries = Entries(log.transactions)
    noticing = Noticing(log, Uses(log.transactions), Library(entries, ParserProcess()), Search(TantivyIndex(tmp_path)))
    talk = (
        ("发票抬头可以修改吗？", "可以，开票后三十天内都能申请换开。"),
        ("发票抬头可以修改吗", "可以的，三十天内联系我们换开就行。"),
        ("我的电话13800138000能改吗？", "已经帮您改好了，请放心使用。"),
        ("订单 2026112500017 到哪了？", "已经到杭州转运中心，明天送到您家。"),
        ("好的谢谢", "不客气，祝您生活愉快，再见了。"),
    )
    await log.append("c1", ConversationStarted("k", "widget", "demo", "zh"), cause="start")
    await log.append("c1", AgentAssigned("Mei", "a1"), cause="take")
    for n, (question, answer) in enumerate(talk):
        await log.append("c1", MessageReceived(question), cause=f"q{n}")
        await log.append("c1", AgentReplied("Mei", "a1", answer), cause=f"a{n}")
    done = await log.append("c1", ConversationClosed("a1"), cause="end")
    for _ in range(2):
        await noticing.take(done.events)
    found, _ = await entries.page(states=["proposed"], limit=10, offset=0)
    assert [one.title for one in found] == ["发票抬头可以修改吗？"]
    asked = next(event for event in await log.history("c1") if event.cause == "q0")
    erased = await log.append("c1", Redacted(asked.seq, "s1"), cause="r")
    await noticing.take(erased.events)
    kept = await entries.find(found[0].id)
    assert kept is not None
    assert (kept.state, kept.title) == ("removed", "")
    assert await entries.pieces(found[0].id, 1) == []
