"""Pictures: passed to a person, or looked at by what is behind the door, if it looks in time."""

import asyncio
import base64
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from aiohttp import web

from bot.adapters.vision import HttpVision
from bot.service.bot import Bot
from conversation.events import (
    AgentAssigned,
    Attachment,
    BotReplied,
    ConversationStarted,
    Event,
    HandoffRequested,
    MessageReceived,
    PicturesSeen,
    Seen,
)
from conversation.memory import MemoryLog
from conversation.model import Conversation
from demo_shop.api import serving
from tests.services.test_bot import Script
from web.files import DiskFiles

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


class Eyes:
    """A door that keeps what it is asked and answers as told."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.answer: Any = {"text": "杯子碎了，\n包裹上写着 13912345678"}
        self.status = 200
        self.hangs = False
        self.given_up = asyncio.Event()

    async def look(self, request: web.Request) -> web.Response:
        self.asked.append(await request.json())
        self.keys.append(request.headers.get("Authorization", ""))
        if self.hangs:
            await self.given_up.wait()
        return web.json_response(self.answer, status=self.status)


@pytest.fixture
async def eyes() -> Eyes:
    return Eyes()


@pytest.fixture
async def url(eyes: Eyes) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_post("/look", eyes.look)
    async with serving(app) as address:
        yield f"{address}/look"
        eyes.given_up.set()


@pytest.fixture
def files(tmp_path: Path) -> DiskFiles:
    return DiskFiles(tmp_path)


async def say(log: MemoryLog, text: str, *attachments: Attachment) -> Event:
    await log.append("c1", ConversationStarted("k", "widget", "demo", "zh"), cause="start")
    return (await log.append("c1", MessageReceived(text, attachments), cause=f"m{text}")).events[0]


async def answered(log: MemoryLog, bot: Bot, said: Event) -> BotReplied:
    await bot.answer(said)
    return next(
        event.fact
        for event in await log.history("c1")
        if event.cause == f"seq:{said.seq}" and isinstance(event.fact, BotReplied)
    )


async def test_what_a_picture_shows_is_understood_and_nobodys_number_leaves(
    eyes: Eyes, url: str, files: DiskFiles
) -> None:
    log, engine = MemoryLog(), Script()
    bot = Bot(log, log, engine, vision=HttpVision(url, files, "secret"))
    picture = await files.save("cup.png", PNG, "k")
    reply = await answered(log, bot, await say(log, "怎么办，我的电话13812345678", picture))
    assert reply.policy == "RulePolicy"
    assert engine.asked[0].text == "怎么办，我的电话13812345678 杯子碎了， 包裹上写着 [phone]"
    assert eyes.asked[0] | {"image": ""} == {
        "media_type": "image/png",
        "image": "",
        "text": "怎么办，我的电话[phone]",
        "language": "zh",
    }
    assert base64.b64decode(eyes.asked[0]["image"]) == PNG
    assert eyes.keys == ["Bearer secret"]


@pytest.mark.parametrize("taken_over", [False, True])
async def test_what_was_seen_is_kept_for_whoever_answers(
    eyes: Eyes, url: str, files: DiskFiles, taken_over: bool
) -> None:
    log, engine = MemoryLog(), Script()
    bot = Bot(log, log, engine, vision=HttpVision(url, files))
    picture = await files.save("cup.png", PNG, "k")
    said = await say(log, "怎么办", picture)
    if taken_over:
        load = log.load

        async def late(conversation: str, at: int | None = None) -> Conversation:
            """The bot still held it when it began."""
            now = await load(conversation, at)
            await log.append("c1", HandoffRequested("asked"), AgentAssigned("Sue", "s1"), cause="taken")
            return now

        bot._conversations = SimpleNamespace(load=late)
    await bot.answer(said)
    facts = [event.fact for event in await log.history("c1") if event.cause == f"seq:{said.seq}"]
    seen = PicturesSeen(said.seq, (Seen(picture.id, "杯子碎了， 包裹上写着 [phone]"),))
    assert seen in facts
    assert any(isinstance(fact, BotReplied) for fact in facts) is not taken_over


@pytest.mark.parametrize("trouble", ["away", "hangs", "nonsense", "error", "nothing", "erased", "no picture"])
async def test_without_eyes_in_time_a_person_is_offered(eyes: Eyes, url: str, files: DiskFiles, trouble: str) -> None:
    log, engine = MemoryLog(), Script()
    eyes.hangs, eyes.status = trouble == "hangs", 500 if trouble == "error" else 200
    eyes.answer = {"nonsense": ["?"], "nothing": {"text": ""}}.get(trouble, eyes.answer)
    picture = await files.save("cup.png", PNG if trouble != "no picture" else b"plain words", "k")
    if trouble == "erased":
        await files.delete(picture.id)
    door = HttpVision("http://127.0.0.1:9/look" if trouble == "away" else url, files, seconds=0.3)
    reply = await answered(log, Bot(log, log, engine, vision=door), await say(log, "", picture))
    assert reply.policy == "files_received"
    assert [button.payload for button in reply.messages[0].buttons] == ["/human"]
    assert engine.asked == []
