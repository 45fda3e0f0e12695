"""The command `kefu`."""

import asyncio
import gc
import json
import logging
import sys
from collections.abc import Callable, Coroutine
from contextlib import suppress
from importlib import import_module
from socket import socket
from typing import Annotated, Any, Final, TypeVar
from uuid import uuid4

import typer
import uvicorn
from pydantic import ValidationError
from rich.console import Console
from rich.table import Table
from typer.core import TyperGroup

from app.config import Settings
from app.house import ROOMS, WIRING, open_house
from app.main import create_app
from app.migrations import upgrade
from app.welcome import Welcome, first_person
from app.wiring.ground import open_log, open_roster
from conversation.codec import show
from conversation.events import KINDS, Audience, Event
from conversation.log import LogUnavailable, UnknownConversation, partition_of
from desk.store.staff import LoginTaken, Staff
from web.errors import Refused
from web.permissions import PERMISSIONS
from web.sessions import Passwords

LATER: Final = {
    "bench": ("app.commands.bench", "bench"),
    "bot": ("app.commands.bot", "bot"),
    "eval": ("app.commands.evaluate", "evaluation"),
    "shop": ("app.commands.shop", "shop"),
    "reports": ("app.commands.desk", "reports"),
    "quality": ("app.commands.quality", "quality"),
    "knowledge": ("app.commands.knowledge", "knowledge"),
    "assist": ("app.commands.assist", "assist"),
}


class Commands(TyperGroup):
    """Imports what measures and trains only for who asks for it: a house starts without.

    Typer keeps its kinds of contexts and commands to itself.
    """

    def list_commands(self, ctx: Any) -> list[str]:
        """All of them."""
        return [*super().list_commands(ctx), *LATER]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The one of this name."""
        if cmd_name not in LATER:
            return super().get_command(ctx, cmd_name)
        module, group = LATER[cmd_name]
        command = typer.main.get_command(getattr(import_module(module), group))
        command.name = cmd_name
        return command


app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="kefu 客服: a customer-service house of your own.",
)
db = typer.Typer(no_args_is_help=True, help="The database.")
log = typer.Typer(no_args_is_help=True, help="The conversation log.")
parked = typer.Typer(no_args_is_help=True, help="Facts whose handler kept failing.")
agent = typer.Typer(no_args_is_help=True, help="People who work here.")
for name, group in (("db", db), ("log", log), ("parked", parked), ("agent", agent)):
    app.add_typer(group, name=name)

T = TypeVar("T")

out = Console()


def main() -> None:
    """Entry point."""
    try:
        app()
    except ValidationError as error:
        if error.title != Settings.__name__:
            raise
        told = [f"KEFU_{'_'.join(map(str, one['loc'])).upper()}: {one['msg']}" for one in error.errors()]
        sys.exit("\n".join(told))


def _run(work: Coroutine[Any, Any, T]) -> T:
    try:
        return asyncio.run(work)
    except LogUnavailable as error:
        raise _fail(f"{error}; is KEFU_DATABASE_URL right, and has `kefu db upgrade` been run?") from None


def _fail(message: str) -> typer.Exit:
    Console(stderr=True).print(f"[red]{message}[/red]")
    return typer.Exit(1)


@app.command()
def up() -> None:
    """Start the whole house for a newcomer: database, somebody who may sign in, rooms, engine, shop."""
    settings = Settings()
    _prepare(settings)
    _run(first_person(settings))
    _serve(settings, ROOMS, Welcome(settings).show)


@app.command()
def serve(
    rooms: Annotated[str, typer.Option(help="rooms to run here, by comma; the doors are always open")] = ",".join(
        ROOMS
    ),
) -> None:
    """Start the doors and the named rooms."""
    wanted = tuple(name for name in rooms.split(",") if name)
    if unknown := set(wanted) - set(ROOMS):
        raise _fail(f"no room is called {', '.join(sorted(unknown))}; there are {', '.join(ROOMS)}")
    settings = Settings()
    _prepare(settings)
    _serve(settings, wanted, lambda: None)


def _serve(settings: Settings, rooms: tuple[str, ...], started: Callable[[], None]) -> None:
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("app").setLevel(logging.INFO)
    config = uvicorn.Config(
        create_app(settings, rooms),
        host=settings.host,
        port=settings.port,
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        ws_max_size=65_536,
        log_level="warning",
    )
    with suppress(KeyboardInterrupt):  # uvicorn has closed everything by then
        Server(config, started).run()


class Server(uvicorn.Server):
    """Says when it listens."""

    def __init__(self, config: uvicorn.Config, started: Callable[[], None]) -> None:
        super().__init__(config)
        self._started = started

    async def startup(self, sockets: list[socket] | None = None) -> None:
        """As uvicorn's."""
        await super().startup(sockets)
        _spare_the_collector()
        if self.started:
            self._started()


