"""kill -9 of the whole house while customers write: what was acknowledged is there once, in order, and answered."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from os import environ
from pathlib import Path
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from app.config import Settings
from app.wiring.ground import open_log
from conversation.events import BotReplied, Event, MessageReceived
from conversation.log import Log
from tests.servers.engine import open_echo
from tests.servers.ports import free_port
from tests.servers.redis import RedisServer

CUSTOMERS = 12
MESSAGES = 15


class House:
    """`kefu serve` as a process."""

    def __init__(self, settings: Mapping[str, str], port: int) -> None:
        self.url = f"ws://127.0.0.1:{port}/widget/socket"
        self._environment = {**environ, **settings, "KEFU_PORT": str(port)}

    async def start(self) -> None:
        """Start it; who wants to talk knocks until it is there."""
        kefu = str(Path(sys.executable).with_name("kefu"))
        self._process = await asyncio.create_subprocess_exec(kefu, "serve", env=self._environment)

    async def kill(self) -> None:
        """As a power cut."""
        self._process.kill()
        await self._process.wait()


@dataclass(slots=True)
class Customer:
    """Writes one message after the other, each until it is acknowledged, through whatever happens."""

    url: str
    acknowledged: Callable[[], None]
    token: str | None = None
    conversation: str = ""
    sent: list[str] = field(default_factory=list)

    async def talk(self) -> None:
        """Until all is said."""
        while len(self.sent) < MESSAGES:
            try:
                async with connect(self.url) as socket:
                    await self._visit(socket)
            except (OSError, EOFError, WebSocketException):
                await asyncio.sleep(0.1)

    async def _visit(self, socket: ClientConnection) -> None:
        hello = {"type": "hello", "site": "demo", "language": "zh"}
        await socket.send(json.dumps(hello | ({"token": self.token} if self.token else {})))
        welcome = await _hear(socket, "welcome")
        self.token, self.conversation = welcome["token"], welcome["conversation"]
        while len(self.sent) < MESSAGES:
            id = f"m{len(self.sent)}"
            await socket.send(json.dumps({"type": "send", "id": id, "text": f"words of {id}"}))
            assert (await _hear(socket, "ack"))["id"] == id
            self.sent.append(id)
            self.acknowledged()


async def _hear(socket: ClientConnection, type: str) -> dict[str, Any]:
    while True:
        frame: dict[str, Any] = json.loads(await socket.recv())
        if frame["type"] == "error":
            raise ConnectionError(frame["code"])
        if frame["type"] == type:
            return frame


def said(events: list[Event]) -> list[str]:
    return [event.fact.text for event in events if isinstance(event.fact, MessageReceived)]


def answers(events: list[Event]) -> list[str]:
    """Which message each answer is to, by the seq it names as its cause."""
    by_seq = {f"seq:{event.seq}": event.fact.text for event in events if isinstance(event.fact, MessageReceived)}
    return [by_seq[event.cause] for event in events if isinstance(event.fact, BotReplied)]


async def all_answered(log: Log, customers: list[Customer]) -> None:
    while not all([len(answers(await log.history(one.conversation))) >= MESSAGES for one in customers]):
        await log.wait(0.2)


async def under_load(tmp_path: Path, strike: Callable[[House], Awaitable[None]], **more: str) -> None:
    """Let customers write, strike in the middle, and look at the log afterwards."""
    async with AsyncExitStack() as closing:
        engine = await closing.enter_async_context(open_echo())
        house = House({"KEFU_VAR": str(tmp_path), "KEFU_ENGINE_URLS": json.dumps([engine]), **more}, free_port())
        await house.start()
        closing.push_async_callback(house.kill)
        third = asyncio.Event()
        heard = 0

        def acknowledged() -> None:
            nonlocal heard
            heard += 1
            if heard > CUSTOMERS * MESSAGES // 3:
                third.set()

        customers = [Customer(house.url, acknowledged) for _ in range(CUSTOMERS)]

        async def trouble() -> None:
            await third.wait()
            await strike(house)

        async with asyncio.timeout(300):
            await asyncio.gather(trouble(), *(customer.talk() for customer in customers))
            log = await closing.enter_async_context(open_log(Settings(var=tmp_path)))
            await all_answered(log, customers)
        wanted = [f"words of m{n}" for n in range(MESSAGES)]
        for customer in customers:
            events = await log.history(customer.conversation)
            assert said(events) == wanted
            assert answers(events) == wanted


async def test_the_house_is_killed_and_comes_back(tmp_path: Path) -> None:
    async def strike(house: House) -> None:
        await house.kill()
        await house.start()

    await under_load(tmp_path, strike)


async def test_redis_is_killed_and_comes_back(tmp_path: Path, redis_server: RedisServer) -> None:
    async def strike(_: House) -> None:
        redis_server.kill()
        await redis_server.start()

    await under_load(tmp_path, strike, KEFU_REDIS_URL=redis_server.url)
