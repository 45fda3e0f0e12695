"""`kefu bench floor`: agents at open desks, and how long customers' words take to reach them; one process, no bot."""

import asyncio
import gc
import json
import os
import random
import tempfile
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any, Final

import psutil
from rich.console import Console
from sqlalchemy import insert
from websockets.asyncio.client import ClientConnection, connect

from app.migrations import upgrade
from benchmarks.serving import free_port, kefu, running
from benchmarks.wall import Wall, leave
from conversation.database import open_engine, writing
from conversation.events import AgentAssigned, ConversationStarted, HandoffRequested
from conversation.signals import LocalSignals
from conversation.sql import SqlLog
from desk.store.access import Access
from desk.store.staff import Staff, as_row
from desk.store.staff import staff as staff_table
from web.sessions import COOKIE, Sessions
from web.tokens import Pass, Tokens

ROOMS: Final = "desk,search,reports"
SECRET: Final = "of this bench alone, and of nothing else"
AT_ONCE: Final = 500
OPENING: Final = 50
SETTLE_SECONDS: Final = 5.0
TAIL_SECONDS: Final = 5.0
SAMPLES: Final = 10

err = Console(stderr=True)


@dataclass(slots=True)
class Crowd:
    """Who is there, and what was said when and heard how much later (seconds)."""

    agents: list[ClientConnection] = field(default_factory=list)
    customers: list[ClientConnection] = field(default_factory=list)
    sent: dict[str, float] = field(default_factory=dict)
    waits: list[float] = field(default_factory=list)

    async def say(self, n: int, customer: ClientConnection) -> None:
        """A customer writes something that nobody wrote before."""
        text = f"message {n} 请问到哪里了"
        self.sent[text] = perf_counter()
        await customer.send(json.dumps({"type": "send", "id": f"m{n}", "text": text}))

    async def hear(self, agent: ClientConnection) -> None:
        """Note how long each message took."""
        async for raw in agent:
            if '"MessageReceived"' in raw:
                now = perf_counter()
                for event in json.loads(raw)["events"]:
                    if event["kind"] == "MessageReceived":
                        self.waits.append(now - self.sent[event["text"]])

    async def drink(self, customer: ClientConnection) -> None:
        """Read what a widget is told. Raises RuntimeError for a refusal."""
        async for raw in customer:
            if '"error"' in raw:
                raise RuntimeError(raw)


