"""`kefu reports …` and `kefu bench desk`."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import typer
import uvloop

from app.commands.terminal import AsJson, out, tell
from app.config import Settings
from app.wiring.ground import open_log
from benchmarks import desk, floor
from benchmarks.serving import postgres
from desk.rules.premises import Premises
from desk.service.reports import Reports
from desk.store.agent_time import AgentTimes
from desk.store.reports import ReportRows
from desk.store.staff import Roster

reports = typer.Typer(no_args_is_help=True, add_completion=False)


@reports.callback()
def about() -> None:
    """Figures over time (docs/desk.md, Reports)."""


@reports.command("rebuild")
def rebuild() -> None:
    """Count everything in the log again."""
    settings = Settings()

    async def count() -> int:
        async with open_log(settings) as log:
            engine = log.transactions.engine
            rows = ReportRows(log.transactions)
            return await Reports(log, rows, AgentTimes(engine), Roster(engine), Premises()).rebuild()

    out.print(f"{asyncio.run(count())} conversations counted")


def bench_desk(
    as_json: AsJson = False,
    queued: Annotated[int, typer.Option(min=1, help="conversations in the queue")] = 10_000,
    agents: Annotated[int, typer.Option(min=1, help="agents at the desk")] = 200,
    messages: Annotated[int, typer.Option(min=0, help="messages to search")] = 100_000,
    rows: Annotated[int, typer.Option(min=0, help="conversations to report on")] = 100_000,
    own_server: Annotated[bool, typer.Option("--postgres", help="on a PostgreSQL of the bench's own")] = False,
) -> None:
    """Assignments a second, from customer to desk, search, reports; on a fresh SQLite or KEFU_DATABASE_URL."""
    _show(lambda url: desk.bench(url, queued, agents, messages, rows), own_server, as_json)


def bench_floor(
    as_json: AsJson = False,
    agents: Annotated[int, typer.Option(min=1, help="agents with an open desk")] = 1000,
    each: Annotated[int, typer.Option(min=1, help="conversations in each one's hands")] = 5,
    per_second: Annotated[int, typer.Option(min=1, help="customers' messages a second, all together")] = 500,
    minutes: Annotated[float, typer.Option(min=0.1, help="how long they write")] = 1,
    own_server: Annotated[bool, typer.Option("--postgres", help="on a PostgreSQL of the bench's own")] = False,
) -> None:
    """Open desks on one process: from customer to desk, CPU, memory, how old the wallboard is.

    On a fresh SQLite or KEFU_DATABASE_URL.
    """
    _show(lambda url: floor.bench(url, agents, each, per_second, minutes), own_server, as_json)


def _show(measure: Callable[[str], Awaitable[dict[str, Any]]], own_server: bool, as_json: bool) -> None:
    async def measured() -> dict[str, Any]:
        if not own_server:
            return await measure(Settings().database_url)
        async with postgres() as url:
            return await measure(url)

    report = uvloop.run(measured())  # as the house runs
    tell(report, as_json, desk.show)
