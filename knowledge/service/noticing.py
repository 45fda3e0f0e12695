"""Learns from the log how entries are used, and what stayed unanswered."""

from collections.abc import Sequence
from typing import Final

from conversation.events import Event, Fact, MessageReceived, QuestionMissed, Redacted, SourceGiven, SourceJudged
from conversation.log import Log
from knowledge.store.uses import Gap, Use, Uses
from language.detect import language_of
from language.pii import mask

QUESTION: Final = 500  # letters that are kept


class Noticing:
    """Only keeps; follows the log in batches."""

    HEARS: Final[frozenset[type[Fact]]] = frozenset({SourceGiven, SourceJudged, QuestionMissed, Redacted})

    def __init__(self, log: Log, uses: Uses) -> None:
        self._log = log
        self._uses = uses

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
        await self._uses.keep(used, [gap for gap in missed if gap.seq not in erased], erased)

    async def _question(self, event: Event, seq: int) -> list[Gap]:
        """The question without personal numbers; [] when its words are erased or it has none."""
        asked = await self._log.event(seq)
        if asked is None or asked.redacted or not isinstance(asked.fact, MessageReceived):
            return []
        text = mask(asked.fact.text.strip())[:QUESTION]
        return [Gap(seq, event.conversation, event.at, language_of(text), text)] if text else []