def _spare_the_collector() -> None:
    """Look for cycles rarely: with thousands of open widgets a full collection would hold all of them up."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def _prepare(settings: Settings) -> None:
    settings.var.mkdir(parents=True, exist_ok=True)
    _run(upgrade(settings.database()))


@db.command("upgrade")
def db_upgrade() -> None:
    """Bring the database to the present shape."""
    _prepare(Settings())
    out.print("the database is up to date")


@log.command("show")
def log_show(conversation: str) -> None:
    """Print a conversation, one fact per line, as staff see it."""

    async def read() -> list[Event]:
        async with open_log(Settings()) as store:
            await store.load(conversation)
            return await store.history(conversation)

    try:
        events = _run(read())
    except UnknownConversation:
        raise _fail(f"there is no conversation {conversation}") from None
    for event in events:
        _print(event)


@log.command("tail")
def log_tail() -> None:
    """Print facts as they are recorded, until Ctrl-C."""

    async def follow() -> None:
        async with open_log(Settings()) as store:
            cursors = dict(await store.last())
            while True:
                for event in await store.read(cursors, 1000):
                    cursors[partition_of(event.conversation)] = event.seq
                    _print(event)
                await store.wait(0.5)

    _run(follow())


def _print(event: Event) -> None:
    seen = show(event, Audience.STAFF) or {}
    place = (seen.pop("seq"), seen.pop("at"), seen.pop("conversation"), seen.pop("kind"))
    typer.echo("\t".join(map(str, (*place, json.dumps(seen, ensure_ascii=False)))))


@parked.command("list")
def parked_list() -> None:
    """What is put aside, and why."""

    async def read() -> list[list[str]]:
        async with open_log(Settings()) as store:
            return [[p.reader, str(p.seq), p.kind, p.error, f"{p.at:%F %T}"] for p in await store.parked()]

    rows = _run(read())
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
        raise _fail(f"no room is called {room}; there are {', '.join(ROOMS)}")
    if not _run(replay()):
        raise _fail(f"seq {seq} is not parked for {room}")
    out.print(f"seq {seq} went well")


@app.command()
def who(fact: str) -> None:
    """Which rooms hear a fact."""
    kind = KINDS.get(fact)
    if kind is None:
        raise _fail(f"no fact is called {fact}; there are {', '.join(KINDS)}")

    rooms = [name for name, heard in WIRING.items() if kind in heard]
    out.print(f"{fact} ({kind.audience.name.lower()}): {', '.join(rooms) or 'no room acts on it'}; live views show it")


@app.command()
def demo() -> None:
    """Fill the house with people and conversations, so that no page is empty."""
    from app.demo import DEMO_PASSWORD, fill, learn  # a house starts without

    settings = Settings()
    _prepare(settings)
    logins = _run(fill(settings))
    _run(learn(settings))
    out.print(f"signed-up for the demo: {', '.join(logins)}; the password of all is {DEMO_PASSWORD}")


@agent.command("password")
def agent_password(
    login: str,
    password: Annotated[str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True)] = "",
) -> None:
    """Give somebody a new password."""

    async def change() -> bool:
        async with open_roster(Settings()) as roster:
            return await roster.set_password(login, Passwords().hash(password))

    try:
        if not _run(change()):
            raise _fail(f"nobody signs in as {login}")
    except Refused as error:
        raise _fail(str(error)) from None
    out.print(f"{login} has a new password")


@agent.command("add")
def agent_add(
    login: str,
    name: Annotated[str, typer.Option(help="shown to customers")] = "",
    role: Annotated[str, typer.Option(help="agent, supervisor, inspector, trainer or admin")] = "agent",
    languages: Annotated[str, typer.Option()] = "zh,en",
    groups: Annotated[str, typer.Option()] = "",
    capacity: Annotated[int, typer.Option(min=0, help="conversations at once")] = 5,
    password: Annotated[str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True)] = "",
) -> None:
    """Let somebody sign in."""
    if role not in PERMISSIONS:
        raise _fail(f"no role is called {role}; there are {', '.join(PERMISSIONS)}")
    spoken, teams = tuple(filter(None, languages.split(","))), tuple(filter(None, groups.split(",")))
    member = Staff(f"a{uuid4().hex}", login, name or login, role, spoken, teams, capacity)

    async def add() -> None:
        async with open_roster(Settings()) as roster:
            await roster.add(member, Passwords().hash(password))

    _prepare(Settings())
    try:
        _run(add())
    except (LoginTaken, Refused) as error:
        raise _fail(str(error)) from None
    out.print(f"{member.name} may sign in as {login}")
