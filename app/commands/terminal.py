"""What every command shares: where it prints, how it fails, how it runs what is asynchronous."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from typing import Annotated, Any, Final, TypeVar

import typer
from rich.console import Console

from conversation.log import LogUnavailable

T = TypeVar("T")
AsJson = Annotated[bool, typer.Option("--json", help="print JSON alone")]

out: Final = Console()


def fail(message: str, code: int = 1) -> typer.Exit:
    """Say why, and leave with `code`: 2 when what was given cannot be used, as for a wrong option."""
    typer.secho(message, err=True, fg=typer.colors.RED)
    return typer.Exit(code)


def run(work: Coroutine[Any, Any, T]) -> T:
    """On a loop of its own; leaves with 1 when the store does not answer."""
    try:
        return asyncio.run(work)
    except LogUnavailable as error:
        raise fail(f"{error}; is KEFU_DATABASE_URL right, and has `kefu db upgrade` been run?") from None


def lines(report: dict[str, Any], name: str = "") -> None:
    """Print a report, a figure a line; `name` goes before each."""
    for key, value in report.items():
        if isinstance(value, dict):
            lines(value, f"{name}{key} ")
        else:
            typer.echo(f"{name}{key}: {value:.4g}" if isinstance(value, float) else f"{name}{key}: {value}")


def tell(report: dict[str, Any], as_json: bool, show: Callable[[dict[str, Any]], object] = lines) -> None:
    """Print a report as JSON alone, or as `show` tells it to people."""
    if as_json:
        typer.echo(json.dumps(report, ensure_ascii=False, indent=1))
    else:
        show(report)
