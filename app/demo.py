"""People and conversations for looking around; recorded under fixed causes, so that a second time adds nothing."""

import json
import sys
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

from rich.progress import track

from app.asked import asked_library
from app.config import ROOT, Settings
from app.history import write_history
from app.wiring.assist import model_file
from app.wiring.channels import open_sites
from app.wiring.desk import open_desk
from app.wiring.ground import open_ground, open_log, open_roster
from app.wiring.knowledge import open_knowledge
from conversation.events import KINDS, BotMessage, BotReplied, Fact, MessageReceived
from conversation.sql.log import Tell
from desk.rules.people import Role
from desk.rules.tickets import BadTicket
from desk.service.tickets import Actor, NewTicket
from desk.store.staff import LoginTaken, Staff
from knowledge.service.library import Options
from web.sessions import Passwords

DEMO_PASSWORD: Final = "kefu-demo-2026"
SEED: Final = ROOT / "data" / "seed"
TALKS: Final = SEED / "conversations.json"
TICKETS: Final = SEED / "tickets.json"
CANNED: Final = SEED / "canned.json"
LIBRARY: Final = SEED / "library"
PLACES: Final = 8
PEOPLE: Final[tuple[tuple[str, str, Role, tuple[str, ...]], ...]] = (
    ("mei", "小美", "agent", ("sales",)),
    ("bob", "Bob", "agent", ("aftersales",)),
    ("lin", "林主管", "supervisor", ()),
)


async def fill(settings: Settings) -> list[str]:
    """Add the demo's people and talks; gives the people's logins."""
    async with open_roster(settings) as roster:
        hashed = Passwords().hash(DEMO_PASSWORD)
        for login, name, role, groups in PEOPLE:
            try:
                await roster.add(Staff(f"demo-{login}", login, name, role, ("zh", "en"), groups, PLACES), hashed)
            except LoginTaken:
                continue
    await _fill_library(settings)
    await write_history(settings, await asked_library(settings))
    talks = json.loads(TALKS.read_text("utf-8"))
    async with open_log(settings) as log:
        for number, talk in enumerate(track(talks, "conversations")):
            id = f"demo{number:04d}"
            await log.bring_in({id}, partial(_tell, id, talk))
    await _open_tickets(settings)
    return [login for login, *_ in PEOPLE]


async def _open_tickets(settings: Settings) -> None:
    """Some work in hand at the desk, and sentences that agents send often."""
    async with (
        open_ground(settings) as ground,
        open_sites(ground) as sites,
        open_desk(ground, "", sites, routes=False) as rooms,
    ):
        for number, told in enumerate(json.loads(TICKETS.read_text("utf-8"))):
            moves = told.pop("moves")
            try:
                ticket = await rooms.tickets.open(NewTicket(**told), Actor("demo-lin", "林主管"), f"demo:{number}")
            except BadTicket as refusal:  # a company of one's own has other kinds of tickets
                print(f"left out, {told['title']}: {refusal}", file=sys.stderr)
                continue
            for changes in moves if ticket.version == 1 else ():
                ticket = await rooms.tickets.change(ticket, changes, Actor("demo-bob", "Bob"))
        for number, canned in enumerate(json.loads(CANNED.read_text("utf-8"))):
            if await rooms.tools.canned.find(f"demo{number}") is None:
                await rooms.tools.canned.put("demo-lin", {**canned, "uses": 0}, f"demo{number}")


async def _fill_library(settings: Settings) -> None:
    async with open_log(settings) as log, open_knowledge(settings, log.transactions, follows=False) as knowledge:
        for file in sorted(LIBRARY.iterdir()):
            async for _ in knowledge.library.take(file.name, file.read_bytes(), Options("小铺"), "demo-lin"):
                continue


async def learn(settings: Settings) -> None:
    """What agents answered in these four weeks, so that suggestions are good from the first day; once learned, kept."""
    from agent_assist.service.training import train  # numeric libraries that no other command should wait for

    file = model_file(settings)
    present = file.rival()
    if present.trained:
        return
    async with open_log(settings) as log:
        file.write((await train(log, present)).models)


def _tell(id: str, talk: list[dict[str, Any]], tell: Tell) -> None:
    asked = ""
    for step, told in enumerate(talk):
        fact = _fact(told)
        # An answer stands under its question's cause, as the bot's own: it does not answer a second time.
        cause = asked if isinstance(fact, BotReplied) else f"demo:{step}"
        event = tell(id, fact, cause, datetime.now(UTC))
        if isinstance(fact, MessageReceived):
            asked = f"seq:{event.seq}"


def _fact(told: dict[str, Any]) -> Fact:
    """A fact by its name and fields; the bot's words stand in `says` for short."""
    fields = {name: value for name, value in told.items() if name != "kind"}
    if told["kind"] == "BotReplied":
        return BotReplied((BotMessage(fields.pop("says")),), **fields)
    return KINDS[told["kind"]](**fields)
