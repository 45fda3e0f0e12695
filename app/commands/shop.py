"""`kefu shop …`: the demo shop."""

import asyncio
from datetime import UTC, datetime

import typer
from rich.table import Table

from app.commands.terminal import out
from app.config import Settings
from conversation.database import open_engine
from demo_shop.store import Shop

LATEST = 10
shop = typer.Typer(no_args_is_help=True, add_completion=False)


@shop.callback()
def about() -> None:
    """The demo shop (docs/engine.md, The shop)."""


@shop.command("messages")
def messages() -> None:
    """The one-time codes that it has sent to its customers' phones, latest first: a demo has no phones."""

    async def read() -> list[tuple[int, str, str, str]]:
        engine = open_engine(Settings().database())
        try:
            return await Shop(engine).messages(LATEST)
        finally:
            await engine.dispose()

    table = Table("sent", "order", "to", "code")
    for sent_at, order, to, code in asyncio.run(read()):
        table.add_row(f"{datetime.fromtimestamp(sent_at, UTC):%F %T}", order, to, code)
    out.print(table)
