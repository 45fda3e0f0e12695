"""What the bot promises to pass on becomes a ticket, once."""

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from app.company import read_company
from app.config import ROOT
from conversation.events import ConversationStarted, Event, TicketAsked
from conversation.log import Log
from conversation.signals import LocalSignals, Signals
from conversation.sql import SqlLog
from desk.rules.premises import Premises
from desk.rules.tickets import BadTicket
from desk.service.answers import Answers
from desk.service.asked import Asked
from desk.service.contacts import Contacts
from desk.service.tickets import Tickets
from desk.store.shelf import Shelf
from desk.store.tickets import TicketStore


@pytest.fixture
def log(sql_log: SqlLog) -> SqlLog:
    """On the whole shape."""
    return sql_log


def tickets_on(log: Log, engine: AsyncEngine, premises: Premises, signals: Signals) -> Tickets:
    """Tickets in a house that sends no mail."""
    shelves = (Shelf(engine, kind) for kind in ("contact", "contact-note", "blocked"))
    answers = Answers(Contacts(log, *shelves), sends=False, address="", secret="a secret")
    return Tickets(log, TicketStore(engine), signals, premises, answers)


def book_of(log: SqlLog, premises: Premises) -> Tickets:
    return tickets_on(log, log.transactions.engine, premises, LocalSignals())


async def ask(log: SqlLog, type: str) -> Event:
    await log.append("c1", ConversationStarted("k1", "widget", "demo", "zh"), cause="start")
    return (await log.append("c1", TicketAsked(type, "客户投诉", "包裹摔坏了"), cause="seq:1")).events[0]


@pytest.mark.parametrize("type", ["complaint", "callback"])
async def test_one_ticket_of_the_demo_companys_kinds_however_often_it_is_read(log: SqlLog, type: str) -> None:
    company = read_company(ROOT / "data/seed/company.toml")
    tickets = book_of(log, company.premises())
    asked, event = Asked(log, tickets), await ask(log, type)
    await asked.open(event)
    await asked.open(event)
    (ticket,) = await tickets.select()
    assert (ticket.type, ticket.text, ticket.contact, ticket.conversation) == (type, "包裹摔坏了", "k1", "c1")
    assert [event.kind for event in await log.history("c1")] == ["ConversationStarted", "TicketAsked", "TicketOpened"]


async def test_a_kind_that_the_company_does_not_have_is_refused(log: SqlLog) -> None:
    company = read_company(ROOT / "data/seed/company.toml")
    tickets = book_of(log, company.premises())
    with pytest.raises(BadTicket, match="praise"):
        await Asked(log, tickets).open(await ask(log, "praise"))
