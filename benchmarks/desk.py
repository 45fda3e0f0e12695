"""How fast the desk is: assignments a second, from customer to desk, search, reports; on the store of the settings."""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from app.migrations import upgrade
from conversation.events import ConversationStarted, HandoffRequested
from conversation.signals import LocalSignals
from conversation.sql import SqlLog, open_engine
from conversation.tail import Tail
from desk.adapters.presence import SignalledPresence
from desk.rules.people import Group
from desk.service.floor import Floor
from desk.service.routing import Routing
from desk.store.staff import Staff

AT_ONCE: Final = 1000
PLACES: Final = 5


class Crew:
    """Agents without a table."""

    def __init__(self, count: int) -> None:
        self._staff = [Staff(f"a{n}", f"a{n}", f"Agent {n}", "agent", ("zh", "en"), (), PLACES) for n in range(count)]

    async def all(self) -> list[Staff]:
        """Everybody."""
        return self._staff


async def bench(url: str, queued: int, agents: int) -> dict[str, Any]:
    """Figures by name. `url` "" is a fresh SQLite in a temporary folder."""
    with TemporaryDirectory() as folder:
        target = url or f"sqlite+aiosqlite:///{Path(folder) / 'bench.db'}"
        await upgrade(target)
        return {"store": target.split("+")[0], **await _drain(target, queued, agents)}


async def _drain(url: str, queued: int, agents: int) -> dict[str, Any]:
    """A full queue, and as many agents as it takes, who all come online at once."""
    engine, signals = open_engine(url), LocalSignals()
    log = SqlLog(engine, signals)
    tail, presence, crew = Tail(log), SignalledPresence(signals), Crew(max(agents, -(-queued // PLACES)))
    await tail.start()
    groups = {"g": Group("g", {})}
    routing = Routing(log, Floor(log, tail, groups), crew, presence, signals, groups)
    started = ConversationStarted("k", "widget", "demo", "zh"), HandoffRequested("bench")
    for first in range(0, queued, AT_ONCE):
        names = [f"b{n}" for n in range(first, min(first + AT_ONCE, queued))]
        await asyncio.gather(*(log.append(name, *started, cause="bench") for name in names))
    await routing.route()
    for one in await crew.all():
        await presence.set(one.id, "online")
    begun, given = perf_counter(), 0
    while given < queued and (some := await routing.route()):
        given += some
    seconds = perf_counter() - begun
    loads = await log.loads()
    await tail.stop()
    await log.close()
    await engine.dispose()
    if given != queued or max(loads.values()) > PLACES:
        raise RuntimeError(f"{given} of {queued} were given, at most {max(loads.values())} to one of {PLACES} places")
    return {"queued": queued, "agents": len(await crew.all()), "assignments_per_s": round(given / seconds)}


def show(report: dict[str, Any]) -> None:
    """Print it for people."""
    table = Table("figure", "value")
    for name, value in report.items():
        table.add_row(name, str(value))
    Console().print(table)
