"""The bot on the real log, with a scripted engine."""

import asyncio

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.ports import Ask, EngineUnavailable, Turn
from bot.service.bot import Bot
from conversation.events import (
    AgentAssigned,
    Attachment,
    BotMessage,
    BotReplied,
    Button,
    Choice,
    ConversationStarted,
    HandoffRequested,
    MessageReceived,
)
from conversation.log import Log
from conversation.memory import MemoryLog


class Script:
    """An engine that counts its turns in its state and waits to be let go."""

    def __init__(self) -> None:
        self.asked: list[Ask] = []
        self.free = asyncio.Event()
        self.free.set()
        self.handoff = ""
        self.away = False
        self.repeat = False

    async def turn(self, ask: Ask) -> Turn:
        self.asked.append(ask)
        await self.free.wait()
        if self.away:
            raise EngineUnavailable("no worker is ready")
        if self.repeat:
            return Turn((), "zh", "repeat", 0.9, (), (), "", f"{ask.state}x", repeat=True)
        said = BotMessage("好的", (Button("退款", "/refund"), Button("换货", "/exchange")))
        return Turn(
            (said,),
            "zh",
            "faq",
            0.9,
            (),
            (),
            "RulePolicy",
            f"{ask.state}x",
            self.handoff,
        )


async def receive(log: Log, text: str, cause: str, choice: Choice | None = None) -> MessageReceived:
    await log.append("c1", ConversationStarted("k", "widget", "demo", "zh"), cause="start")
    message = MessageReceived(text, choice=choice)
    await log.append("c1", message, cause=cause)
    return message


async def test_state_travels_through_the_log(log: Log) -> None:
    engine = Script()
    for turn in range(3):
        await receive(log, "你好", f"m{turn}")
        # a new process each time: nothing but the log carries the state
        await Bot(log, log, engine).answer((await log.history("c1"))[-1])
    assert [ask.state for ask in engine.asked] == ["", "x", "xx"]


async def test_messages_that_come_before_the_first_answer_are_each_answered(log: Log) -> None:
    engine = Script()
    bot = Bot(log, log, engine)
    for n in range(3):
        await receive(log, f"{n}", f"m{n}")
    messages = [event for event in await log.history("c1") if isinstance(event.fact, MessageReceived)]
    for event in (*messages, *messages):
        await bot.answer(event)
    replies = [event.cause for event in await log.history("c1") if isinstance(event.fact, BotReplied)]
    assert replies == [f"seq:{event.seq}" for event in messages]
    assert [ask.text for ask in engine.asked] == ["0", "1", "2"]


async def test_a_repeated_message_is_answered_once(log: Log) -> None:
    engine = Script()
    bot = Bot(log, log, engine)
    await receive(log, "你好", "m")
    event = (await log.history("c1"))[-1]
    for _ in range(3):
        await bot.answer(event)
    assert len(engine.asked) == 1
    assert [e.kind for e in await log.history("c1")].count("BotReplied") == 1


async def test_a_button_means_what_the_log_says(log: Log) -> None:
    engine = Script()
    bot = Bot(log, log, engine)
    await receive(log, "你好", "m1")
    await bot.answer((await log.history("c1"))[-1])
    offered = (await log.history("c1"))[-1].seq
    await receive(log, "换货", "m2", Choice(offered, 1))
    await bot.answer((await log.history("c1"))[-1])
    await receive(log, "/restart", "m3", Choice(offered, 7))
    await bot.answer((await log.history("c1"))[-1])
    assert [ask.payload for ask in engine.asked] == ["", "/exchange", ""]


async def test_without_an_engine_the_customer_gets_a_sentence_and_a_person(
    log: Log,
) -> None:
    engine = Script()
    engine.away = True
    await receive(log, "你好", "m")
    await Bot(log, log, engine).answer((await log.history("c1"))[-1])
    reply, handoff = (event.fact for event in (await log.history("c1"))[-2:])
    assert isinstance(reply, BotReplied)
    assert "人工" in reply.messages[0].text
    assert handoff == HandoffRequested("engine_unavailable")


