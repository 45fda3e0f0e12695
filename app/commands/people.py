"""`kefu agent …`: people who work here."""

from typing import Annotated
from uuid import uuid4

import typer

from app.commands.database import prepare
from app.commands.terminal import fail, out, run
from app.config import Settings
from app.wiring.ground import open_roster
from desk.store.staff import LoginTaken, Staff
from web.errors import Refused
from web.permissions import PERMISSIONS
from web.sessions import Passwords

agent = typer.Typer(no_args_is_help=True, add_completion=False)


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
        if not run(change()):
            raise fail(f"nobody signs in as {login}")
    except Refused as error:
        raise fail(str(error)) from None
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
        raise fail(f"no role is called {role}; there are {', '.join(PERMISSIONS)}")
    spoken, teams = tuple(filter(None, languages.split(","))), tuple(filter(None, groups.split(",")))
    member = Staff(f"a{uuid4().hex}", login, name or login, role, spoken, teams, capacity)

    async def add() -> None:
        async with open_roster(Settings()) as roster:
            await roster.add(member, Passwords().hash(password))

    prepare(Settings())
    try:
        run(add())
    except (LoginTaken, Refused) as error:
        raise fail(str(error)) from None
    out.print(f"{member.name} may sign in as {login}")
