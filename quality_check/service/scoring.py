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
from quality_check.rules.engine import score
from quality_check.rules.transcript import Said, spots, subject, transcript
from quality_check.rules.view import Hit, Scalar
from quality_check.service.rulebook import Rubric, Rulebook
from quality_check.store.inspections import Inspection, InspectionStore, Line


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

    async def score(self, event: Event) -> None:
        """At the end, and once more when the customer's rating of a closed conversation comes in."""
        events = await self._log.history(event.conversation, before=event.seq + 1)
        found = await asyncio.to_thread(inspect, await self._rulebook.active(), events, datetime.now(UTC))
        if found is None:
            return
        await self._store.record([found])
        await self._log.append(event.conversation, told(found), cause=f"score:{found.id}")


def inspect(rubric: Rubric, events: Sequence[Event], at: datetime) -> Inspection | None:
    """What the rubric says of a conversation's facts up to the last one; None while it is open or nobody spoke."""
    now = Conversation(events[0].conversation)
    for event in events:
        now = fold(now, event)
    messages = transcript(events)
    if now.status != "closed" or not messages:
        return None
    known = attributes(now, events, messages)
    hits = rubric.engine.inspect(view.Conversation(now.id, tuple(one.turn() for one in messages), known))
    ended = next(event.at for event in reversed(events) if isinstance(event.fact, ConversationClosed))
    machine, seqs = score(hits), [one.seq for one in messages]
    id = uuid5(NAMESPACE_URL, f"{now.id}/{now.seq}/{rubric.version}").hex
    return Inspection(
        id, now.id, now.seq, rubric.version, 0, at, ended, subject(messages), now.group, now.channel, now.site,
        now.language, now.rating, len(messages), machine, machine, any(hit.fatal for hit in hits),
        hits=tuple(_line(rubric, hit, seqs) for hit in hits), attributes=known,
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
        "handed_over": asked is not None,
        "csat": now.rating,
        "wait": (first - asked).total_seconds() if asked and first and first > asked else None,
    }
    return {name: value for name, value in found.items() if value is not None}


def told(found: Inspection) -> Scored:
    """The score as a fact."""
    rules = tuple(dict.fromkeys(line.rule for line in found.hits if line.counts))
    return Scored(found.id, found.rubric, found.card, found.subject, found.score, found.fatal, rules)


def _line(rubric: Rubric, hit: Hit, seqs: Sequence[int]) -> Line:
    return Line(hit.rule, hit.score, hit.fatal, rubric.rules[hit.rule].severity, spots(hit, seqs))
