"""Learns from the log how entries are used, what stayed unanswered, and what agents know beside the library."""

from collections.abc import Sequence
from typing import Final

from conversation.events import (
    AgentReplied,
    ConversationClosed,
    Event,
    Fact,
    MessageReceived,
    QuestionMissed,
    Redacted,
    SourceGiven,
    SourceJudged,
)
from conversation.log import Log
from knowledge.ports import Wish
from knowledge.rules.pairs import ALIKE, Said, alike, pairs_in
from knowledge.service.library import Library
from knowledge.service.likeness import same
from knowledge.service.search import Search
from knowledge.store.entries import origin
from knowledge.store.uses import Gap, Use, Uses
from language.detect import language_of
from language.pii import mask

QUESTION: Final = 500  # letters that are kept
CONTENT: Final = 3  # the rating from which on a conversation went well
PROPOSALS: Final = 200  # that wait for a person; then no more are made


class Noticing:
    """Only keeps; follows the log in batches."""

    HEARS: Final[frozenset[type[Fact]]] = frozenset(
        {SourceGiven, SourceJudged, QuestionMissed, Redacted, ConversationClosed}
    )

    def __init__(self, log: Log, uses: Uses, library: Library, search: Search) -> None:
        self._log = log
        self._uses = uses
        self._library = library
        self._search = search

    async def take(self, events: Sequence[Event]) -> None:
        """Answers were given, judged or missed, or a question was erased."""
        used, missed, erased = list[Use](), list[Gap](), list[int]()
        for event in events:
            match event.fact:
                case SourceGiven(entry=entry):
                    used.append(Use(f"seq:{event.seq}", entry, "given", event.at))
                case SourceJudged(entry=entry, helpful=helpful):
                    used.append(Use(f"seq:{event.seq}", entry, "helpful" if helpful else "unhelpful", event.at))
                case QuestionMissed(seq=seq):
                    missed.extend(await self._question(event, seq))
                case Redacted(target=target):
                    erased.append(target)
                    await self._library.entries.erase(event.conversation, target)
                case ConversationClosed():
                    await self._propose(event.conversation)
        await self._uses.keep(used, [gap for gap in missed if gap.seq not in erased], erased)

    async def _propose(self, conversation: str) -> None:
        """What an agent answered in a conversation that went well, unless the library has it or it is proposed."""
        now = await self._log.load(conversation)
        if not now.answered_seq or (now.rating is not None and now.rating < CONTENT):
            return
        said = [told for event in await self._log.history(conversation) if (told := _said(event))]
        for asked, answered in pairs_in(said):
            question = asked.text
            hits = await self._search.search(Wish(question, "staff", limit=3))
            if not any(same(question, hit) for hit in hits) and not await self._proposed(question):
                note = origin(conversation, asked.seq, answered.seq)
                await self._library.propose(question, answered.text, note)

    async def _proposed(self, question: str) -> bool:
        found, _ = await self._library.entries.page(states=["proposed"], limit=PROPOSALS, offset=0)
        return len(found) >= PROPOSALS or any(alike(question, one.title) >= ALIKE for one in found)

    async def _question(self, event: Event, seq: int) -> list[Gap]:
        """The question without personal numbers; [] when its words are erased or it has none."""
        asked = await self._log.event(seq)
        if asked is None or asked.redacted or not isinstance(asked.fact, MessageReceived):
            return []
        text = mask(asked.fact.text.strip())[:QUESTION]
        return [Gap(seq, event.conversation, event.at, language_of(text), text)] if text else []


def _said(event: Event) -> Said | None:
    if event.redacted or not isinstance(event.fact, MessageReceived | AgentReplied):
        return None
    return Said("customer" if isinstance(event.fact, MessageReceived) else "agent", event.fact.text, event.seq)
