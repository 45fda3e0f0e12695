"""The desk: routing, what staff have beside conversations, and who may do what."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from app.background import background, every_second
from app.config import Settings
from app.wiring.ground import Ground
from app.wiring.quality import NamingPlans, NamingRules
from channels.service import Sites
from desk.adapters.mail import SmtpMail
from desk.adapters.mailbox import ImapMailbox
from desk.adapters.post import HttpPost
from desk.adapters.shop import HttpShop
from desk.api.hall import Admin, Entry, Tools, summary
from desk.ports import IdentityProvider
from desk.rules.premises import Premises
from desk.service.agent_time import AgentTime
from desk.service.alerts import Alerts
from desk.service.answers import Answers
from desk.service.automation import Automation
from desk.service.contacts import Contacts
from desk.service.desk import Desk
from desk.service.floor import Floor
from desk.service.invitations import Invitations
from desk.service.letters import Letters, Postman
from desk.service.naming import NamingShelf, NamingSites
from desk.service.orders import Orders
from desk.service.outbox import Outbox
from desk.service.reports import Reports
from desk.service.routing import Routing
from desk.service.search import Search
from desk.service.second_factor import SecondFactor
from desk.service.setup import Setup
from desk.service.supervision import Supervision
from desk.service.tickets import Tickets
from desk.service.visitors import Visitors
from desk.service.wallboard import Wallboard
from desk.service.webhooks import Webhooks
from desk.store.access import Access
from desk.store.agent_time import AgentTimes
from desk.store.changes import Changes
from desk.store.deliveries import Deliveries
from desk.store.keys import Keys
from desk.store.mails import Mails
from desk.store.reports import ReportRows
from desk.store.search import SearchIndex
from desk.store.shelf import Shelf
from desk.store.tickets import TicketStore
from language.fold import fold
from language.lexicon import Lexicon
from language.segment import words
from web.seal import Seal
from web.slips import Slips


@dataclass(frozen=True, slots=True)
class DeskRooms:
    """What staff work with."""

    desk: Desk
    setup: Setup
    supervision: Supervision
    tools: Tools
    tickets: Tickets
    admin: Admin
    entry: Entry
    changes: Changes
    postman: Postman
    visitors: Visitors


@asynccontextmanager
async def open_desk(ground: Ground, shop_url: str, sites: Sites, *, routes: bool) -> AsyncIterator[DeskRooms]:
    """The desk; with `routes` it also gives conversations to agents and watches the clock."""
    log, company = ground.log, ground.company
    setup = _setup(ground, sites)
    await setup.refresh()
    premises, floor = setup.premises, Floor(log, ground.tail, setup.premises)
    angry = Lexicon((word, "angry") for word in company.alerts.angry)
    alerts = Alerts(log, floor, premises, angry.find)
    routing = Routing(log, floor, ground.roster, ground.presence, ground.signals, premises)
    desk, changes = Desk(log, routing, ground.files, alerts), Changes(ground.engine)
    contacts = Contacts(log, *(Shelf(ground.engine, kind) for kind in ("contact", "contact-note", "blocked")))
    answers = _answers(ground, contacts)
    tickets = Tickets(log, TicketStore(ground.engine), ground.signals, premises, answers)
    tools, admin = _tools(ground, desk, premises, contacts, shop_url), _admin(ground, tickets)
    entry = _entry(ground, admin.access)
    imap = ground.settings.imap_url.get_secret_value()
    postman = Postman(ImapMailbox(imap) if imap else None, Letters(tickets, contacts, answers, ground.files, changes))
    clocks = (
        postman.fetch,
        alerts.watch,
        tickets.watch_clocks,
        admin.webhooks.send,
        admin.automation.ring,
        tools.agent_time.watch,
        entry.outbox.send,
    )
    async with AsyncExitStack() as closing:
        await closing.enter_async_context(background(every_second(setup.refresh)))
        if routes:
            closing.callback(ground.tail.listen(routing.hear))
            await closing.enter_async_context(background(routing.run(ground.shares.join("routing"))))
            for work in clocks:
                await closing.enter_async_context(background(every_second(work, lambda: routing.leads)))
        supervision = Supervision(log, ground.presence, ground.signals, changes)
        visitors = Visitors(log, ground.signals)
        yield DeskRooms(desk, setup, supervision, tools, tickets, admin, entry, changes, postman, visitors)


def _setup(ground: Ground, sites: Sites) -> Setup:
    """As the company's file has it, and all that may name a group of it."""
    engine, premises, store = ground.engine, ground.company.premises(), TicketStore(ground.engine)
    premises.sites = sites.now
    canned = NamingShelf(Shelf(engine, "canned"), lambda one: f"canned reply {one['shortcut']}")
    views = NamingShelf(Shelf(engine, "view"), lambda one: f"view {one['name']}")
    rules = NamingShelf(Shelf(engine, "rule"), lambda one: f"rule {one['name']}")
    named = (NamingSites(sites), canned, views, rules, NamingPlans(ground), NamingRules(ground))
    return Setup(premises, Shelf(engine, "setup"), ground.log, ground.roster, store, named)


