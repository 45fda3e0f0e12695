"""The house put together: which store, which signals, which rooms, and who hears what."""

import asyncio
import json
import logging
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncEngine

from app.company import Company, read_company
from app.config import ROOT, Settings
from app.engine import EnginePool, engine_command
from bot.adapters.rasa import RasaWorkers
from bot.service import Bot
from channels.service import Channels
from conversation.database import open_engine
from conversation.events import Fact
from conversation.projection import Projection, Take
from conversation.reader import Reader
from conversation.signals import LocalSignals, RedisSignals, Signals
from conversation.sql import SqlLog
from conversation.tail import Tail
from demo_shop.api import open_shop
from demo_shop.store import Shop
from desk.adapters.post import HttpPost
from desk.adapters.presence import SignalledPresence
from desk.api.hall import Admin, Tools, summary
from desk.service.alerts import Alerts
from desk.service.automation import Automation
from desk.service.contacts import Contacts
from desk.service.desk import Desk
from desk.service.floor import Floor
from desk.service.reports import Reports
from desk.service.routing import Routing
from desk.service.search import Search
from desk.service.supervision import Supervision
from desk.service.tickets import Tickets
from desk.service.wallboard import Wallboard
from desk.service.webhooks import Webhooks
from desk.store.access import Access
from desk.store.changes import Changes
from desk.store.deliveries import Deliveries
from desk.store.reports import ReportRows
from desk.store.search import SearchIndex
from desk.store.shelf import Shelf
from desk.store.staff import Roster
from desk.store.tickets import TicketStore
from language.fold import fold
from language.lexicon import Lexicon
from language.segment import words
from web.files import DiskFiles
from web.live import Live

# Who hears what: the whole wiring between the rooms.
WIRING: Final[Mapping[str, frozenset[type[Fact]]]] = {
    "bot": Bot.HEARS,
    "desk": Desk.HEARS | Contacts.HEARS,
    "search": Search.HEARS,
    "reports": Reports.HEARS,
    "webhooks": Webhooks.HEARS,
    "automation": Automation.HEARS,
}
ROOMS: Final = tuple(WIRING)
logger: Final = logging.getLogger(__name__)
GOODS: Final = ROOT / "data" / "seed" / "shop.json"


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
        if "desk" in rooms:
            for work in (tickets.watch_clocks, admin.webhooks.send, admin.automation.ring):
                await closing.enter_async_context(background(every_second(desk.routing, work)))
        acting = {"bot": Bot(log, tail, workers).handlers, "desk": {**desk.handlers, **tools.contacts.handlers}}
        keeping: Mapping[str, Take] = {
            "search": tools.search.take,
            "reports": tools.reports.take,
            "webhooks": admin.webhooks.take,
            "automation": admin.automation.take,
        }
        readers: dict[str, Reader | Projection] = {
            name: Reader(name, acting[name], log=log, tail=tail)
            if name in acting
            else Projection(name, WIRING[name], keeping[name], log=log, tail=tail)
            for name in rooms
        }
        for reader in readers.values():
            reader.start()
            closing.push_async_callback(reader.stop)
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
            changes,
            roster,
            presence,
            readers,
        )


@asynccontextmanager
async def open_desk(
    log: SqlLog,
    tail: Tail,
    engine: AsyncEngine,
    roster: Roster,
    presence: SignalledPresence,
    signals: Signals,
    company: Company,
    files: DiskFiles,
    *,
    routes: bool,
) -> AsyncIterator[Desk]:
    """The desk; with `routes` it also gives conversations to agents and watches the clock."""
    groups = {group.id: group for group in company.groups}
    floor = Floor(log, tail, groups)
    angry = Lexicon((word, "angry") for word in company.alerts.angry)
    alerts = Alerts(log, floor, company.alerts, angry.find)
    routing = Routing(log, floor, roster, presence, signals, groups, company.hours)
    desk = Desk(log, routing, files, alerts)
    async with AsyncExitStack() as closing:
        if routes:
            closing.callback(tail.listen(routing.wake))
            await closing.enter_async_context(background(routing.run()))
            await closing.enter_async_context(background(every_second(routing, alerts.watch)))
        yield desk


def open_tools(log: SqlLog, desk: Desk, presence: SignalledPresence, company: Company) -> Tools:
    """What staff have beside conversations."""
    engine = log.transactions.engine
    reports = Reports(log, ReportRows(log.transactions), company.service_level_seconds)
    flaws = Lexicon((word, category) for category, some in company.sensitive.items() for word in some)
    return Tools(
        Search(log, SearchIndex(log.transactions), words, fold),
        reports,
        Wallboard(desk.routing, reports, presence, company.hours.timezone),
        Contacts(log, Shelf(engine, "contact"), Shelf(engine, "contact-note"), Shelf(engine, "blocked")),
        Shelf(engine, "canned"),
        Shelf(engine, "view"),
        Shelf(engine, "snooze"),
        Shelf(engine, "draft"),
        flaws.find,
        company.reasons,
    )


def open_admin(settings: Settings, log: SqlLog, tickets: Tickets) -> Admin:
    """Who may come in, and what the house does by itself."""
    engine = log.transactions.engine
    rules, hooks, deliveries = Shelf(engine, "rule"), Shelf(engine, "webhook"), Deliveries(log.transactions)
    automation = Automation(log, rules, Shelf(engine, "timer"), tickets)
    post = HttpPost(private=settings.webhooks_to_private)
    webhooks = Webhooks(log, hooks, deliveries, post, summary)
    return Admin(Access(engine), Shelf(engine, "role"), rules, automation, hooks, deliveries, webhooks)


@asynccontextmanager
async def background(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Let it run beside, until the end."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def every_second(routing: Routing, work: Callable[[datetime], Awaitable[object]]) -> None:
    """Do it each second with the present time, in the one process that also routes."""
    while True:
        if routing.leads:
            try:
                await work(datetime.now(UTC))
            except Exception as error:
                logger.error("%s failed and is tried again: %s", work.__qualname__, type(error).__name__)
        await asyncio.sleep(1.0)


@asynccontextmanager
async def open_workers(settings: Settings, workers: RasaWorkers, engine: AsyncEngine) -> AsyncIterator[None]:
    """Engine workers that others run, or a pool of our own when there is a trained model."""
    for url in settings.engine_urls:
        workers.add(url)
    if settings.engine_urls or not settings.model_path().exists():
        yield
        return
    async with AsyncExitStack() as closing:
        shop_url = settings.shop_url
        if not shop_url:
            shop = Shop(engine)
            await shop.stock(json.loads(GOODS.read_text("utf-8")))
            shop_url = await closing.enter_async_context(open_shop(shop))
        count = settings.workers or os.cpu_count() or 1
        command = engine_command("serve")
        pool = EnginePool(workers, command, model=settings.model_path(), count=count, shop_url=shop_url)
        pool.start()
        closing.push_async_callback(pool.stop)
        yield