async def bench(agents: int, each: int, per_second: int, minutes: float, database: str) -> dict[str, Any]:
    """`agents` desks with `each` conversations open, `per_second` messages for `minutes`. A database must be empty."""
    port = free_port()
    with tempfile.TemporaryDirectory() as var:
        url = database or f"sqlite+aiosqlite:///{Path(var) / 'kefu.db'}"
        cookies = await _prepare(url, agents, each)
        process = kefu(var, port, "--rooms", ROOMS, KEFU_DATABASE_URL=url, KEFU_SECRET=SECRET)
        async with running(process, f"http://127.0.0.1:{port}/health"), AsyncExitStack() as closing:
            server, crowd = psutil.Process(process.pid), Crowd()
            before = server.memory_full_info().uss
            await _come(crowd, port, cookies[:agents], each, closing)
            err.print(f"floor: {agents} desks with {each} conversations each are open")
            await asyncio.sleep(SETTLE_SECONDS)
            opened = server.memory_full_info().uss
            used = sum(server.cpu_times()[:2])
            gc.freeze()  # the generator's own pauses are not the desk's
            wall = Wall()
            watching = asyncio.create_task(wall.watch(port, cookies.pop()))
            rate, memory = await _talk(crowd, per_second, minutes * 60, server)
            used = sum(server.cpu_times()[:2]) - used
            await leave(watching)
    waits = sorted(crowd.waits)
    return {
        "store": url.split("+")[0],
        "cores": os.cpu_count(),
        "agents": agents,
        "conversations": agents * each,
        "desk_kb": round((opened - before) / agents / 1024, 1),
        "messages_per_second": round(rate, 1),
        "p50_ms": round(waits[len(waits) // 2] * 1000, 1),
        "p99_ms": round(waits[int(len(waits) * 0.99)] * 1000, 1),
        "cpu_ms": round(used / len(crowd.sent) * 1000, 2),
        "lost": len(crowd.sent) - len(waits),
        **wall.told(),
        "memory_mb": [round(one / 2**20) for one in memory],
    }


async def _prepare(url: str, agents: int, each: int) -> list[str]:
    """Staff with sessions, and conversations in their hands; gives the sessions' cookies, a supervisor's at the end."""
    await upgrade(url)
    engine, sessions, cookies = open_engine(url), Sessions(SECRET), []
    people = [Staff(f"a{n}", f"a{n}", f"Agent {n}", "agent", ("zh", "en"), (), each) for n in range(agents)]
    everybody = [*people, Staff("s0", "s0", "Supervisor", "supervisor", ("zh", "en"), (), 0)]
    async with writing(engine) as connection:
        await connection.execute(insert(staff_table), [{**as_row(one), "password_hash": ""} for one in everybody])
    for one in everybody:
        cookie, session = sessions.open(one.id)
        await Access(engine).open(session.id, one.id, "", "bench")
        cookies.append(cookie)
    log = SqlLog(engine, LocalSignals())
    for first in range(0, agents * each, AT_ONCE):
        some = range(first, min(first + AT_ONCE, agents * each))
        await asyncio.gather(*(_give(log, n, people[n % agents]) for n in some))
    await log.close()
    await engine.dispose()
    return cookies


async def _give(log: SqlLog, n: int, agent: Staff) -> None:
    begun = ConversationStarted(f"k{n}", "widget", "demo", "zh"), HandoffRequested("bench")
    await log.append(f"c{n}", *begun, AgentAssigned(agent.name, agent.id), cause="bench")


async def _come(crowd: Crowd, port: int, cookies: list[str], each: int, closing: AsyncExitStack) -> None:
    """Every agent opens all of their conversations; of each agent one customer is there too."""
    gate, tokens = asyncio.Semaphore(OPENING), Tokens(SECRET)

    async def arrive(n: int, cookie: str) -> None:
        async with gate:
            headers = {"Cookie": f"{COOKIE}={cookie}"}
            live = connect(
                f"ws://127.0.0.1:{port}/live", additional_headers=headers, compression=None, ping_interval=None
            )
            agent = await closing.enter_async_context(live)
            await _until(agent, "welcome")
            for k in range(each):
                await agent.send(json.dumps({"type": "open", "conversation": f"c{n + k * len(cookies)}", "since": 0}))
            crowd.agents.append(agent)
            widget = connect(f"ws://127.0.0.1:{port}/widget/socket", compression=None, ping_interval=None)
            customer = await closing.enter_async_context(widget)
            hello = {"type": "hello", "site": "demo", "language": "zh", "token": tokens.sign(Pass(f"k{n}", "demo"))}
            await customer.send(json.dumps(hello))
            await _until(customer, "welcome")
            crowd.customers.append(customer)

    await asyncio.gather(*(arrive(n, cookie) for n, cookie in enumerate(cookies)))


async def _until(socket: ClientConnection, type: str) -> None:
    while (frame := json.loads(await socket.recv()))["type"] != type:
        if frame["type"] == "error":
            raise RuntimeError(frame["message"])


async def _talk(crowd: Crowd, per_second: int, seconds: float, server: psutil.Process) -> tuple[float, list[int]]:
    """Messages at an even pace, whoever is late; the pace that was kept, and the server's bytes on the way."""
    listening = [asyncio.create_task(crowd.hear(one)) for one in crowd.agents]
    listening += [asyncio.create_task(crowd.drink(one)) for one in crowd.customers]
    order = random.Random(1).sample(crowd.customers, len(crowd.customers))
    count, began, memory = int(per_second * seconds), perf_counter(), [server.memory_full_info().uss]
    for n in range(count):
        if n and n % -(-count // SAMPLES) == 0:
            memory.append(server.memory_full_info().uss)
        late = began + n / per_second - perf_counter()
        if late > 0:
            await asyncio.sleep(late)
        await crowd.say(n, order[n % len(order)])
    took = perf_counter() - began
    until = perf_counter() + TAIL_SECONDS
    while perf_counter() < until and len(crowd.waits) < count:
        await asyncio.sleep(0.05)
    for task in listening:
        task.cancel()
    for ended in await asyncio.gather(*listening, return_exceptions=True):
        if isinstance(ended, Exception):
            raise ended
    return count / took, [*memory, server.memory_full_info().uss]
