"""A customer at the widget's socket, through the whole house but for the engine."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket
from websockets.asyncio.client import ClientConnection, connect

from bot.ports import Ask, Turn
from bot.service.bot import Bot
from channels.api.door import Door
from channels.api.socket import serve
from channels.rules import Site
from channels.service import Channels
from conversation.events import AgentAssigned, AgentReplied, BotMessage, Button, NoteAdded
from conversation.log import Log
from conversation.reader import Reader
from conversation.share import Shares
from conversation.signals import LocalSignals
from conversation.tail import Tail
from desk.service.visitors import Visitors
from tests.journeys.people import PATIENCE, Missed
from web.files import DiskFiles
from web.live import Live
from web.tokens import Pass, Tokens

GREETINGS = (Path(__file__).parent / "greetings.txt").read_text("utf-8").splitlines()

Enter = Callable[..., AbstractAsyncContextManager["Widget"]]


class Echo:
    """An engine that repeats what it hears."""

    async def turn(self, ask: Ask) -> Turn:
        said = BotMessage(f"您说: {ask.text}", (Button("好", "/secret_payload"),))
        return Turn(
            (said,), "zh", "echo", 0.875, (), (), "RulePolicy", "engine-state", "asked" if "人工" in ask.text else ""
        )


class Somebody:
    """A desk where somebody is."""

    async def place(self, conversation: str) -> None:
        return None

    async def blocked(self, contact: str) -> bool:
        return False


class Widget:
    """A customer's end of the socket."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self.welcome: dict[str, Any] = {}
        self.raw = ""

    async def say(self, **frame: Any) -> None:
        await self._socket.send(json.dumps(frame))

    async def say_raw(self, text: str) -> None:
        await self._socket.send(text)

    async def hear(self, type: str, kind: str | None = None) -> dict[str, Any]:
        """The next frame of this type (and, for events, of this kind)."""
        met: list[dict[str, Any]] = []
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                while True:
                    text = str(await self._socket.recv())
                    self.raw += text
                    met.append(json.loads(text))
                    if met[-1]["type"] == type and (kind is None or met[-1]["event"]["kind"] == kind):
                        return met[-1]
        raise Missed(f"a frame {type} {kind or ''}".strip(), met)


@pytest.fixture
async def enter(log: Log, tmp_path: Path) -> AsyncIterator[Enter]:
    """Opens widgets on a running house."""
    tail = Tail(log)
    await tail.start()
    bot = Bot(log, tail, Echo())
    reader = Reader("bot", bot.handlers, shares=Shares(log), tail=tail)
    reader.start()
    live = Live(tail)
    names = {"demo": "客服", "other": "别处"}
    sites = {id: Site({"zh": name}, {"zh": "您好"}, languages=("zh",)) for id, name in names.items()}
    tokens = Tokens("a secret of thirty-two bytes long")
    door = Door(
        Channels(log),
        log,
        live,
        LocalSignals(),
        tokens,
        DiskFiles(tmp_path),
        sites,
        Somebody(),
        Somebody(),
        Visitors(log, LocalSignals()),
        600,
    )

    async def widget_socket(socket: WebSocket) -> None:
        await serve(door, socket)

    app = Starlette(routes=[WebSocketRoute("/widget/socket", widget_socket)])
    server = uvicorn.Server(uvicorn.Config(app, port=0, ws="websockets-sansio", log_level="warning", lifespan="off"))
    serving = asyncio.create_task(server.serve())
    async with asyncio.timeout(PATIENCE):
        while not server.started:
            await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]

    @asynccontextmanager
    async def visit(**hello: Any) -> AsyncIterator[Widget]:
        # However much of what came is left unread, its end is heard at once.
        async with connect(f"ws://127.0.0.1:{port}/widget/socket", max_queue=None) as socket:
            widget = Widget(socket)
            await widget.say(**{"type": "hello", "site": "demo", "language": "zh", **hello})
            widget.welcome = await widget.hear("welcome")
            yield widget

    yield visit
    server.should_exit = True
    await serving
    await reader.stop()
    live.close()
    await tail.stop()


