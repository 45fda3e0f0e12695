"""What every command shares: where it prints, how it fails, how it runs what is asynchronous."""

import asyncio
from collections.abc import Coroutine
from typing import Any, Final, TypeVar

import typer
from rich.console import Console

from conversation.log import LogUnavailable

T = TypeVar("T")

out: Final = Console()


def fail(message: str) -> typer.Exit:
    """Say why, and leave with 1."""
    typer.secho(message, err=True, fg=typer.colors.RED)
    return typer.Exit(1)


def run(work: Coroutine[Any, Any, T]) -> T:
    """On a loop of its own; leaves with 1 when the store does not answer."""
    try:
        return asyncio.run(work)
    except LogUnavailable as error:
        raise fail(f"{error}; is KEFU_DATABASE_URL right, and has `kefu db upgrade` been run?") from None
