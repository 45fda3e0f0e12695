"""One of several processes on one database: customers come, it routes, its agents take, close and give back.

python -m tests.servers.router URL NAME SEED ACTS CAPACITY AGENTS
"""

import asyncio
import sys
from random import Random

from conversation.database import open_engine
from conversation.events import (
    AgentAssigned,
    ConversationClosed,
    ConversationStarted,
    HandoffRequested,
    Prioritised,
    ReturnedToQueue,
)
from conversation.log import HolderChanged, Log, Search
from conversation.model import Holder
from conversation.signals import LocalSignals
from conversation.sql import SqlLog
from desk.adapters.presence import SignalledPresence
from desk.rules.premises import Premises
from desk.service.floor import Floor
from desk.service.routing import Routing
from desk.store.staff import Staff

AT_ONCE = 8
WEIGHTS = {"arrive": 5, "route": 4, "take": 1, "close": 4, "return": 1, "vip": 1}


class Everyone:
    """The same agents in every process."""

    def __init__(self, agents: int, capacity: int) -> None:
        self.staff = [Staff(f"a{n}", f"a{n}", f"A{n}", "agent", ("en",), (), capacity) for n in range(agents)]

    async def all(self) -> list[Staff]:
        """All of them."""
        return self.staff


async def act(log: Log, routing: Routing, step: str, key: str, dice: Random) -> None:
    """One thing that happens; who finds that somebody was quicker leaves it."""
    agent = f"a{dice.randrange(len(await routing.staff()))}"
    match step:
        case "arrive":
            await log.append(key, ConversationStarted(key, "widget", "demo", "en"), cause="start")
            await log.append(key, HandoffRequested("asked"), cause="h")
        case "route":
            await routing.route()
        case "vip" | "take":
            for now in (await log.waiting())[:1]:
                fact = Prioritised(agent, 2) if step == "vip" else AgentAssigned(agent, agent, by=agent)
                await log.append(now.id, fact, cause=key, only_while=now.holder)
        case _:
            for now in await log.find(Search(agent=agent, status="open"), limit=1):
                fact = ConversationClosed(agent) if step == "close" else ReturnedToQueue(agent)
                await log.append(now.id, fact, cause=key, only_while=Holder("agent", agent))


async def main(url: str, name: str, seed: str, acts: str, capacity: str, agents: str) -> None:
    """Some of it at the same time, too."""
    dice, engine, signals = Random(int(seed)), open_engine(url), LocalSignals()
    log, everyone, presence = SqlLog(engine, signals), Everyone(int(agents), int(capacity)), SignalledPresence(signals)
    for one in everyone.staff:
        await presence.set(one.id, "online")
    premises = Premises({})
    routing = Routing(log, Floor(log, log, premises), everyone, presence, signals, premises)
    print("ready", flush=True)
    sys.stdin.readline()  # all begin together
    gate = asyncio.Semaphore(AT_ONCE)

    async def step(n: int, what: str) -> None:
        async with gate:
            try:
                await act(log, routing, what, f"{name}-{n}", dice)
            except HolderChanged:
                return

    steps = dice.choices([*WEIGHTS], [*WEIGHTS.values()], k=int(acts))
    await asyncio.gather(*(step(n, what) for n, what in enumerate(steps)))
    await log.close()
    await engine.dispose()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
