"""Customers who talk: ten-turn conversations, many at once, each waiting for its answer before it goes on."""

import asyncio
import json
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any, Final
from uuid import uuid4

import aiohttp
import psutil
from websockets.asyncio.client import ClientConnection, connect

TURNS: Final = 10
TEXTS: Final = (
    "你们几点上班",
    "运费多少",
    "how long does shipping take",
    "能用支付宝吗",
    "保修多久",
    "where is your store",
    "怎么用优惠券",
    "谢谢",
    "讲个笑话",
    "忘记密码了怎么办",
)


@dataclass(slots=True)
class Result:
    """One round: seconds it took, seconds of each answer, messages lost and doubled, CPU seconds, memory in bytes."""

    seconds: float = 0.0
    waits: list[float] = field(default_factory=list)
    lost: int = 0
    doubled: int = 0
    cpu_seconds: float = 0.0
    memory: int = 0
    tokens: list[str] = field(default_factory=list)

    def told(self) -> dict[str, float]:
        """As a report shows it: messages/s, milliseconds, megabytes."""
        waits = sorted(self.waits)
        return {
            "messages_per_second": round(len(waits) / self.seconds, 1),
            "p50_ms": round(waits[len(waits) // 2] * 1000, 1),
            "p95_ms": round(waits[int(len(waits) * 0.95)] * 1000, 1),
            "p99_ms": round(waits[int(len(waits) * 0.99)] * 1000, 1),
            "cpu_ms": round(self.cpu_seconds / len(waits) * 1000, 2),
            "memory_mb": round(self.memory / 2**20),
        }


Talk = Callable[[Result], Awaitable[None]]


async def run(talk: Talk, at_once: int, messages: int, process: int) -> Result:
    """Talk until about `messages` were answered, `at_once` conversations side by side."""
    result = Result()
    conversations = iter(range(max(at_once, messages // TURNS)))

    async def customer() -> None:
        for _ in conversations:
            await talk(result)

    with _measured(result, process):
        began = perf_counter()
        await asyncio.gather(*(customer() for _ in range(at_once)))
        result.seconds = perf_counter() - began
    return result


@contextmanager
def _measured(result: Result, process: int) -> Iterator[None]:
    family = [psutil.Process(process), *psutil.Process(process).children(recursive=True)]
    before = sum(sum(one.cpu_times()[:2]) for one in family)
    yield
    result.cpu_seconds = sum(sum(one.cpu_times()[:2]) for one in family) - before
    result.memory = sum(_memory(one) for one in family)


def _memory(process: psutil.Process) -> int:
    """What a process has for itself and its share of what it shares (PSS)."""
    return int(process.memory_full_info().pss)


def kefu_talk(url: str) -> Talk:
    """A conversation through the widget's socket; at its end the log is asked what it holds."""

    async def talk(result: Result) -> None:
        async with connect(f"{url.replace('http', 'ws', 1)}/widget/socket", compression=None) as socket:
            await socket.send(json.dumps({"type": "hello", "site": "demo", "language": "zh"}))
            token = (await _hear(socket, "welcome"))["token"]
            for turn in range(TURNS):
                began = perf_counter()
                await socket.send(json.dumps({"type": "send", "id": f"m{turn}", "text": TEXTS[turn]}))
                await _hear(socket, "event", "BotReplied")
                result.waits.append(perf_counter() - began)
        result.tokens.append(token)

    return talk


async def audit(url: str, result: Result, session: aiohttp.ClientSession) -> None:
    """Ask the log: each message must be there once, and be answered once."""
    for token in result.tokens:
        headers = {"Authorization": f"Bearer {token}"}
        async with session.get(f"{url}/widget/history?limit=100", headers=headers) as answer:
            events = (await answer.json())["events"]
        sent = Counter(event["id"] for event in events if event["kind"] == "MessageReceived")
        answered = sum(event["kind"] == "BotReplied" for event in events)
        result.lost += TURNS - len(sent) + max(0, TURNS - answered)
        result.doubled += sum(sent.values()) - len(sent) + max(0, answered - TURNS)


async def _hear(socket: ClientConnection, type: str, kind: str = "") -> dict[str, Any]:
    while True:
        frame: dict[str, Any] = json.loads(await socket.recv())
        if frame["type"] == type and (not kind or frame["event"]["kind"] == kind):
            return frame


def rasa_talk(url: str, session: aiohttp.ClientSession) -> Talk:
    """A conversation through Rasa's own REST channel."""

    async def talk(result: Result) -> None:
        sender = uuid4().hex
        for turn in range(TURNS):
            began = perf_counter()
            body = {"sender": sender, "message": TEXTS[turn]}
            async with session.post(f"{url}/webhooks/rest/webhook", json=body) as answer:
                if not await answer.json():
                    result.lost += 1
            result.waits.append(perf_counter() - began)

    return talk
