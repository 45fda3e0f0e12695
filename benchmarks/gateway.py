"""`kefu bench gateway`: open widgets on one process, and how long words take from one side to the other; no bot."""

import asyncio
import gc
import json
import os
import random
import tempfile
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from statistics import median
from time import perf_counter
from typing import Any, Final

import psutil
from rich.console import Console
from websockets.asyncio.client import ClientConnection, connect

from benchmarks.serving import free_port, kefu, running

OPENING: Final = 50  # sockets opened side by side
SETTLE_SECONDS: Final = 2.0
TAIL_SECONDS: Final = 5.0

err = Console(stderr=True)


@dataclass(slots=True)
class Pair:
    """Two open pages of one customer: what one says, the other must hear."""

    here: ClientConnection
    there: ClientConnection
    sent: dict[str, float] = field(default_factory=dict)
    waits: list[float] = field(default_factory=list)

    async def say(self) -> None:
        """Send a message."""
        id = f"m{len(self.sent)}"
        self.sent[id] = perf_counter()
        await self.here.send(json.dumps({"type": "send", "id": id, "text": "请问这个有货吗 is it in stock"}))

    async def drink(self) -> None:
        """Read what the sender's own page is told."""
        async for _ in self.here:
            pass

    async def hear(self) -> None:
        """Note how long each message took."""
        async for raw in self.there:
            frame = json.loads(raw)
            if frame["type"] == "event" and frame["event"]["kind"] == "MessageReceived":
                self.waits.append(perf_counter() - self.sent[frame["event"]["id"]])


async def bench(widgets: int, per_second: int, seconds: float, runs: int, database: str = "") -> dict[str, Any]:
    """Open `widgets` sockets on one process, then `per_second` paced messages for `seconds`; medians over `runs`."""
    results = [await _round(widgets, per_second, seconds, database) for _ in range(runs)]
    waits = [result["p99_ms"] for result in results]
    report = {name: median(result[name] for result in results) for name in results[0]}
    return {
        "cores": os.cpu_count(),
        "runs": runs,
        **report,
        "p99_lowest_ms": min(waits),
        "p99_highest_ms": max(waits),
    }


async def _round(widgets: int, per_second: int, seconds: float, database: str) -> dict[str, float]:
    port = free_port()
    with tempfile.TemporaryDirectory() as var:
        process = kefu(var, port, "--rooms", "", KEFU_DATABASE_URL=database)
        async with running(process, f"http://127.0.0.1:{port}/health"), AsyncExitStack() as closing:
            server = psutil.Process(process.pid)
            await closing.enter_async_context(_open(port))  # what the first visit imports is not a widget's cost
            before = server.memory_full_info().uss
            pairs = await open_pairs(port, widgets, closing)
            err.print(f"gateway: {widgets} widgets are open")
            await asyncio.sleep(SETTLE_SECONDS)
            each = (server.memory_full_info().uss - before) / widgets
            used = sum(server.cpu_times()[:2])
            gc.freeze()  # the generator's own pauses are not the gateway's
            rate = await talk(pairs, per_second, seconds)
            used = sum(server.cpu_times()[:2]) - used
    waits = sorted(wait for pair in pairs for wait in pair.waits)
    sent = sum(len(pair.sent) for pair in pairs)
    told = {
        "widgets": float(widgets),
        "widget_kb": round(each / 1024, 1),
        "messages_per_second": round(rate, 1),
        "p50_ms": round(waits[len(waits) // 2] * 1000, 1),
        "p99_ms": round(waits[int(len(waits) * 0.99)] * 1000, 1),
        "cpu_ms": round(used / sent * 1000, 2),
        "lost": float(sent - len(waits)),
    }
    err.print(f"gateway: {told}")
    return told


async def open_pairs(port: int, widgets: int, closing: AsyncExitStack) -> list[Pair]:
    """Customers with two pages each, open until `closing` ends."""
    gate = asyncio.Semaphore(OPENING)

    async def pair() -> Pair:
        async with gate:
            here = await closing.enter_async_context(_open(port))
            token = await _greet(here)
            there = await closing.enter_async_context(_open(port))
            await _greet(there, token=token)
            return Pair(here, there)

    return list(await asyncio.gather(*(pair() for _ in range(widgets // 2))))


def _open(port: int) -> connect:
    return connect(f"ws://127.0.0.1:{port}/widget/socket", compression=None, ping_interval=None)


async def _greet(socket: ClientConnection, **more: str) -> str:
    await socket.send(json.dumps({"type": "hello", "site": "demo", "language": "zh", **more}))
    while (frame := json.loads(await socket.recv()))["type"] != "welcome":
        pass
    return str(frame["token"])


async def talk(pairs: Sequence[Pair], per_second: int, seconds: float) -> float:
    """Messages at an even pace, whoever is late; gives the pace that was kept."""
    listening = [asyncio.create_task(work) for pair in pairs for work in (pair.hear(), pair.drink())]
    order = random.Random(1).sample(pairs, len(pairs))
    count, began = int(per_second * seconds), perf_counter()
    for number in range(count):
        late = began + number / per_second - perf_counter()
        if late > 0:
            await asyncio.sleep(late)
        await order[number % len(order)].say()
    took = perf_counter() - began
    until = perf_counter() + TAIL_SECONDS
    while perf_counter() < until and sum(len(pair.waits) for pair in pairs) < count:
        await asyncio.sleep(0.05)
    for task in listening:
        task.cancel()
    await asyncio.gather(*listening, return_exceptions=True)
    return count / took
