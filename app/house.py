"""The house put together: which store, which signals, which rooms, and who hears what."""

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Final

from app.background import background, every_second
from app.company import Company, read_company
from app.config import Settings
from app.wiring.bot import open_workers
from app.wiring.desk import open_admin, open_desk, open_tools
from app.wiring.knowledge import open_knowledge
from app.wiring.quality import PAUSE_SECONDS, open_quality
from app.wiring.shop import open_business
from bot.adapters.rasa import RasaWorkers
from bot.service.bot import Bot
from channels.service import Channels
from conversation.database import open_engine
from conversation.events import Fact, Redacted
from conversation.projection import PAUSE_SECONDS as PAUSE
from conversation.projection import Projection, Take
from conversation.reader import Reader
from conversation.signals import LocalSignals, RedisSignals, Signals
from conversation.sql import SqlLog
from conversation.tail import Tail
from desk.adapters.presence import SignalledPresence
from desk.api.hall import Admin, Tools
from desk.service.asked import Asked
from desk.service.automation import Automation
from desk.service.contacts import Contacts
from desk.service.desk import Desk
from desk.service.reports import Reports
from desk.service.search import Search
from desk.service.supervision import Supervision
from desk.service.tickets import Tickets
from desk.service.webhooks import Webhooks
from desk.store.changes import Changes
from desk.store.staff import Roster
from desk.store.tickets import TicketStore
from knowledge.api.hall import KnowledgeHall
from knowledge.service.noticing import Noticing
from quality_check.api.hall import Quality
from quality_check.service.scoring import Scoring
from quality_check.service.watch import Watch
from web.files import DiskFiles
from web.live import Live

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
}
HASTE: Final[Mapping[str, float]] = {"quality": PAUSE_SECONDS}
ROOMS: Final = tuple(WIRING)


@dataclass(frozen=True, slots=True)
class House:
    """One process of kefu, running."""

    log: SqlLog
    signals: Signals
    live: Live
    company: Company
    files: DiskFiles
    workers: RasaWorkers
    channels: Channels
    desk: Desk
    supervision: Supervision
    tools: Tools
    tickets: Tickets
    admin: Admin
    quality: Quality
    knowledge: KnowledgeHall
    changes: Changes
    roster: Roster
    presence: SignalledPresence
    readers: Mapping[str, Reader | Projection]


@asynccontextmanager
async def open_signals(settings: Settings) -> AsyncIterator[Signals]:
    """Redis when it is configured, else this process alone."""
    signals: LocalSignals | RedisSignals = LocalSignals()
    if settings.redis_url:
        signals = RedisSignals(settings.redis_url)
        signals.start()
    try:
        yield signals
    finally:
        await signals.close()


@asynccontextmanager
async def open_log(settings: Settings) -> AsyncIterator[SqlLog]:
    """The log alone, for commands."""
    engine = open_engine(settings.database())
    async with open_signals(settings) as signals:
        log = SqlLog(engine, signals)
        try:
            yield log
        finally:
            await log.close()
            await engine.dispose()


@asynccontextmanager
async def open_roster(settings: Settings) -> AsyncIterator[Roster]:
    """The staff alone, for commands."""
    engine = open_engine(settings.database())
    try:
        yield Roster(engine)
    finally:
        await engine.dispose()


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
        shop_url = await closing.enter_async_context(open_business(settings, engine))
        if "bot" in rooms:
            await closing.enter_async_context(open_workers(settings, workers, shop_url))
        presence = SignalledPresence(signals)
        company, files = read_company(settings.company), DiskFiles(settings.var / "files")
        desk = await closing.enter_async_context(
            open_desk(log, tail, engine, roster, presence, signals, company, files, routes="desk" in rooms)
        )
        tools = open_tools(log, desk, presence, company, shop_url)
        tickets = Tickets(log, TicketStore(engine), signals, company.tickets, company.hours)
        admin = open_admin(settings, log, tickets)
        quality = open_quality(log, tail, roster, company.quality)
        closing.push_async_callback(quality.trials.close)
        knowledge = await closing.enter_async_context(open_knowledge(settings, log.transactions))
        if "desk" in rooms:
            each_second = (tickets.watch_clocks, admin.webhooks.send, admin.automation.ring, tools.agent_time.watch)
            for work in (*each_second, quality.plans.watch):
                await closing.enter_async_context(background(every_second(desk.routing, work)))
        acting = {
            "bot": Bot(log, tail, workers, knowledge.search).handlers,
            "desk": {**desk.handlers, **tools.contacts.handlers, **Asked(log, tickets).handlers},
            "scoring": {**quality.scoring.handlers, Redacted: quality.reviews.forget},
        }
        keeping: Mapping[str, Take] = {
            "search": tools.search.take,
            "reports": tools.reports.take,
            "webhooks": admin.webhooks.take,
            "automation": admin.automation.take,
            "quality": quality.watch.take,
            "knowledge": Noticing(log, knowledge.uses).take,
        }
        readers: dict[str, Reader | Projection] = {
            name: Reader(name, acting[name], log=log, tail=tail)
            if name in acting
            else Projection(name, WIRING[name], keeping[name], log=log, tail=tail, pause=HASTE.get(name, PAUSE))
            for name in rooms
        }
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
            knowledge,
            changes,
            roster,
            presence,
            readers,
        )
