"""Rules of the house: when this happens and that holds, do so."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import inf
from typing import Any, Final

from conversation.codec import timestamp
from conversation.events import (
    KINDS,
    ConversationClosed,
    Event,
    Fact,
    HandoffRequested,
    NoteAdded,
    Prioritised,
    Tagged,
)
from conversation.log import HolderChanged, Log
from conversation.model import BOT, Conversation
from desk.rules.automation import CAUSE, Condition, Rule, applies, asks_only_for_words, may_apply, stirs
from desk.rules.tickets import BadTicket
from desk.service.tickets import SYSTEM, Actor, NewTicket, Tickets
from desk.store.shelf import Kept, Shelf

PAGE: Final = 1000
LOOKED_INTO: Final = 5000  # conversations as they were, in one rehearsal
SHOWN: Final = 100


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """How often a rule would have applied since `since`, and in which conversations (the latest hundred)."""

    matched: int
    conversations: Sequence[str]
    since: datetime


def rule_of(kept: Kept) -> Rule:
    """A rule as it was kept."""
    body = kept.body
    when = tuple(Condition(one["field"], one["is"], one["value"]) for one in body["when"])
    return Rule(
        kept.id, body["name"], tuple(body["on"]), when, tuple(body["then"]), body["after_seconds"], body["active"]
    )


class Automation:
    """Hears every fact; acts under the cause `rule:<id>:<seq>`, so once for a fact."""

    HEARS: Final[frozenset[type[Fact]]] = frozenset(KINDS.values())

    def __init__(self, log: Log, rules: Shelf, timers: Shelf, tickets: Tickets) -> None:
        self._log = log
        self._rules = rules
        self._timers = timers
        self._tickets = tickets

    async def take(self, events: Sequence[Event]) -> None:
        """Facts: act, or begin to wait; conversations side by side."""
        rules = [rule for rule in map(rule_of, await self._rules.lately()) if rule.active]
        kinds = {kind for rule in rules for kind in rule.on}
        heard = defaultdict[str, list[Event]](list)
        for event in events:
            if event.kind in kinds:
                heard[event.conversation].append(event)
        await asyncio.gather(*(self._follow(rules, some) for some in heard.values()))

    async def _follow(self, rules: Sequence[Rule], events: Sequence[Event]) -> None:
        for event in events:
            for rule in (rule for rule in rules if event.kind in rule.on):
                await self._hear(rule, event)

    async def _hear(self, rule: Rule, event: Event) -> None:
        if not may_apply(rule, event):
            return
        now = await self._log.load(event.conversation)
        if not applies(rule, event, now):
            return
        if rule.after_seconds:
            due = timestamp(event.at + timedelta(seconds=rule.after_seconds))
            await self._timers.put(rule.id, {"due": due, "seq": event.seq}, f"{rule.id}:{event.conversation}")
        else:
            await self._act(rule, event)

    async def ring(self, at: datetime) -> None:
        """Timers that are over, when nothing else happened meanwhile."""
        for timer in await self._timers.all():
            if timer.body["due"] > timestamp(at):
                continue
            event, kept = await self._log.event(timer.body["seq"]), await self._rules.find(timer.owner)
            if event is not None and kept is not None and rule_of(kept).active and await self._quiet_since(event):
                now = await self._log.load(event.conversation)
                if applies(rule_of(kept), event, now):
                    await self._act(rule_of(kept), event)
            await self._timers.remove(timer.id, put_at=timer.at)

    async def _quiet_since(self, event: Event, seconds: float = inf) -> bool:
        """Was nothing heard in its conversation after it, for so long?"""
        for later in await self._log.history(event.conversation, after=event.seq):
            if (later.at - event.at).total_seconds() > seconds:
                return True
            if stirs(later):
                return False
        return True

    async def rehearse(self, rule: Rule, days: int) -> Rehearsal:
        """How often it would have applied in the last days; nothing is done."""
        until = datetime.now(UTC)
        earliest = until - timedelta(days=days)
        matched, looked, where = 0, 0, dict[str, None]()
        async for event in self._past(rule.on, earliest):
            if not may_apply(rule, event):
                continue
            if rule.after_seconds:
                over = event.at + timedelta(seconds=rule.after_seconds) <= until
                if not over or not await self._quiet_since(event, rule.after_seconds):
                    continue
            if not asks_only_for_words(rule):
                if looked == LOOKED_INTO:
                    return Rehearsal(matched, list(where)[:SHOWN], event.at)
                looked += 1
                if not applies(rule, event, await self._log.load(event.conversation, at=event.seq)):
                    continue
            matched += 1
            where[event.conversation] = None
        return Rehearsal(matched, list(where)[:SHOWN], earliest)

    async def _past(self, kinds: Sequence[str], earliest: datetime) -> AsyncIterator[Event]:
        """Events of these kinds, latest first."""
        before: int | None = None
        while page := await self._log.of_kinds(kinds, before=before, limit=PAGE):
            for event in page:
                if event.at < earliest:
                    return
                yield event
            before = page[-1].seq

    async def _act(self, rule: Rule, event: Event) -> None:
        for number, act in enumerate(rule.then):
            cause = f"{CAUSE}{rule.id}:{event.seq}:{number}"
            now = await self._log.load(event.conversation)  # each act stands on what the one before did
            try:
                await self._do(act, now, cause, rule.name)
            except (HolderChanged, BadTicket):
                continue  # somebody was quicker, or the type is no more: the other acts still count

    async def _do(self, act: Mapping[str, Any], now: Conversation, cause: str, name: str) -> None:
        by = f"{CAUSE}{name}"
        match act:
            case {"act": "tag", "tag": tag}:
                if tag not in now.tags:
                    await self._log.append(now.id, Tagged(by, (*now.tags, tag)), cause=cause)
            case {"act": "prioritise", "priority": priority}:
                await self._log.append(now.id, Prioritised(by, priority, now.skill), cause=cause)
            case {"act": "queue", "group": group}:
                await self._log.append(now.id, HandoffRequested("rule", group), cause=cause, only_while=BOT)
            case {"act": "note", "text": text}:
                await self._log.append(now.id, NoteAdded(SYSTEM.id, name, text), cause=cause)
            case {"act": "close"}:
                if now.status == "open":
                    fact = ConversationClosed(by, "rule")
                    await self._log.append(now.id, fact, cause=cause, only_while=now.holder)
            case {"act": "ticket", "type": type, "title": title}:
                new = NewTicket(type, title, contact=now.contact, conversation=now.id)
                await self._tickets.open(new, Actor(SYSTEM.id, name), cause, cause=cause)
