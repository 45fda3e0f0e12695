"""Agent assist: past answers, models on disk, the desk's canned replies, the knowledge base where there is one."""

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from hashlib import sha256
from typing import Any, Final

from agent_assist.adapters.guides import read_guides
from agent_assist.adapters.models import ModelFile
from agent_assist.api.hall import Assist
from agent_assist.ports import Account, Line
from agent_assist.rules.mood import Mood
from agent_assist.service.advise import Advise
from agent_assist.service.memory import Memory
from agent_assist.service.propose import Propose
from agent_assist.service.suggest import Suggest
from agent_assist.service.write import Write
from agent_assist.store.answers import Answers
from app.background import background
from app.config import ROOT, Settings
from app.wiring.desk import DeskRooms
from app.wiring.ground import Ground
from app.wiring.llm import open_llm
from bot.ports import Ask, Engine, Turn
from conversation.model import Conversation
from desk.ports import ShopAway
from desk.rules.daily import fill
from desk.store.shelf import Shelf
from desk.store.staff import Roster
from desk.store.tickets import matching
from knowledge.ports import Knowledge

SHOP_SECONDS: Final = 1.0
NUMBERED: Final = re.compile(r"\d{5,}")
SETTLED: Final = frozenset({"delivered", "cancelled", "refunded"})  # orders that nothing is open about
# What the bot says of itself is nothing for an agent to say.
SOCIAL: Final = frozenset(
    {"bot_challenge", "chitchat_how_are_you", "chitchat_joke", "chitchat_laugh", "chitchat_weather", "help"}
)
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


class KeptRefusals:
    """What was refused, on a shelf."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    async def texts(self) -> Collection[str]:
        """As Refusals.texts."""
        return {kept.body["text"] for kept in await self._shelf.all()}

    async def add(self, text: str, by: str) -> None:
        """As Refusals.add."""
        await self._shelf.put(by, {"text": text}, sha256(text.encode()).hexdigest())


def _usable(owner: str, body: Any, agent: str, groups: Sequence[str]) -> bool:
    mine = body["scope"] == "personal" and owner == agent
    return mine or body["scope"] == "company" or (body["scope"] == "group" and body["group"] in groups)


def canned_lines(id: str, body: Any, text: str) -> list[Line]:
    """Found by what it is called and by what it says."""
    triggers = filter(None, (body["title"], text))
    return [Line("canned", id, text, trigger, body["language"], body["title"]) for trigger in triggers]


class BesideBot:
    """The engine, asked with an empty memory and for nobody: a first turn can only answer or ask, and changes nothing.
    What names an order is not asked at all, since the shop would be.

    One question at a time: those whom the bot serves come first.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._asking: asyncio.Task[Turn] | None = None

    async def answer(self, now: Conversation, asked: str) -> tuple[str, float] | None:
        """As Robot.answer."""
        if NUMBERED.search(asked) or (self._asking and not self._asking.done()):
            return None
        ask = Ask("beside", "", "", now.language, asked)
        self._asking = asyncio.create_task(self._engine.turn(ask))
        turn = await asyncio.shield(self._asking)  # who cuts a turn short takes its worker out of service
        plain = turn.actions and all(action.startswith("utter_") for action in turn.actions)
        if not plain or turn.handoff or turn.intent in SOCIAL:
            return None
        said = dict.fromkeys(one.text for one in turn.messages if one.text)  # two wishes may have one answer
        return " ".join(said), turn.confidence


class DeskAccounts:
    """What the desk and the shop know of a customer."""

    def __init__(self, desk: DeskRooms) -> None:
        self._contacts = desk.tools.contacts
        self._orders = desk.tools.orders
        self._tickets = desk.tickets

    async def of(self, now: Conversation) -> Account:
        """As Accounts.of."""
        talks = await self._contacts.conversations(now.contact)
        tickets = [
            {"id": one.id, "number": one.number, "title": one.title, "state": one.state}
            for one in await self._tickets.select(*matching("all", "", {"contact": now.contact}, ""))
            if one.state_kind != "done"
        ]
        ratings = [talk.rating for talk in talks if talk.rating is not None]
        known = Account(
            (await self._contacts.profile(now.contact))["vip"],
            min((talk.started_at for talk in talks if talk.started_at), default=None),
            len(talks),
            sum(ratings) / len(ratings) if ratings else None,
            tickets=tuple(tickets),
        )
        try:
            async with asyncio.timeout(SHOP_SECONDS):
                orders = await self._orders.of(talks)
        except (ShopAway, TimeoutError):
            return replace(known, shop=False)
        return replace(known, spent=_spent(orders), orders=tuple(map(_order, filter(_is_open, orders))))


def _is_open(order: Mapping[str, Any]) -> bool:
    return order.get("status") not in SETTLED


def _order(order: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": order["order_id"], "status": order.get("status", "")}


def _spent(orders: Iterable[Mapping[str, Any]]) -> dict[str, float]:
    """By currency; what was cancelled or paid back is no value."""
    spent = Counter[str]()
    for order in orders:
        if order.get("status") not in ("cancelled", "refunded"):
            spent[order.get("currency", "CNY")] += order.get("total", 0)
    return dict(spent)


def model_file(settings: Settings) -> ModelFile:
    """Where what was learned is kept."""
    return ModelFile(settings.var / "assist" / "models.npz")


@asynccontextmanager
async def open_assist(ground: Ground, desk: DeskRooms, knowledge: Knowledge, engine: Engine) -> AsyncIterator[Assist]:
    """The room, with its past answers kept in step."""
    log, tail, settings = ground.log, ground.tail, ground.settings
    canned = DeskCanned(desk.tools.canned, ground.roster)
    guides = {guide.id: guide for guide in read_guides(settings.guides)}
    mood = Mood(MOOD.read_text("utf-8").splitlines())
    answers = Answers(log.transactions)
    memory = Memory(log, tail, answers, model_file(settings).read)
    suggest = Suggest(log, tail, memory, canned, knowledge, BesideBot(engine))
    advise = Advise(log, memory, guides, mood, DeskAccounts(desk))
    write = Write(log, memory, canned, guides, open_llm(settings))
    propose = Propose(memory, answers, canned, KeptRefusals(Shelf(ground.engine, "refused")), knowledge)
    async with background(memory.run()):
        yield Assist(log, memory, suggest, advise, write, propose)
    memory.close()
