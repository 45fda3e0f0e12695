"""Agent assist: past answers, models on disk, the desk's canned replies, the knowledge base where there is one."""

from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

from agent_assist.adapters.guides import read_guides
from agent_assist.adapters.models import ModelFile
from agent_assist.api.hall import Assist
from agent_assist.ports import Line
from agent_assist.rules.mood import Mood
from agent_assist.service.advise import Advise
from agent_assist.service.memory import Memory
from agent_assist.service.suggest import Suggest
from agent_assist.store.answers import Answers
from app.background import background
from app.config import ROOT, Settings
from app.wiring.ground import Ground
from app.wiring.llm import open_llm
from conversation.model import Conversation
from desk.rules.daily import fill
from desk.store.shelf import Shelf
from desk.store.staff import Roster
from knowledge.ports import Knowledge

MOOD: Final = ROOT / "data" / "lexicons" / "mood.txt"


class DeskCanned:
    """The desk's canned replies, as assist asks for them."""

    def __init__(self, canned: Shelf, roster: Roster) -> None:
        self._canned = canned
        self._roster = roster

    async def lines(self, agent: str, conversation: Conversation) -> Sequence[Line]:
        """As Canned.lines."""
        member = await self._roster.by_id(agent)
        groups = member.groups if member else ()
        values = {"contact.name": conversation.contact_name, "contact.email": conversation.email}
        values |= {"contact.phone": conversation.phone, "agent.name": conversation.agent_name}
        values |= {"conversation.id": conversation.id, "site": conversation.site}
        return [
            line
            for kept in await self._canned.lately()
            if _usable(kept.owner, kept.body, agent, groups)
            for line in canned_lines(kept.id, kept.body, fill(kept.body["text"], values))
        ]

    async def texts(self) -> Collection[str]:
        """As Canned.texts."""
        return {kept.body["text"] for kept in await self._canned.all()}


def _usable(owner: str, body: Any, agent: str, groups: Sequence[str]) -> bool:
    mine = body["scope"] == "personal" and owner == agent
    return mine or body["scope"] == "company" or (body["scope"] == "group" and body["group"] in groups)


def canned_lines(id: str, body: Any, text: str) -> list[Line]:
    """Found by what it is called and by what it says."""
    triggers = filter(None, (body["title"], text))
    return [Line("canned", id, text, trigger, body["language"], body["title"]) for trigger in triggers]


def model_file(settings: Settings) -> ModelFile:
    """Where what was learned is kept."""
    return ModelFile(settings.var / "assist" / "models.npz")


@asynccontextmanager
async def open_assist(ground: Ground, shelf: Shelf, knowledge: Knowledge) -> AsyncIterator[Assist]:
    """The room, with its past answers kept in step."""
    log, tail, settings = ground.log, ground.tail, ground.settings
    canned = DeskCanned(shelf, ground.roster)
    mood = Mood(MOOD.read_text("utf-8").splitlines())
    memory = Memory(log, tail, Answers(log.transactions), model_file(settings).read)
    suggest = Suggest(log, tail, memory, canned, knowledge)
    advise = Advise(log, memory, canned, read_guides(settings.guides), mood, open_llm(settings))
    async with background(memory.run()):
        yield Assist(log, memory, suggest, advise)
    memory.close()
