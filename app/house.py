"""The house put together: which rooms stand on the ground, and who hears what."""

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Final

from agent_assist.api.hall import Assist
from agent_assist.service.memory import Memory
from agent_assist.service.suggest import Suggest
from app.background import background, every_second
from app.company import Company, read_company
from app.config import Settings
from app.wiring.assist import open_assist
from app.wiring.bot import open_workers
from app.wiring.desk import DeskRooms, open_desk
from app.wiring.ground import Ground, open_ground
from app.wiring.knowledge import open_knowledge
from app.wiring.quality import PAUSE_SECONDS, open_quality
from app.wiring.shop import open_business
from bot.service.bot import Bot
from channels.service import Channels
from conversation.events import Fact, Redacted
from conversation.projection import PAUSE_SECONDS as PAUSE
from conversation.projection import Projection, Take
from conversation.reader import Reader
from conversation.share import Handler
from desk.service.asked import Asked
from desk.service.automation import Automation
from desk.service.contacts import Contacts
from desk.service.desk import Desk
from desk.service.reports import Reports
from desk.service.search import Search
from desk.service.webhooks import Webhooks
from knowledge.api.hall import KnowledgeHall
from knowledge.service.noticing import Noticing
from quality_check.api.hall import Quality
from quality_check.service.scoring import Scoring
from quality_check.service.watch import Watch

# Who hears what: the whole wiring between the rooms.
WIRING: Final[Mapping[str, frozenset[type[Fact]]]] = {
    "bot": Bot.HEARS,
    "desk": Desk.HEARS | Contacts.HEARS | Asked.HEARS,
    "search": Search.HEARS,
    "reports": Reports.HEARS,
    "webhooks": Webhooks.HEARS,
    "automation": Automation.HEARS,
    "quality": Watch.HEARS,
    "scoring": Scoring.HEARS | {Redacted},
    "knowledge": Noticing.HEARS,
    "scoring": Scoring.HEARS,
    "assist": Suggest.HEARS,
    "answers": Memory.HEARS,
}
HASTE: Final[Mapping[str, float]] = {"quality": PAUSE_SECONDS}
ROOMS: Final = tuple(WIRING)


@dataclass(frozen=True, slots=True)
class House:
    """One process of kefu, running."""

    ground: Ground
    channels: Channels
    desk: DeskRooms
    quality: Quality
    knowledge: KnowledgeHall
    assist: Assist
    changes: Changes
    roster: Roster
    presence: SignalledPresence
    readers: Mapping[str, Reader | Projection]


@asynccontextmanager
async def following(readers: Iterable[Reader | Projection]) -> AsyncIterator[None]:
    """They follow the log until the end, and then finish what is in hand."""
    async with AsyncExitStack() as closing:
        for reader in readers:
            reader.start()
            closing.push_async_callback(reader.stop)
        yield


@asynccontextmanager
async def open_house(settings: Settings, rooms: tuple[str, ...] = ROOMS) -> AsyncIterator[House]:
    """Start the named rooms; at the end they finish what is in hand."""
    async with (
        open_ground(settings) as ground,
        open_business(ground) as shop_url,
        open_workers(ground, shop_url, here="bot" in rooms) as workers,
        open_desk(ground, shop_url, routes="desk" in rooms) as desk,
        open_quality(ground, desk.desk.routing, plans="desk" in rooms) as quality,
        open_knowledge(settings, ground.log.transactions) as knowledge,
    ):
        acting: dict[str, Mapping[type[Fact], Handler]] = {
            "bot": Bot(ground.log, ground.tail, workers, knowledge.search).handlers,
            "desk": {**desk.desk.handlers, **desk.tools.contacts.handlers, **Asked(ground.log, desk.tickets).handlers},
            "scoring": {**quality.scoring.handlers, Redacted: quality.reviews.forget},
    engine = open_engine(settings.database())
    async with open_signals(settings) as signals, AsyncExitStack() as closing:
        closing.push_async_callback(engine.dispose)
        log = SqlLog(engine, signals)
        closing.push_async_callback(log.close)
        tail = Tail(log)
        await tail.start()
        closing.push_async_callback(tail.stop)
        live, workers, roster = Live(tail), RasaWorkers(), Roster(engine)
        closing.callback(live.close)
        closing.push_async_callback(workers.close)
        if "bot" in rooms:
            await closing.enter_async_context(open_workers(settings, workers, engine))
        presence = SignalledPresence(signals)
        company, files = read_company(settings.company), DiskFiles(settings.var / "files")
        desk = await closing.enter_async_context(
            open_desk(log, tail, engine, roster, presence, signals, company, files, routes="desk" in rooms)
        )
        tools = open_tools(log, desk, presence, company)
        tickets = Tickets(log, TicketStore(engine), signals, company.tickets, company.hours)
        admin = open_admin(settings, log, tickets)
        quality = open_quality(log, tail)
        assist = await closing.enter_async_context(open_assist(settings, log, tail, tools.canned, roster, None))
        if "desk" in rooms:
            for work in (tickets.watch_clocks, admin.webhooks.send, admin.automation.ring):
                await closing.enter_async_context(background(every_second(desk.routing, work)))
        acting = {
            "bot": Bot(log, tail, workers).handlers,
            "desk": {**desk.handlers, **tools.contacts.handlers},
            "scoring": quality.scoring.handlers,
            "assist": assist.suggest.handlers,
        }
        keeping: dict[str, Take] = {
            "search": desk.tools.search.take,
            "reports": desk.tools.reports.take,
            "webhooks": desk.admin.webhooks.take,
            "automation": desk.admin.automation.take,
            "quality": quality.watch.take,
            "knowledge": Noticing(ground.log, knowledge.uses).take,
            "answers": assist.memory.take,
        }
        log, tail = ground.log, ground.tail
        readers: dict[str, Reader | Projection] = {
            name: Reader(name, acting[name], log=log, tail=tail)
            if name in acting
            else Projection(name, WIRING[name], keeping[name], log=log, tail=tail, pause=HASTE.get(name, PAUSE))
            for name in rooms
        }
        async with following(readers.values()):
            yield House(ground, Channels(log), desk, quality, knowledge, readers)
        await closing.enter_async_context(following(readers.values()))
        channels, changes = Channels(log), Changes(engine)
        supervision = Supervision(log, presence, changes)
        yield House(
            log,
            signals,
            live,
            company,
            files,
            workers,
            channels,
            desk,
            supervision,
            tools,
            tickets,
            admin,
            quality,
            assist,
            changes,
            roster,
            presence,
            readers,
        )
