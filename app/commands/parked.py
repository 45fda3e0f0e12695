"""`kefu parked …`: facts whose handler kept failing."""

import typer
from rich.table import Table

from app.commands.terminal import fail, out, run
from app.config import Settings
from app.house import ROOMS, open_house
from app.wiring.ground import open_log

parked = typer.Typer(no_args_is_help=True, add_completion=False)


@parked.command("list")
def parked_list() -> None:
    """What is put aside, and why."""

    async def read() -> list[list[str]]:
        async with open_log(Settings()) as store:
            return [[p.reader, str(p.seq), p.kind, p.error, f"{p.at:%F %T}"] for p in await store.parked()]

    rows = run(read())
    if not rows:
        out.print("nothing is parked")
        return
    table = Table("room", "seq", "fact", "error", "since")
    for row in rows:
        table.add_row(*row)
    out.print(table)


@parked.command("replay")
def parked_replay(room: str, seq: int) -> None:
    """Hand a parked fact to its room again."""

    async def replay() -> bool:
        async with open_house(Settings()) as house:
            return await house.readers[room].replay(seq)

    if room not in ROOMS:
        raise fail(f"no room is called {room}; there are {', '.join(ROOMS)}")
    if not run(replay()):
        raise fail(f"seq {seq} is not parked for {room}")
    out.print(f"seq {seq} went well")
