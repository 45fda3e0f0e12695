"""The desk: routing, what staff have beside conversations, and who may do what."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncEngine

from app.background import background, every_second
from app.company import Company
from app.config import Settings
from conversation.signals import Signals
from conversation.sql import SqlLog
from conversation.tail import Tail
from desk.adapters.post import HttpPost
from desk.adapters.presence import SignalledPresence
from desk.adapters.shop import HttpShop
from desk.api.hall import Admin, Tools, summary
from desk.service.agent_time import AgentTime
from desk.service.alerts import Alerts
from desk.service.automation import Automation
from desk.service.contacts import Contacts
from desk.service.desk import Desk
from desk.service.floor import Floor
from desk.service.orders import Orders
from desk.service.reports import Reports
from desk.service.routing import Routing
from desk.service.search import Search
from desk.service.tickets import Tickets
from desk.service.wallboard import Wallboard
from desk.service.webhooks import Webhooks
from desk.store.access import Access
from desk.store.agent_time import AgentTimes
from desk.store.deliveries import Deliveries
from desk.store.reports import ReportRows
from desk.store.search import SearchIndex
from desk.store.shelf import Shelf
from desk.store.staff import Roster
from language.fold import fold
from language.lexicon import Lexicon
from language.segment import words
from web.files import DiskFiles


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


def open_tools(log: SqlLog, desk: Desk, presence: SignalledPresence, company: Company, shop_url: str) -> Tools:
    """What staff have beside conversations."""
    engine = log.transactions.engine
    reports = Reports(log, ReportRows(log.transactions), company.service_level_seconds)
    flaws = Lexicon((word, category) for category, some in company.sensitive.items() for word in some)
    return Tools(
        Search(log, SearchIndex(log.transactions), words, fold),
        reports,
        Wallboard(desk.routing, reports, presence, company.hours.timezone, company.alerts),
        AgentTime(desk.routing, presence, AgentTimes(engine)),
        Contacts(log, Shelf(engine, "contact"), Shelf(engine, "contact-note"), Shelf(engine, "blocked")),
        Orders(log, HttpShop(shop_url), company.order_numbers),
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
