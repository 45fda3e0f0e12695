"""`kefu reports …` and `kefu bench desk`."""

import asyncio
import json
from typing import Annotated

import typer
import uvloop
from rich.console import Console

from app.config import Settings
from app.wiring.ground import open_log
from benchmarks import desk, floor
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

    Console().print(f"{asyncio.run(count())} conversations counted")


def bench_desk(
    as_json: Annotated[bool, typer.Option("--json", help="print JSON alone")] = False,
    queued: Annotated[int, typer.Option(min=1, help="conversations in the queue")] = 10_000,
    agents: Annotated[int, typer.Option(min=1, help="agents at the desk")] = 200,
    messages: Annotated[int, typer.Option(min=0, help="messages to search")] = 100_000,
    rows: Annotated[int, typer.Option(min=0, help="conversations to report on")] = 100_000,
) -> None:
    """Assignments a second, from customer to desk, search, reports; on a fresh SQLite, or on KEFU_DATABASE_URL."""
    report = asyncio.run(desk.bench(Settings().database_url, queued, agents, messages, rows))
    if as_json:
        typer.echo(json.dumps(report, indent=1))
    else:
        desk.show(report)


def bench_floor(
    as_json: Annotated[bool, typer.Option("--json", help="print JSON alone")] = False,
    agents: Annotated[int, typer.Option(min=1, help="agents with an open desk")] = 1000,
    each: Annotated[int, typer.Option(min=1, help="conversations in each one's hands")] = 5,
    per_second: Annotated[int, typer.Option(min=1, help="customers' messages a second, all together")] = 500,
    minutes: Annotated[float, typer.Option(min=0.1, help="how long they write")] = 1,
) -> None:
    """Open desks on one process: from customer to desk, CPU, memory, how old the wallboard is.

    On a fresh SQLite, or on KEFU_DATABASE_URL.
    """
    report = uvloop.run(floor.bench(agents, each, per_second, minutes, Settings().database_url))
    if as_json:
        typer.echo(json.dumps(report, indent=1))
    else:
        desk.show(report)
