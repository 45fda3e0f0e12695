"""`kefu db …`."""

import typer

from app.commands.terminal import out, run
from app.config import Settings
from app.migrations import upgrade

db = typer.Typer(no_args_is_help=True, add_completion=False)


@db.callback()
def about() -> None:
    """The database."""


def prepare(settings: Settings) -> None:
    """Make the house's folder, and bring its database to the present shape."""
    settings.var.mkdir(parents=True, exist_ok=True)
    run(upgrade(settings.database()))


@db.command("upgrade")
def db_upgrade() -> None:
    """Bring the database to the present shape."""
    prepare(Settings())
    out.print("the database is up to date")