async def test_an_answer_that_needs_a_person_is_one_append(log: Log) -> None:
    engine = Script()
    engine.handoff = "asked"
    await receive(log, "转人工", "m")
    await Bot(log, log, engine).answer((await log.history("c1"))[-1])
    events = await log.history("c1")
    assert [event.kind for event in events[-2:]] == ["BotReplied", "HandoffRequested"]
    assert len({event.cause for event in events[-2:]}) == 1


async def test_what_was_said_is_said_again_buttons_and_all(log: Log) -> None:
    engine = Script()
    bot = Bot(log, log, engine)
    await receive(log, "再说一遍", "m0")
    engine.repeat = True
    await bot.answer((await log.history("c1"))[-1])
    engine.repeat = False
    await receive(log, "你好", "m1")
    await bot.answer((await log.history("c1"))[-1])
    engine.repeat = True
    await receive(log, "再说一遍", "m2")
    await bot.answer((await log.history("c1"))[-1])
    replies = [event.fact for event in await log.history("c1") if isinstance(event.fact, BotReplied)]
    assert [reply.messages[0].text for reply in replies] == ["请告诉我您想办什么。", "好的", "好的"]
    assert replies[2].messages[0].buttons == replies[1].messages[0].buttons
    assert replies[2].state == "xxx"


async def test_files_without_a_word_are_offered_to_a_person(log: Log) -> None:
    engine = Script()
    bot = Bot(log, log, engine)
    await receive(log, "你好", "m1")
    await bot.answer((await log.history("c1"))[-1])
    picture = Attachment("f1", "photo.png", "image/png", 10)
    await log.append("c1", MessageReceived("", (picture,)), cause="m2")
    await bot.answer((await log.history("c1"))[-1])
    reply = (await log.history("c1"))[-1].fact
    assert isinstance(reply, BotReplied)
    assert [button.payload for button in reply.messages[0].buttons] == ["/human"]
    assert reply.state == "x"
    assert len(engine.asked) == 1


@pytest.mark.parametrize("also_assigned", [False, True])
async def test_a_late_answer_after_a_handoff_is_dropped(log: Log, also_assigned: bool) -> None:
    engine = Script()
    engine.free.clear()
    await receive(log, "你好", "m")
    answering = asyncio.create_task(Bot(log, log, engine).answer((await log.history("c1"))[-1]))
    while not engine.asked:
        await asyncio.sleep(0)
    await log.append("c1", HandoffRequested("customer"), cause="h")
    if also_assigned:
        await log.append("c1", AgentAssigned("小美", "a1"), cause="t")
    engine.free.set()
    await answering
    assert "BotReplied" not in [event.kind for event in await log.history("c1")]


@settings(max_examples=2000, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.integers(0, 4), max_size=24))
def test_no_bot_word_is_recorded_while_a_person_or_the_queue_holds(
    steps: list[int],
) -> None:
    asyncio.run(_interleave(steps))


async def _interleave(steps: list[int]) -> None:
    """Messages, answers set free, handoffs and assignments in any order."""
    log, engine = MemoryLog(), Script()
    engine.free.clear()
    bot = Bot(log, log, engine)
    await receive(log, "hello", "m")
    answering = [asyncio.create_task(bot.answer((await log.history("c1"))[-1]))]
    for n, step in enumerate(steps):
        if step == 0:
            await receive(log, "again", f"m{n}")
            answering.append(asyncio.create_task(bot.answer((await log.history("c1"))[-1])))
        elif step == 1:
            await log.append("c1", HandoffRequested("asked"), cause=f"h{n}")
        elif step == 2:
            await log.append("c1", AgentAssigned("A", "a1"), cause=f"a{n}")
        elif step == 3:
            engine.free.set()
            engine.free.clear() if n % 2 else None
        await asyncio.sleep(0)
    engine.free.set()
    await asyncio.gather(*answering)
    holder = "bot"
    for event in await log.history("c1"):
        assert not (event.kind == "BotReplied" and holder != "bot")
        holder = (await log.load("c1", at=event.seq)).holder.kind
