"""The bot asked beside a conversation that a person holds."""

import asyncio
from dataclasses import replace

import pytest

from app.wiring.assist import BesideBot
from bot.ports import Ask, Turn
from conversation.events import BotMessage
from conversation.model import Conversation


class Engine:
    """The dialogue engine, which says one thing when it may go on."""

    def __init__(self) -> None:
        self.asked: list[Ask] = []
        self.goes_on = asyncio.Event()
        self.says = Turn(
            (BotMessage("七天内可以退货"),), "zh", "return_goods", 0.9, (), ("utter_return_goods",), "", ""
        )

    async def turn(self, ask: Ask) -> Turn:
        self.asked.append(ask)
        await self.goes_on.wait()
        return self.says


async def test_the_bot_beside_is_asked_for_nobody_one_at_a_time_and_never_cut_short() -> None:
    engine, now = Engine(), Conversation("c", contact="k", language="zh")
    beside = BesideBot(engine)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await beside.answer(now, "能退货吗")
    assert await beside.answer(now, "能换货吗") is None
    engine.goes_on.set()
    while (found := await beside.answer(now, "能换货吗")) is None:
        await asyncio.sleep(0)
    assert found == ("七天内可以退货", 0.9)
    assert await beside.answer(now, "订单 KF10000001 能退货吗") is None
    assert [(ask.contact, ask.state, ask.text) for ask in engine.asked] == [("", "", "能退货吗"), ("", "", "能换货吗")]
    for change in ({"handoff": "asked"}, {"actions": ("refund_form",)}, {"intent": "bot_challenge"}):
        engine.says = replace(Engine().says, **change)
        assert await beside.answer(now, "能退货吗") is None
