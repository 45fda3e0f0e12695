"""`kefu bench floor`: agents at open desks, and how long customers' words take to reach them; one process, no bot."""

import asyncio
import gc
import os
import random
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any, Final

import aiohttp
import orjson
import psutil
from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType
from rich.console import Console
from sqlalchemy import insert

from app.migrations import upgrade
from benchmarks.serving import free_port, kefu, running
from benchmarks.wall import Wall, leave
from conversation.database import open_engine, writing
from conversation.events import AgentAssigned, ConversationStarted
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
PING_SECONDS: Final = 25.0  # as the desk's page does
SETTLE_SECONDS: Final = 5.0
TAIL_SECONDS: Final = 5.0
SAMPLES: Final = 10

err = Console(stderr=True)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """One of the staff: their session's cookie, and the token that goes with what changes something."""

    id: str
    cookie: str
    csrf: str

    def headers(self) -> dict[str, str]:
        """Of every request of theirs."""
        return {"Cookie": f"{COOKIE}={self.cookie}", "X-CSRF-Token": self.csrf}


@dataclass(slots=True)
class Crowd:
    """Who is there, and what was said when and heard how much later (seconds).

    It shares the cores with the house, so it reads no more of a frame than it must.
    """

    beside: asyncio.TaskGroup
    listening: list[asyncio.Task[None]] = field(default_factory=list)
    agents: list[ClientWebSocketResponse] = field(default_factory=list)
    customers: list[ClientWebSocketResponse] = field(default_factory=list)
    sent: dict[str, float] = field(default_factory=dict)
    waits: list[float] = field(default_factory=list)

    def come(self, agent: ClientWebSocketResponse, customer: ClientWebSocketResponse) -> None:
        """They listen from here on."""
        self.agents.append(agent)
        self.customers.append(customer)
        self.listening += [self.beside.create_task(some) for some in (self.hear(agent), self.drink(customer))]

    def go(self) -> None:
        """They listen no longer."""
        for task in self.listening:
            task.cancel()

    async def say(self, n: int, customer: ClientWebSocketResponse) -> None:
        """A customer writes something that nobody wrote before."""
        text = f"message {n} 请问到哪里了"
        self.sent[text] = perf_counter()
        await customer.send_str(f'{{"type":"send","id":"m{n}","text":"{text}"}}')

    async def hear(self, agent: ClientWebSocketResponse) -> None:
        """Note how long each message took. Raises RuntimeError when the house sends the page away."""
        while (heard := await agent.receive()).type is WSMsgType.TEXT:
            if '"MessageReceived"' in heard.data:
                now = perf_counter()
                for event in orjson.loads(heard.data)["events"]:
                    if event["kind"] == "MessageReceived":
                        self.waits.append(now - self.sent[event["text"]])
        raise RuntimeError(f"a desk was closed with {agent.close_code}")

    async def drink(self, customer: ClientWebSocketResponse) -> None:
        """Read what a widget is told. Raises RuntimeError for a refusal, or when the house sends it away."""
        while (heard := await customer.receive()).type is WSMsgType.TEXT:
            if '"error"' in heard.data:
                raise RuntimeError(heard.data)
        raise RuntimeError(f"a widget was closed with {customer.close_code}")

    async def stay(self) -> None:
        """Each page says every 25 seconds that it is there, one after the other."""
        while True:
            for agent in tuple(self.agents):
                await asyncio.sleep(PING_SECONDS / len(self.agents))
                await agent.send_str('{"type":"ping"}')


