"""Every conversation scored when it has ended: the bot's as well as people's."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from conversation.events import (
    AttributesSet,
    BotFaulted,
    BotReplied,
    ConversationClosed,
    Event,
    Fact,
    HandoffRequested,
    Rated,
    Scored,
)
from conversation.log import Log
from conversation.model import CHANGING, Conversation, fold_all
from quality_check.rules import view
from quality_check.rules.judging import judge, line
from quality_check.rules.knowing import TELLS, course
from quality_check.rules.opinions import kept as opined_of
from quality_check.rules.opinions import opinions_of
from quality_check.rules.transcript import TURNS, Said, kept, subject, transcript
from quality_check.rules.view import Opinion, Scalar
from quality_check.service.judge import Judge
from quality_check.service.rulebook import Book, Rulebook
from quality_check.store.inspections import Inspection, InspectionStore

ENDS: Final = (ConversationClosed, Rated, AttributesSet)
"""After these an ended conversation is looked at."""
READS: Final = frozenset(kind.__name__ for kind in CHANGING.union(TURNS, TELLS))
"""The kinds of facts that an inspection looks at."""


class Scoring:
    """Inspects from the log alone, so that a conversation can be scored again at any time and comes out the same."""

    HEARS: Final[frozenset[type[Fact]]] = frozenset(ENDS)

    def __init__(self, log: Log, rulebook: Rulebook, store: InspectionStore, judge: Judge | None = None) -> None:
        self._log = log
        self._rulebook = rulebook
        self._store = store
        self._judge = judge or Judge()

    @property
    def handlers(self) -> Mapping[type[Fact], Callable[[Event], Awaitable[None]]]:
        """For the reader."""
        return dict.fromkeys(self.HEARS, self.score)

    async def again(self, found: Inspection) -> Inspection:
        """Inspect by what counts now, because somebody wants it; the earlier score stays readable beside it."""
        events = await self._log.history(found.conversation, before=found.upto + 1)
        newer = await self._inspect(await self._rulebook.active(), events)
        if newer is None or newer.id == found.id:
            return found
        await self._store.record([newer], deliberate=True)
        await self._log.append(found.conversation, told(newer), cause=f"score:{newer.id}")
        return newer

    async def score(self, event: Event) -> None:
        """At the end, and once more when a rating of a closed conversation comes in, or what others know of it."""
        events = await self._log.history(event.conversation, before=event.seq + 1)
        book = await self._rulebook.active()
        found = await self._done(book, event) or await self._inspect(book, events)
        if found is None:
            return
        await self._store.record([found])
        facts = [told(found), *bot_faults(found, events)]
        await self._log.append(event.conversation, *facts, cause=f"score:{found.id}")

    async def _done(self, book: Book, event: Event) -> Inspection | None:
        """What was made of this fact before: a language model is not asked again, it might answer otherwise."""
        if not book.rubric.engine.asks:
            return None
        known = await self._store.of(event.conversation)
        versions = (book.rubric.version, book.card.version)
        return next((one for one in known if one.upto == event.seq and (one.rubric, one.card) == versions), None)

    async def _inspect(self, book: Book, events: Sequence[Event]) -> Inspection | None:
        """A language model is asked only what it has not said of the same messages before."""
        opinions: dict[str, Opinion] = {}
        if asks := book.rubric.engine.asks:
            messages = transcript(events)
            for one in await self._store.of(events[0].conversation):
                if one.messages == len(messages):
                    opinions |= opinions_of(one.opinions, messages)
            left = [one for one in dict.fromkeys(asks.values()) if one not in opinions]
            if left and closed(events):
                opinions |= await self._judge.ask(left, messages)
        return await asyncio.to_thread(inspect, book, events, datetime.now(UTC), opinions)


def closed(events: Sequence[Event]) -> bool:
    """Has the conversation ended?"""
    return folded(events).status == "closed"


def folded(events: Sequence[Event]) -> Conversation:
    """The conversation after these facts."""
    return fold_all(Conversation(events[0].conversation), events)


def inspect(
    book: Book, events: Sequence[Event], at: datetime, opinions: Mapping[str, Opinion] | None = None
) -> Inspection | None:
    """What the rules say of a conversation's facts up to the last one; None while it is open or nobody spoke."""
    now, messages, said = folded(events), transcript(events), opinions or {}
    if now.status != "closed" or not messages:
        return None
    rubric, turns = book.rubric, book.rubric.turns(messages)
    told = [*course(events), (len(messages), at_the_end(now, events, messages))]
    known = {name: value for _, changes in told for name, value in changes.items()}
    known = {name: value for name, value in known.items() if value is not None}
    hits = rubric.engine.inspect(view.Conversation(now.id, tuple(turns), opinions=said, learned=told))
    seqs, about = [one.seq for one in messages], subject(messages)
    lines = tuple(line(rubric.rules[hit.rule], hit, seqs) for hit in hits if rubric.rules[hit.rule].run != "live")
    card = book.card.for_subject(about)
    readings = rubric.panel.read(turns)
    judged = judge(card, lines, messages, known, readings, unjudged=rubric.engine.unjudged(said))
    ended = next(event.at for event in reversed(events) if isinstance(event.fact, ConversationClosed))
    version = book.card.version if card else 0
    by = f"{rubric.version}/{version}"
    if asked := rubric.engine.models | (card.models() if card else set()):
        by += f"/{rubric.panel.digests(asked)}"
    opined = [opined_of(said[asks], seqs) for asks in sorted(set(rubric.engine.asks.values())) if asks in said]
    if opined:
        by += f"/{json.dumps(opined)}"
    return Inspection(
        uuid5(NAMESPACE_URL, f"{now.id}/{now.seq}/{by}").hex,
        now.id, now.seq, rubric.version, version, at, ended, about, now.group, now.channel, now.site, now.language,
        now.rating, len(messages), judged.score, judged.score, judged.fatal, judged.band, hits=lines, attributes=known,
        readings=tuple(kept(reading, seqs) for reading in readings), opinions=tuple(opined),
    )  # fmt: skip


def at_the_end(now: Conversation, events: Sequence[Event], messages: Sequence[Said]) -> dict[str, Scalar]:
    """What of a conversation only its end tells; seconds where it is a time."""
    asked = next((event.at for event in events if isinstance(event.fact, HandoffRequested)), None)
    first = next((one.at for one in messages if one.role == "agent"), None)
    house: dict[str, Scalar] = {
        "group": now.group,
        "agent": subject(messages),
        "messages": len(messages),
        "handed_over": asked is not None,
        "csat": now.rating,
        "wait": (first - asked).total_seconds() if asked and first and first > asked else None,
    }
    return {name: value for name, value in house.items() if value is not None}


def bot_faults(found: Inspection, events: Sequence[Event]) -> list[Fact]:
    """The bot's gravest fault, for whoever trains it; none when it lost no points."""
    bot = {event.seq for event in events if isinstance(event.fact, BotReplied)}
    lost = [
        (line.points, spot.seq, line.rule)
        for line in found.hits
        if line.counts and line.points < 0
        for spot in line.spots
        if spot.seq in bot
    ]
    return [BotFaulted(seq, rule) for _, seq, rule in sorted(lost)[:1]]


def told(found: Inspection) -> Scored:
    """The score as a fact."""
    rules = tuple(dict.fromkeys(line.rule for line in found.hits if line.counts))
    return Scored(found.id, found.rubric, found.card, found.subject, found.score, found.fatal, rules)
