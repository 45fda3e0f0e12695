"""`kefu up`, `kefu serve`, `kefu demo` and `kefu who`: the whole house."""

import gc
import logging
from collections.abc import Callable
from contextlib import suppress
from socket import socket
from typing import Annotated

import typer
import uvicorn

from app.commands.database import prepare
from app.commands.terminal import fail, out, run
from app.config import Settings
from app.house import ROOMS, WIRING
from app.main import create_app
from app.welcome import Welcome, first_person
from conversation.events import KINDS

up = typer.Typer(add_completion=False)
serve = typer.Typer(add_completion=False)
demo = typer.Typer(add_completion=False)
who = typer.Typer(add_completion=False)


@up.command()
def start() -> None:
    """Start the whole house for a newcomer: database, somebody who may sign in, rooms, engine, shop."""
    settings = Settings()
    prepare(settings)
    run(first_person(settings))
    _serve(settings, ROOMS, Welcome(settings).show)


@serve.command()
def start_rooms(
    rooms: Annotated[str, typer.Option(help="rooms to run here, by comma; the doors are always open")] = ",".join(
        ROOMS
    ),
) -> None:
    """Start the doors and the named rooms."""
    wanted = tuple(name for name in rooms.split(",") if name)
    if unknown := set(wanted) - set(ROOMS):
        raise fail(f"no room is called {', '.join(sorted(unknown))}; there are {', '.join(ROOMS)}")
    settings = Settings()
    prepare(settings)
    _serve(settings, wanted, lambda: None)


@demo.command()
def fill_house() -> None:
    """Fill the house with people and conversations, so that no page is empty."""
    from app.demo import DEMO_PASSWORD, fill, learn  # a house starts without

    settings = Settings()
    prepare(settings)
    logins = run(fill(settings))
    run(learn(settings))
    out.print(f"signed-up for the demo: {', '.join(logins)}; the password of all is {DEMO_PASSWORD}")


@who.command()
def who_hears(fact: str) -> None:
    """Which rooms hear a fact."""
    kind = KINDS.get(fact)
    if kind is None:
        raise fail(f"no fact is called {fact}; there are {', '.join(KINDS)}")

    rooms = [name for name, heard in WIRING.items() if kind in heard]
    out.print(f"{fact} ({kind.audience.name.lower()}): {', '.join(rooms) or 'no room acts on it'}; live views show it")


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


def _spare_the_collector() -> None:
    """Look for young cycles often and shortly, for old ones rarely: each look holds everybody up, a full one with
    thousands of open widgets for a tenth of a second, one through 50,000 new things for half of that."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(2_000, 5, 2_000)