async def bench(database: str, agents: int, each: int, per_second: int, minutes: float) -> dict[str, Any]:
    """`agents` desks with `each` conversations open, `per_second` messages for `minutes`. A database must be empty."""
    port = free_port()
    with tempfile.TemporaryDirectory() as var:
        url = database or f"sqlite+aiosqlite:///{Path(var) / 'kefu.db'}"
        staff = await _prepare(url, agents, each)
        process = kefu(var, port, "--rooms", ROOMS, KEFU_DATABASE_URL=url, KEFU_SECRET=SECRET)
        doors = ClientSession(f"http://127.0.0.1:{port}", connector=aiohttp.TCPConnector(limit=0))
        async with running(process, f"http://127.0.0.1:{port}/health"), doors, asyncio.TaskGroup() as beside:
            server, crowd = psutil.Process(process.pid), Crowd(beside)
            before = server.memory_full_info().uss
            await _come(crowd, doors, staff[:agents], each)
            err.print(f"floor: {agents} desks with {each} conversations each are open")
            await asyncio.sleep(SETTLE_SECONDS)
            opened = server.memory_full_info().uss
            used, own = _cpu(server), _cpu(psutil.Process())
            gc.freeze()  # the generator's own pauses are not the desk's
            wall = Wall()
            watching = asyncio.create_task(wall.watch(port, staff[-1].cookie))
            rate, memory = await _talk(crowd, per_second, minutes * 60, server)
            used, own = _cpu(server) - used, _cpu(psutil.Process()) - own
            await leave(watching)
            crowd.go()
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
        "crowd_cpu_ms": round(own / len(crowd.sent) * 1000, 2),
        "lost": len(crowd.sent) - len(waits),
        **wall.told(),
        "memory_mb": [round(one / 2**20) for one in memory],
    }


def _cpu(process: psutil.Process) -> float:
    return float(sum(process.cpu_times()[:2]))


async def _prepare(url: str, agents: int, each: int) -> list[SignedIn]:
    """Staff with sessions, and conversations in their hands; a supervisor at the end."""
    await upgrade(url)
    engine, sessions, come = open_engine(url), Sessions(SECRET), list[SignedIn]()
    people = [Staff(f"a{n}", f"a{n}", f"Agent {n}", "agent", ("zh", "en"), (), each) for n in range(agents)]
    everybody = [*people, Staff("s0", "s0", "Supervisor", "supervisor", ("zh", "en"), (), 0)]
    async with writing(engine) as connection:
        await connection.execute(insert(staff_table), [{**as_row(one), "password_hash": ""} for one in everybody])
    for one in everybody:
        cookie, session = sessions.open(one.id)
        await Access(engine, LocalSignals()).open(session.id, one.id, "", "bench")
        come.append(SignedIn(one.id, cookie, session.csrf))
    log = SqlLog(engine, LocalSignals())
    for first in range(0, agents * each, AT_ONCE):
        some = range(first, min(first + AT_ONCE, agents * each))
        await asyncio.gather(*(_give(log, n, people[n % agents]) for n in some))
    await log.close()
    await engine.dispose()
    return come


async def _give(log: SqlLog, n: int, agent: Staff) -> None:
    begun = ConversationStarted(f"k{n}", "widget", "demo", "zh")
    await log.append(f"c{n}", begun, AgentAssigned(agent.name, agent.id), cause="bench")


async def _come(crowd: Crowd, doors: ClientSession, staff: list[SignedIn], each: int) -> None:
    """Every agent is online and opens all of their conversations; of each agent one customer is there too."""
    gate, tokens = asyncio.Semaphore(OPENING), Tokens(SECRET)

    async def arrive(n: int, one: SignedIn) -> None:
        async with gate:
            async with doors.put("/api/presence", json={"presence": "online"}, headers=one.headers()) as answer:
                answer.raise_for_status()
            agent = await doors.ws_connect("/live", headers=one.headers(), max_msg_size=0)
            await _until(agent, "welcome")
            for k in range(each):
                id = f"c{n + k * len(staff)}"
                await agent.send_json({"type": "open", "conversation": id, "since": 0})
            customer = await doors.ws_connect("/widget/socket")
            token = tokens.sign(Pass(f"k{n}", "demo"))
            await customer.send_json({"type": "hello", "site": "demo", "language": "zh", "token": token})
            await _until(customer, "welcome")
            crowd.come(agent, customer)

    await asyncio.gather(*(arrive(n, one) for n, one in enumerate(staff)))
    crowd.listening.append(crowd.beside.create_task(crowd.stay()))


async def _until(socket: ClientWebSocketResponse, type: str) -> None:
    while (frame := await socket.receive_json(loads=orjson.loads))["type"] != type:
        if frame["type"] == "error":
            raise RuntimeError(frame["message"])


async def _talk(crowd: Crowd, per_second: int, seconds: float, server: psutil.Process) -> tuple[float, list[int]]:
    """Messages at an even pace, whoever is late; the pace that was kept, and the server's bytes on the way."""
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
    return count / took, [*memory, server.memory_full_info().uss]
