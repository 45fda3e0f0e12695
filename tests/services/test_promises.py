"""A ticket's promises while it is worked on: pauses, warnings, breaches, escalation, clocks that are set."""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from conversation.memory import MemoryLog
from conversation.signals import LocalSignals
from desk.rules.premises import Premises
from desk.rules.sla import Policy
from desk.rules.tickets import Book, Ticket, TicketState, TicketType
from desk.service.tickets import Actor, NewTicket, Tickets
from tests.services.test_asked import tickets_on
from web.hours import DAYS, Hours

STATES = tuple(TicketState(id, {}, kind) for id, kind in (("new", "open"), ("asked", "waiting"), ("done", "done")))  # type: ignore[arg-type]
TYPE = TicketType("work", {}, STATES, {"new": ("asked", "done"), "asked": ("new",), "done": ("new",)}, group="desk")
URGENT = Policy("urgent", 60, 60, 600, priorities=("urgent",), office_hours=False)
USUAL = Policy("usual", 3600, 3600, 36_000, office_hours=False, escalate_to="leads")
MEI, CUSTOMER = Actor("a1", "Mei"), Actor("customer", "")


class Desk:
    """Tickets, and what was told of them."""

    def __init__(self, tickets: Tickets, premises: Premises, told: list[Mapping[str, Any]]) -> None:
        self.tickets = tickets
        self.premises = premises
        self.told = told

    async def now(self, ticket: Ticket) -> Ticket:
        found = await self.tickets.find(ticket.id)
        assert found is not None
        return found

    def said(self) -> list[str]:
        return [one["what"] for one in self.told if one["what"] in ("warned", "breached")]


@pytest.fixture
async def desk(engine: AsyncEngine) -> Desk:
    signals, premises = LocalSignals(), Premises(book=Book((TYPE,), (URGENT, USUAL)))
    told: list[Mapping[str, Any]] = []
    signals.subscribe("ticket", told.append)
    return Desk(tickets_on(MemoryLog(), engine, premises, signals), premises, told)


def later(seconds: float) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)


def states(ticket: Ticket) -> dict[str, str]:
    return {clock.target: clock.state for clock in ticket.clocks}


async def test_it_warns_once_then_breaks_once_and_goes_to_the_leads(desk: Desk) -> None:
    ticket = await desk.tickets.open(NewTicket("work", "t", assignee="a1"), MEI, "1")
    assert await desk.tickets.watch_clocks(later(0.8 * 3600 - 10)) == 0
    for seconds in (0.8 * 3600 + 1, 0.8 * 3600 + 2, 3601, 3602):
        await desk.tickets.watch_clocks(later(seconds))
    assert desk.said() == ["warned", "breached"]
    late = await desk.now(ticket)
    assert (late.group, late.assignee) == ("leads", "")
    assert states(late) == {"first_response": "breached", "resolution": "running"}
    history = await desk.tickets.history(ticket.id)
    assert [change.kind for change in history] == ["opened", "warned", "breached", "changed"]
    assert history[-1].body == {"group": "leads", "assignee": ""}
    assert desk.told[-1]["before"] == "a1"  # who had it hears of it


async def test_who_takes_it_up_where_it_escalated_to_keeps_it_at_the_next_breach(desk: Desk) -> None:
    ticket = await desk.tickets.open(NewTicket("work", "t"), MEI, "1")
    await desk.tickets.watch_clocks(later(3601))
    await desk.tickets.change(await desk.now(ticket), {"assignee": "a2"}, MEI)
    await desk.tickets.watch_clocks(later(36_001))
    late = await desk.now(ticket)
    assert (states(late)["resolution"], late.group, late.assignee) == ("breached", "leads", "a2")


async def test_a_process_that_stood_still_tells_of_the_breach_alone(desk: Desk) -> None:
    await desk.tickets.open(NewTicket("work", "t"), MEI, "1")
    await desk.tickets.watch_clocks(later(100_000))
    assert desk.said() == ["breached", "breached"]


async def test_a_wall_clock_that_is_set_back_breaks_nothing(desk: Desk) -> None:
    ticket = await desk.tickets.open(NewTicket("work", "t"), MEI, "1")
    assert await desk.tickets.watch_clocks(later(-86_400)) == 0
    await desk.tickets.watch_clocks(later(3000))
    await desk.tickets.watch_clocks(later(-3000))
    assert states(await desk.now(ticket))["first_response"] == "warned"
    assert desk.said() == ["warned"]


async def test_it_stands_still_while_the_customer_is_waited_for(desk: Desk) -> None:
    ticket = await desk.tickets.open(NewTicket("work", "t"), MEI, "1")
    ticket = await desk.tickets.change(ticket, {"state": "asked"}, MEI)
    assert all(clock.paused for clock in ticket.clocks)
    assert await desk.tickets.watch_clocks(later(10**6)) == 0
    ticket = await desk.tickets.change(ticket, {"state": "new"}, MEI)
    assert not any(clock.paused for clock in ticket.clocks)
    await desk.tickets.watch_clocks(later(3601))
    assert states(await desk.now(ticket))["first_response"] == "breached"


async def test_answers_meet_promises_and_questions_make_new_ones(desk: Desk) -> None:
    ticket = await desk.tickets.open(NewTicket("work", "t"), MEI, "1")
    ticket = await desk.tickets.comment(ticket, MEI, "c1", "among us", public=False)
    assert states(ticket)["first_response"] == "running"
    ticket = await desk.tickets.comment(ticket, MEI, "c2", "we look into it", public=True)
    ticket = await desk.tickets.comment(ticket, CUSTOMER, "c3", "and?", public=True)
    ticket = await desk.tickets.comment(ticket, CUSTOMER, "c4", "hello?", public=True)
    assert states(ticket) == {"first_response": "met", "resolution": "running", "next_response": "running"}
    ticket = await desk.tickets.comment(ticket, MEI, "c5", "tomorrow", public=True)
    ticket = await desk.tickets.change(ticket, {"state": "done"}, MEI)
    assert set(states(ticket).values()) == {"met"}
    assert await desk.tickets.watch_clocks(later(10**6)) == 0
    ticket = await desk.tickets.change(ticket, {"state": "new"}, MEI)
    assert states(ticket)["resolution"] == "running"


async def test_another_priority_is_another_promise_and_what_was_used_stays_used(desk: Desk) -> None:
    ticket = await desk.tickets.open(NewTicket("work", "t"), MEI, "1")
    urgent = await desk.tickets.change(ticket, {"priority": "urgent"}, MEI)
    assert [clock.seconds for clock in urgent.clocks] == [60, 600]
    await desk.tickets.watch_clocks(later(61))
    assert states(await desk.now(ticket)) == {"first_response": "breached", "resolution": "running"}
    usual = await desk.tickets.change(await desk.now(ticket), {"priority": "normal"}, MEI)
    assert [(clock.seconds, clock.state) for clock in usual.clocks] == [(60, "breached"), (36_000, "running")]


async def test_office_hours_that_are_changed_count_for_what_is_running(desk: Desk) -> None:
    today = datetime.now(UTC).date()
    ticket = await desk.tickets.open(NewTicket("work", "t"), MEI, "1")
    desk.premises.book = Book((TYPE,), (Policy("office", 3600, 3600, 36_000),))
    closed_today = {day: ((time(9), time(17)),) for n, day in enumerate(DAYS) if n != today.weekday()}
    desk.premises.hours = Hours("UTC", closed_today)
    due = (await desk.now(ticket)).clocks[0].due_at(desk.tickets.hours(ticket))
    assert due is not None
    assert due.date() > today
    assert due.time() == time(10)
