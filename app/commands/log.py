"""`kefu log …`: facts on the terminal."""

import json

import typer

from app.commands.terminal import fail, run
from app.config import Settings
from app.wiring.ground import open_log
from conversation.codec import show
from conversation.events import Audience, Event
from conversation.log import UnknownConversation, partition_of

log = typer.Typer(no_args_is_help=True, add_completion=False)


@log.command("show")
def log_show(conversation: str) -> None:
    """Print a conversation, one fact per line, as staff see it."""

    async def read() -> list[Event]:
        async with open_log(Settings()) as store:
            await store.load(conversation)
            return await store.history(conversation)

    try:
        events = run(read())
    except UnknownConversation:
        raise fail(f"there is no conversation {conversation}") from None
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

    run(follow())


def _print(event: Event) -> None:
    seen = show(event, Audience.STAFF) or {}
    place = (seen.pop("seq"), seen.pop("at"), seen.pop("conversation"), seen.pop("kind"))
    typer.echo("\t".join(map(str, (*place, json.dumps(seen, ensure_ascii=False)))))
