"""Rules of the house on a real store: at once, after a silence, rehearsed, and never round in circles."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from conversation.events import (
    AgentAssigned,
    AgentReplied,
    ConversationClosed,
    ConversationStarted,
    Event,
    Fact,
    HandoffRequested,
    MessageReceived,
    MessagesRead,
    NoteAdded,
    Tagged,
)
from conversation.log import Log
from conversation.signals import LocalSignals
from conversation.sql import SqlLog
from desk.rules.automation import Condition, Rule
from desk.rules.premises import Premises
from desk.rules.tickets import Book, TicketState, TicketType
from desk.service.automation import Automation
from desk.service.tickets import Tickets
from desk.store.shelf import Shelf
from tests.services.test_asked import tickets_on

WORK = TicketType("work", {}, (TicketState("new", {}, "open"), TicketState("done", {}, "done")), {"new": ("done",)})


@dataclass
class Rulebook:
    """A house with nothing but rules."""

    log: Log
    rules: Shelf
    timers: Shelf
    tickets: Tickets
    automation: Automation
    heard: int = 0

    async def rule(self, on: list[str], then: list[Mapping[str, Any]], **more: Any) -> str:
        body = {"name": "r", "on": on, "when": [], "then": then, "after_seconds": 0, "active": True, **more}
        return (await self.rules.put("root", body)).id

    async def tell(self, *facts: Fact, cause: str = "") -> list[Event]:
        """Facts of the one conversation, heard by the rules; and what they did, until they do no more."""
        for fact in facts:
            self.heard += 1
            await self.log.append("c1", fact, cause=cause or f"f{self.heard}")
        return await self.settle()

    async def settle(self) -> list[Event]:
        seen = 0
        for _ in range(50):
            events = await self.log.history("c1")
            if len(events) == seen:
                return events
            await self.automation.take(events[seen:])
            seen = len(events)
        raise AssertionError("the rules go round in circles")

    async def done(self) -> list[str]:
        """Kinds of what rules did."""
        return [event.kind for event in await self.log.history("c1") if event.cause.startswith("rule:")]


@pytest.fixture
async def house(sql_log: SqlLog) -> Rulebook:
    log, engine = sql_log, sql_log.transactions.engine
    tickets = tickets_on(log, engine, Premises(book=Book((WORK,))), LocalSignals())
    rules, timers = Shelf(engine, "rule"), Shelf(engine, "timer")
    await log.append("c1", ConversationStarted("k", "widget", "demo", "zh"), cause="start")
    return Rulebook(log, rules, timers, tickets, Automation(log, rules, timers, tickets))


def later(seconds: float) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)


async def test_every_act_is_done_once_however_often_it_is_heard(house: Rulebook) -> None:
    await house.rule(
        ["MessageReceived"],
        [
            {"act": "tag", "tag": "refund"},
            {"act": "tag", "tag": "today"},
            {"act": "prioritise", "priority": 2},
            {"act": "note", "text": "look here"},
            {"act": "queue", "group": "sales"},
            {"act": "ticket", "type": "work", "title": "a refund"},
            {"act": "close"},
        ],
        when=[{"field": "text", "is": "contains", "value": "退款"}],
    )
    await house.tell(MessageReceived("hello"))
    assert await house.done() == []
    await house.tell(MessageReceived("我要退款"))
    await house.settle()
    wanted = ["Tagged", "Tagged", "Prioritised", "NoteAdded", "HandoffRequested", "TicketOpened", "ConversationClosed"]
    assert await house.done() == wanted
    now = await house.log.load("c1")
    assert (now.tags, now.group, now.status) == (("refund", "today"), "sales", "closed")
    (ticket,) = await house.tickets.select()
    assert [one.name for one in await house.tickets.history(ticket.id)] == ["r"]
    by = {e.kind: e.fact.by for e in await house.log.history("c1") if isinstance(e.fact, Tagged | ConversationClosed)}
    assert by == {"Tagged": "rule:r", "ConversationClosed": "rule:r"}


async def test_what_rules_do_sets_off_no_rule_not_even_by_a_ticket(house: Rulebook) -> None:
    acts: list[Mapping[str, Any]] = [
        {"act": "ticket", "type": "work", "title": "again"},
        {"act": "note", "text": "again"},
        {"act": "tag", "tag": "again"},
    ]
    await house.rule(["TicketOpened", "NoteAdded", "Tagged"], acts)
    await house.rule(["TicketOpened", "NoteAdded", "Tagged"], acts)
    await house.tell(NoteAdded("a1", "Mei", "hm"))
    assert sorted(await house.done()) == ["NoteAdded"] * 2 + ["Tagged"] + ["TicketOpened"] * 2
    assert len(await house.tickets.select()) == 2


@pytest.mark.parametrize(
    ("when", "holds"),
    [
        ({"field": "priority", "is": "equals", "value": 0}, True),
        ({"field": "priority", "is": "equals", "value": "0"}, True),
        ({"field": "priority", "is": "not", "value": 0}, False),
        ({"field": "priority", "is": "at_least", "value": 1}, False),
        ({"field": "tag", "is": "equals", "value": "vip"}, True),
        ({"field": "tag", "is": "not", "value": "vip"}, False),
        ({"field": "tag", "is": "contains", "value": "VI"}, True),
        ({"field": "holder", "is": "equals", "value": "agent"}, True),
        ({"field": "agent", "is": "equals", "value": "a1"}, True),
        ({"field": "group", "is": "equals", "value": "sales"}, True),
        ({"field": "language", "is": "equals", "value": "zh"}, True),
        ({"field": "channel", "is": "equals", "value": "widget"}, True),
        ({"field": "site", "is": "not", "value": "demo"}, False),
        ({"field": "status", "is": "equals", "value": "open"}, True),
        ({"field": "text", "is": "contains", "value": "HELLO"}, True),
        ({"field": "text", "is": "at_least", "value": 3}, False),
    ],
)
async def test_conditions(house: Rulebook, when: Mapping[str, Any], holds: bool) -> None:
    await house.rule(["MessageReceived"], [{"act": "note", "text": "x"}], when=[when])
    given = HandoffRequested("asked", "sales"), AgentAssigned("Mei", "a1"), Tagged("a1", ("new", "vip"))
    await house.tell(*given, MessageReceived("hello"))
    assert await house.done() == (["NoteAdded"] if holds else [])


async def test_a_timer_rings_after_a_silence_that_machines_and_notes_do_not_end(house: Rulebook) -> None:
    await house.rule(["MessageReceived"], [{"act": "prioritise", "priority": 3}], after_seconds=300)
    await house.tell(MessageReceived("hello?"))
    await house.tell(NoteAdded("a1", "Mei", "busy"), MessagesRead("agent", 2), Tagged("a1", ("x",)))
    await house.automation.ring(later(299))
    assert await house.done() == []
    await house.automation.ring(later(301))
    await house.automation.ring(later(302))
    assert await house.done() == ["Prioritised"]
    assert await house.timers.all() == []


async def test_a_timer_does_not_ring_after_an_answer_and_begins_anew_with_the_next_message(house: Rulebook) -> None:
    rule = await house.rule(["MessageReceived"], [{"act": "close"}], after_seconds=300)
    await house.tell(MessageReceived("hello?"), AgentAssigned("Mei", "a1"), AgentReplied("Mei", "a1", "yes"))
    await house.automation.ring(later(301))
    assert await house.done() == []
    await house.tell(MessageReceived("thanks"))
    (timer,) = await house.timers.all()
    assert not await house.timers.remove(timer.id, put_at=timer.at - timedelta(seconds=1))
    body = (await house.rules.find(rule)).body  # type: ignore[union-attr]
    await house.rules.put("root", {**body, "active": False}, rule)
    await house.automation.ring(later(301))
    assert await house.done() == []


async def test_a_rehearsal_looks_at_the_whole_week_and_does_nothing(house: Rulebook) -> None:
    facts = [MessageReceived("refund" if n % 100 == 0 else "hello") for n in range(2500)]
    await asyncio.gather(*(house.log.append("c1", fact, cause=f"m{n}") for n, fact in enumerate(facts)))
    words = Rule("r", "r", ("MessageReceived",), (Condition("text", "contains", "Refund"),), ())
    told = await house.automation.rehearse(words, 7)
    assert (told.matched, told.conversations) == (25, ["c1"])
    assert later(-7 * 86_400 - 60) < told.since < later(-7 * 86_400)
    tagged = Rule("r", "r", ("MessageReceived",), (*words.when, Condition("tag", "equals", "vip")), ())
    assert (await house.automation.rehearse(tagged, 7)).matched == 0
    silent = Rule("r", "r", ("MessageReceived",), words.when, (), after_seconds=60)
    assert (await house.automation.rehearse(silent, 7)).matched == 0
    assert await house.done() == []