def _answers(ground: Ground, contacts: Contacts) -> Answers:
    """Letters about tickets, while there is a mail server."""
    settings = ground.settings
    sends = bool(settings.smtp_url.get_secret_value())
    return Answers(contacts, sends=sends, address=settings.ticket_mail, secret=settings.signing_key())


def _tools(ground: Ground, desk: Desk, premises: Premises, contacts: Contacts, shop_url: str) -> Tools:
    """What staff have beside conversations."""
    log, company, engine = ground.log, ground.company, ground.engine
    times = AgentTimes(engine)
    reports = Reports(log, ReportRows(log.transactions), times, ground.roster, premises)
    flaws = Lexicon((word, category) for category, some in company.sensitive.items() for word in some)
    return Tools(
        Search(log, SearchIndex(log.transactions), words, fold),
        reports,
        Wallboard(desk.routing, reports, ground.presence, premises),
        AgentTime(desk.routing, ground.presence, times),
        contacts,
        Orders(log, HttpShop(shop_url), company.order_numbers),
        Shelf(engine, "canned"),
        Shelf(engine, "view"),
        Shelf(engine, "snooze"),
        Shelf(engine, "draft"),
        flaws.find,
        company.reasons,
    )


def _admin(ground: Ground, tickets: Tickets) -> Admin:
    """Who may come in, and what the house does by itself."""
    log, engine = ground.log, ground.engine
    rules, hooks, deliveries = Shelf(engine, "rule"), Shelf(engine, "webhook"), Deliveries(log.transactions)
    automation = Automation(log, rules, Shelf(engine, "timer"), tickets)
    post = HttpPost(private=ground.settings.webhooks_to_private)
    webhooks = Webhooks(log, hooks, deliveries, post, summary)
    return Admin(Access(engine, ground.signals), Shelf(engine, "role"), rules, automation, hooks, deliveries, webhooks)


def _entry(ground: Ground, access: Access) -> Entry:
    """How staff come in; mail and the identity provider only when they are configured."""
    settings, keys = ground.settings, Keys(ground.engine)
    secret, smtp, address = settings.signing_key(), settings.smtp_url.get_secret_value(), settings.desk_address()
    outbox = Outbox(Mails(ground.engine), SmtpMail(smtp, settings.mail_from) if smtp else None, ground.files)
    return Entry(
        keys,
        SecondFactor(keys, Seal(secret)),
        Invitations(keys, ground.roster, access, outbox, address),
        outbox,
        Slips(secret, "identity", 600),
        _provider(settings),
        settings.oidc_name,
        f"{address.rstrip('/')}/api/identity/callback",
        settings.oidc_new_role,
    )


def _provider(settings: Settings) -> IdentityProvider | None:
    """What speaks to it is imported for who has one."""
    if not settings.oidc_issuer:
        return None
    from desk.adapters.oidc import OidcProvider

    return OidcProvider(settings.oidc_issuer, settings.oidc_client_id, settings.oidc_client_secret.get_secret_value())