async def test_a_customer_asks_and_the_bot_answers(enter: Enter) -> None:
    async with enter() as widget:
        await widget.say(type="send", id="m1", text="查订单 where is it")
        ack = await widget.hear("ack")
        reply = await widget.hear("event", "BotReplied")
        assert ack["id"] == "m1"
        assert reply["event"]["seq"] > ack["seq"]
        assert reply["event"]["messages"][0]["text"] == "您说: 查订单 where is it"
        assert "secret_payload" not in widget.raw
        assert "engine-state" not in widget.raw
        assert "confidence" not in widget.raw


@pytest.mark.parametrize("part", [GREETINGS[:32], GREETINGS[32:]], ids=["first", "second"])
async def test_a_greeting_in_any_language_comes_back_as_it_was_written(enter: Enter, part: list[str]) -> None:
    async with enter() as widget:
        for number, greeting in enumerate(part):
            await widget.say(type="send", id=f"m{number}", text=greeting)
            reply = await widget.hear("event", "BotReplied")
            assert reply["event"]["messages"][0]["text"] == f"您说: {greeting}"


async def test_a_message_sent_twice_counts_once(enter: Enter, log: Log) -> None:
    async with enter() as widget:
        for _ in range(2):
            await widget.say(type="send", id="m1", text="hello")
        first, second = await widget.hear("ack"), await widget.hear("ack")
        assert first["seq"] == second["seq"]
        kinds = [event.kind for event in await log.history(widget.welcome["conversation"])]
        assert kinds.count("MessageReceived") == 1


async def test_a_customer_comes_back_with_the_token_and_misses_nothing(enter: Enter, log: Log) -> None:
    async with enter() as widget:
        await widget.say(type="send", id="m1", text="转人工")
        handoff = await widget.hear("event", "HandoffRequested")
    here = widget.welcome["conversation"]
    await log.append(here, AgentAssigned("小美", "a1"), cause="take")
    await log.append(here, NoteAdded("a1", "小美", "VIP, be careful"), cause="note")
    await log.append(here, AgentReplied("小美", "a1", "您好"), cause="reply")
    async with enter(token=widget.welcome["token"], since=handoff["event"]["seq"]) as again:
        assert again.welcome["conversation"] == here
        assert [event["kind"] for event in again.welcome["events"]] == ["AgentAssigned", "AgentReplied"]
        assert again.welcome["agent"] == "小美"
        assert "VIP" not in again.raw
        assert "a1" not in json.dumps(again.welcome["events"])


@pytest.mark.parametrize(
    ("frame", "code", "field"),
    [
        ('{"type":"send","id":"m","text":', "malformed", None),
        ('{"type":"send","id":"m"}', "invalid", None),
        ('{"type":"send","id":"no spaces","text":"x"}', "invalid", "id"),
        ('{"type":"send","id":"m","text":"a\\u0000b"}', "invalid", "text"),
        ('{"type":"send","id":"m","text":"\\ud800"}', "invalid", "text"),
        ('{"type":"rate","id":"m","score":6}', "invalid", "score"),
        ('{"type":"leave","id":"m","text":"call me"}', "invalid", None),
        ('{"type":"bot","id":"m"}', "conflict", None),
        ('{"type":"nonsense"}', "invalid", None),
        (json.dumps({"type": "send", "id": "m", "text": "长" * 4001}), "invalid", "text"),
    ],
)
async def test_a_bad_frame_is_refused_and_the_talk_goes_on(
    enter: Enter, frame: str, code: str, field: str | None
) -> None:
    async with enter() as widget:
        await widget.say_raw(frame)
        error = await widget.hear("error")
        assert (error["code"], error["field"]) == (code, field)
        await widget.say(type="send", id="fine", text="ok")
        assert (await widget.hear("ack"))["id"] == "fine"


async def test_a_flood_is_refused_and_nothing_acknowledged_is_lost(
    enter: Enter, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("channels.api.door.FLOOD_SECONDS", 600.0)  # however slow the machine is
    async with enter() as widget:
        for n in range(60):
            await widget.say(type="send", id=f"m{n}", text=str(n))
        error = await widget.hear("error")
        assert error["code"] == "too_many"
        assert error["id"] == "m40"
        kinds = [event.kind for event in await log.history(widget.welcome["conversation"])]
        assert kinds.count("MessageReceived") == 40


async def test_a_strangers_token_opens_nothing(enter: Enter) -> None:
    forged = Tokens("another secret that is long enough")
    with pytest.raises(Exception, match="1008"):
        async with enter(token=forged.sign(Pass("k1", "demo"))):
            raise AssertionError("a forged token was welcome")
