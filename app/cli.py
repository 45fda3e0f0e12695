"""The command `kefu`: what there is; each command is imported when it is asked for."""

import sys
from importlib import import_module
from typing import Any, Final

import typer
from pydantic import ValidationError
from typer.core import TyperCommand, TyperGroup

from language.lines import BadLine

# The name: the module in app.commands, the Typer in it, and what the list says of it.
COMMANDS: Final = {
    "up": ("house", "up", "Start the whole house for a newcomer."),
    "serve": ("house", "serve", "Start the doors and the named rooms."),
    "demo": ("house", "demo", "Fill the house with people and conversations, so that no page is empty."),
    "who": ("house", "who", "Which rooms hear a fact."),
    "db": ("database", "db", "The database."),
    "log": ("log", "log", "The conversation log."),
    "parked": ("parked", "parked", "Facts whose handler kept failing."),
    "agent": ("people", "agent", "People who work here."),
    "bot": ("bot", "bot", "The bot's model."),
    "knowledge": ("knowledge", "knowledge", "The library that the bot and agents are answered from."),
    "assist": ("assist", "assist", "Help for agents."),
    "quality": ("quality", "quality", "Inspection by rules."),
    "reports": ("desk", "reports", "Figures over time."),
    "shop": ("shop", "shop", "The demo shop."),
    "bench": ("bench", "bench", "Speed and memory."),
    "eval": ("evaluate", "evaluation", "How good the models are, on your data."),
}


class Later(TyperCommand):
    """A name in the list; who asks for it gets the command itself."""

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        """The command's own."""
        module, name, _ = COMMANDS[self.name or ""]
        command = typer.main.get_command(getattr(import_module(f"app.commands.{module}"), name))
        command.help = command.help or self.help
        return command.make_context(info_name, args, parent, **extra)


class Commands(TyperGroup):
    """Typer keeps its kinds of contexts and commands to itself."""

    def list_commands(self, ctx: Any) -> list[str]:
        """All of them."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The one of this name."""
        return Later(cmd_name, help=COMMANDS[cmd_name][2]) if cmd_name in COMMANDS else None


app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="kefu 客服: a customer-service house of your own.",
)


@app.callback()
def about() -> None:
    """A group, though its commands come later."""


def main() -> None:
    """Entry point."""
    try:
        app()
    except ValidationError as error:
        if error.title != "Settings":
            raise
        for one in error.errors():
            name, flaw = "_".join(map(str, one["loc"])).upper(), one["msg"].removeprefix("Value error, ")
            print(f"KEFU_{name}: {flaw}", file=sys.stderr)
        sys.exit(1)
    except BadLine as error:
        print(error, file=sys.stderr)
        sys.exit(1)
