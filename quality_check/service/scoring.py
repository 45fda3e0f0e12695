"""Every conversation scored when it has ended: the bot's as well as people's."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from conversation.events import (
    ConversationClosed,
    Event,
    Fact,
    HandoffRequested,
    Rated,
    Scored,
)
from conversation.log import Log
from conversation.model import Conversation, fold
from quality_check.rules import view
from quality_check.rules.judging import judge, line
from quality_check.rules.transcript import Said, kept, subject, transcript
from quality_check.rules.view import Scalar
from quality_check.service.rulebook import Book, Rulebook
from quality_check.store.inspections import Inspection, InspectionStore


class Scoring:
    """Inspects from the log alone, so that a conversation can be scored again at any time and comes out the same."""

    HEARS: Final[frozenset[type[Fact]]] = frozenset({ConversationClosed, Rated})

    def __init__(self, log: Log, rulebook: Rulebook, store: InspectionStore) -> None:
        self._log = log
        self._rulebook = rulebook
        self._store = store

    @property
    def handlers(self) -> Mapping[type[Fact], Callable[[Event], Awaitable[None]]]:
        """For the reader."""
        return dict.fromkeys(self.HEARS, self.score)

    async def again(self, found: Inspection) -> Inspection:
        """Inspect by what counts now, because somebody wants it; the earlier score stays readable beside it."""
        events = await self._log.history(found.conversation, before=found.upto + 1)
        newer = await asyncio.to_thread(inspect, await self._rulebook.active(), events, datetime.now(UTC))
        if newer is None or newer.id == found.id:
            return found
        await self._store.record([newer], deliberate=True)
        await self._log.append(found.conversation, told(newer), cause=f"score:{newer.id}")
        return newer

    async def score(self, event: Event) -> None:
        """At the end, and once more when the customer's rating of a closed conversation comes in."""
        events = await self._log.history(event.conversation, before=event.seq + 1)
        found = await asyncio.to_thread(inspect, await self._rulebook.active(), events, datetime.now(UTC))
        if found is None:
            return
        await self._store.record([found])
        await self._log.append(event.conversation, told(found), cause=f"score:{found.id}")


def inspect(book: Book, events: Sequence[Event], at: datetime) -> Inspection | None:
    """What the rules say of a conversation's facts up to the last one; None while it is open or nobody spoke."""
    now = Conversation(events[0].conversation)
    for event in events:
        now = fold(now, event)
    messages = transcript(events)
    if now.status != "closed" or not messages:
        return None
    rubric, known = book.rubric, attributes(now, events, messages)
    turns = rubric.turns(messages)
    hits = rubric.engine.inspect(view.Conversation(now.id, tuple(turns), known))
    seqs, about = [one.seq for one in messages], subject(messages)
    lines = tuple(line(rubric.rules[hit.rule], hit, seqs) for hit in hits)
    card = book.card.for_subject(about)
    readings = rubric.panel.read(turns)
    judged = judge(card, lines, messages, known, readings)
    ended = next(event.at for event in reversed(events) if isinstance(event.fact, ConversationClosed))
    version = book.card.version if card else 0
    by = f"{rubric.version}/{version}"
    if asked := rubric.engine.models | (card.models() if card else set()):
        by += f"/{rubric.panel.digests(asked)}"
    return Inspection(
        uuid5(NAMESPACE_URL, f"{now.id}/{now.seq}/{by}").hex,
        now.id, now.seq, rubric.version, version, at, ended, about, now.group, now.channel, now.site, now.language,
        now.rating, len(messages), judged.score, judged.score, judged.fatal, judged.band, hits=lines, attributes=known,
        readings=tuple(kept(reading, seqs) for reading in readings),
    )  # fmt: skip


def attributes(now: Conversation, events: Sequence[Event], messages: Sequence[Said]) -> dict[str, Scalar]:
    """What rules may ask about a whole conversation; seconds where it is a time."""
    asked = next((event.at for event in events if isinstance(event.fact, HandoffRequested)), None)
    first = next((one.at for one in messages if one.role == "agent"), None)
    found: dict[str, Scalar] = {
        "channel": now.channel,
        "site": now.site,
        "language": now.language,
        "group": now.group,
        "agent": subject(messages),
        "messages": len(messages),
        "date": now.started_at.isoformat() if now.started_at else None,
        "handed_over": asked is not None,
        "csat": now.rating,
        "wait": (first - asked).total_seconds() if asked and first and first > asked else None,
    }
    return {name: value for name, value in found.items() if value is not None}


def told(found: Inspection) -> Scored:
    """The score as a fact."""
    rules = tuple(dict.fromkeys(line.rule for line in found.hits if line.counts))
    return Scored(found.id, found.rubric, found.card, found.subject, found.score, found.fatal, rules)
