"""People and conversations for looking around; recorded under fixed causes, so that a second time adds nothing."""

import json
from typing import Any, Final

from rich.progress import track

from app.config import ROOT, Settings
from app.wiring.ground import open_log, open_roster
from conversation.events import KINDS, BotMessage, BotReplied, Fact
from conversation.log import Log
from desk.rules.people import Role
from desk.store.staff import LoginTaken, Staff
from web.sessions import Passwords

DEMO_PASSWORD: Final = "kefu-demo-2026"
TALKS: Final = ROOT / "data" / "seed" / "conversations.json"
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
    talks = json.loads(TALKS.read_text("utf-8"))
    async with open_log(settings) as log:
        for number, talk in enumerate(track(talks, "conversations")):
            await _tell(log, f"demo{number:04d}", talk)
    return [login for login, *_ in PEOPLE]


async def _tell(log: Log, id: str, talk: list[dict[str, Any]]) -> None:
    for step, told in enumerate(talk):
        await log.append(id, _fact(told), cause=f"demo:{step}")


def _fact(told: dict[str, Any]) -> Fact:
    """A fact by its name and fields; the bot's words stand in `says` for short."""
    fields = {name: value for name, value in told.items() if name != "kind"}
    if told["kind"] == "BotReplied":
        return BotReplied((BotMessage(fields.pop("says")),), **fields)
    return KINDS[told["kind"]](**fields)
