"""Learns from the log, and keeps what was learned only when it is no worse."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from agent_assist.rules.dialogue import Dialogue
from agent_assist.rules.learning import Settled, learn
from agent_assist.rules.measures import reply_ranks
from agent_assist.rules.models import Models
from agent_assist.rules.talk import may_be_reused, turns_of
from conversation.codec import timestamp
from conversation.events import AgentReplied, Event, Suggested, SuggestionSettled
from conversation.log import Log

NEWEST: Final = 20_000  # conversations
PAGE: Final = 500
HELD_OUT: Final = 10  # every so many, the newest, are asked and not learned from
WORSE: Final = 0.02  # mean reciprocal rank that chance may cost


@dataclass(frozen=True, slots=True)
class Trained:
    """What came of it: `kept` is False when the old model did better on the newest conversations."""

    conversations: int
    models: Models
    before: float | None
    after: float | None

    @property
    def kept(self) -> bool:
        """Is it no worse than what was there?"""
        return self.before is None or (self.after is not None and self.after >= self.before - WORSE)


async def train(log: Log, old: Models) -> Trained:
    """Learn anew from all, after the newest tenth has been asked of a model that did not see it."""
    dialogues, settled = await _dialogues(log), await _settled(log, old.trained)
    now = timestamp(datetime.now(UTC))
    cut = len(dialogues) - len(dialogues) // HELD_OUT

    def work() -> Trained:
        tried = learn(dialogues[:cut], old.scale, (), now)
        after, before = _mrr(tried, dialogues[cut:]), _mrr(old, dialogues[cut:])
        return Trained(len(dialogues), learn(dialogues, old.scale, settled, now), before, after)

    return await asyncio.to_thread(work)


def _mrr(models: Models, asked: Sequence[Dialogue]) -> float | None:
    ranks = reply_ranks(models.replies, asked) if models.replies else []
    return sum(1 / rank for rank in ranks) / len(ranks) if ranks else None


async def _dialogues(log: Log) -> list[Dialogue]:
    """Conversations in which an agent answered, oldest first; answers that are true of one customer alone left out."""
    ids: dict[str, None] = {}
    before: int | None = None
    while len(ids) < NEWEST and (page := await log.of_kinds(["AgentReplied"], before=before, limit=PAGE)):
        ids |= dict.fromkeys(event.conversation for event in page)
        before = page[-1].seq
    found = []
    for id in reversed(ids):
        now, events = await log.load(id), await log.history(id)
        kept = [one for one in events if not _is_private(one, now.contact_name)]
        known = {"channel": now.channel, "language": now.language, "group": now.group}
        found.append(Dialogue(id, tuple(turns_of(kept)), known))
    return found


def _is_private(event: Event, contact: str) -> bool:
    return isinstance(event.fact, AgentReplied) and not may_be_reused(event.fact.text, contact)


async def _settled(log: Log, since: str) -> list[Settled]:
    """Suggestions and what became of them, newest first: those made after `since`, as the scale was moved by the rest
    already."""
    found = []
    for event in await log.of_kinds(["SuggestionSettled"], limit=NEWEST):
        assert isinstance(event.fact, SuggestionSettled)
        suggested = await log.event(event.fact.suggested)
        if suggested is not None and isinstance(suggested.fact, Suggested) and timestamp(suggested.at) > since:
            found.append((suggested.fact, event.fact))
    return found
