"""Every message inspected as it comes: `Flagged` when a rule hits for certain, and an alert when it is severe."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from conversation.events import AlertRaised, ConversationClosed, Event, Fact, Flagged, RuleHit
from conversation.log import Log
from quality_check.rules.knowing import TELLS, learned
from quality_check.rules.transcript import TURNS, said, spots
from quality_check.rules.view import Hit, Scalar, Turn
from quality_check.service.rulebook import Rubric, Rulebook

FOLLOWED: Final = 20_000  # conversations remembered at once
RECENT: Final = 64
HEARD: Final = (*TURNS, *TELLS)
RECALLED: Final = 500  # facts read of a conversation that is not remembered, to foresee
LATE: Final = timedelta(minutes=10)  # nobody is warned of what was said before


class Followed:
    """One conversation as far as it was heard."""

    def __init__(self, rubric: Rubric, past: Iterable[Event]) -> None:
        self.rubric = rubric
        self.last: int | None = None  # of the facts that are heard
        self._known: dict[str, Scalar] = {}
        self._seqs: list[int] = []
        self._inspection = rubric.engine.begin({})
        for event in past:
            self.hear(event)

    @property
    def message(self) -> int | None:
        """The message heard last."""
        return self._seqs[-1] if self._seqs else None

    def hear(self, event: Event) -> list[RuleHit]:
        """What is certain since this fact."""
        hits: list[Hit] = []
        if isinstance(event.fact, HEARD):
            self.last = event.seq
        if changes := learned(event, self._known):
            self._known |= changes
            hits += self._inspection.learn(changes)
        if one := said(event):
            self._seqs.append(one.seq)
            [turn] = self.rubric.turns([one])
            hits += self._inspection.hear(turn)
        return [self.rubric.told(hit, spots(hit, self._seqs)) for hit in hits]

    def foresee(self, text: str) -> list[RuleHit]:
        """What would cost points, also again, if an agent said this; when they said it does not count."""
        heard = self._inspection.foresee(*self.rubric.panel.mark([Turn("agent", text)], self.rubric.engine.models))
        return [self.rubric.told(hit, ()) for hit in heard if hit.score < 0 or hit.fatal]


class Watch:
    """Remembers running conversations, so that a message costs the same however many came before."""

    HEARS: Final[frozenset[type[Fact]]] = frozenset({*HEARD, ConversationClosed})

    def __init__(self, log: Log, rulebook: Rulebook) -> None:
        self._log = log
        self._rulebook = rulebook
        self._followed: OrderedDict[str, Followed] = OrderedDict()
        self._recent: OrderedDict[str, deque[int]] = OrderedDict()  # each conversation's latest facts

    def notice(self, event: Event) -> None:
        """Every new event passes here before it is taken, also those that another process takes."""
        if not isinstance(event.fact, HEARD):
            return
        self._recent.setdefault(event.conversation, deque(maxlen=RECENT)).append(event.seq)
        self._recent.move_to_end(event.conversation)
        if len(self._recent) > FOLLOWED:
            self._recent.popitem(last=False)

    async def take(self, events: Sequence[Event]) -> None:
        """Inspect new facts in order, and record what was found under a cause of the fact's."""
        rubric, now = (await self._rulebook.active()).rubric, datetime.now(UTC)
        found = []
        for event in events:
            if isinstance(event.fact, ConversationClosed):
                self._followed.pop(event.conversation, None)
            elif now - event.at < LATE:
                followed = await self._follow(event, rubric)
                if hits := followed.hear(event):
                    found.append(self._tell(event, followed, hits))
        await asyncio.gather(*found)

    async def foresee(self, conversation: str, text: str) -> list[RuleHit]:
        """What costs points and would be certain if an agent said this now; nothing is recorded."""
        rubric = (await self._rulebook.active()).rubric
        kept, recent = self._followed.get(conversation), self._recent.get(conversation)
        if kept is None or recent is None or kept.rubric is not rubric or kept.last != recent[-1]:
            past = await self._log.history(conversation, limit=RECALLED)
            kept = await asyncio.to_thread(Followed, rubric, past)
        return kept.foresee(text)

    async def _follow(self, event: Event, rubric: Rubric) -> Followed:
        """What is remembered, or made again: after a restart, a new rubric, or facts another process heard."""
        kept = self._followed.get(event.conversation)
        if kept is None or kept.rubric is not rubric or kept.last != self._before(event):
            past = await self._log.history(event.conversation, before=event.seq)
            kept = self._followed[event.conversation] = await asyncio.to_thread(Followed, rubric, past)
        self._followed.move_to_end(event.conversation)
        if len(self._followed) > FOLLOWED:
            self._followed.popitem(last=False)
        return kept

    def _before(self, event: Event) -> int | None:
        """The fact right before this one, as far as this process knows."""
        recent = self._recent.get(event.conversation, ())
        return next((seq for seq in reversed(recent) if seq < event.seq), None)

    async def _tell(self, event: Event, followed: Followed, hits: Sequence[RuleHit]) -> None:
        facts: list[Fact] = [Flagged(followed.message or event.seq, followed.rubric.version, tuple(hits))]
        if grave := next((hit for hit in hits if hit.fatal or hit.severity == "severe"), None):
            facts.append(AlertRaised("quality", f"{grave.zh} · {grave.en}" if grave.zh != grave.en else grave.zh))
        await self._log.append(event.conversation, *facts, cause=f"flag:{event.seq}")
