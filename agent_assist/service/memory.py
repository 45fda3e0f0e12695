"""Past answers, kept as the log tells of them, and in memory as a repertoire that is ready when asked."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, TypeVar

from agent_assist.ports import Conversations, Line
from agent_assist.rules.models import Models, OtherForm
from agent_assist.rules.repertoire import Match, Repertoire
from agent_assist.rules.solved import cards
from agent_assist.rules.talk import last_asked, may_be_reused, moment_of
from agent_assist.rules.topic import is_small_talk, topic
from agent_assist.rules.writing import Prefixes
from agent_assist.store.answers import Answer, Answers
from conversation.events import (
    AgentReplied,
    Event,
    Fact,
    Rated,
    Redacted,
    Suggested,
    SuggestionJudged,
    WrappedUp,
)
from conversation.log import Log

T = TypeVar("T")

CONTEXT: Final = 40  # facts before an answer that may belong to what it answers
NEWEST: Final = 100_000
MOST: Final = 110_000  # in memory; beyond, the newest are kept
PAGE: Final = 2000
PAUSE_SECONDS: Final = 5.0
GOOD: Final = 4
BAD: Final = 2

logger: Final = logging.getLogger(__name__)


class Memory:
    """One worker thread does all that takes more than a moment, so that the event loop never waits."""

    HEARS: Final[frozenset[type[Fact]]] = frozenset({AgentReplied, Rated, WrappedUp, Redacted, SuggestionJudged})

    def __init__(self, log: Log, conversations: Conversations, answers: Answers, models: Callable[[], Models]) -> None:
        self._log = log
        self._conversations = conversations
        self._answers = answers
        self._read_models = models
        self._thread = ThreadPoolExecutor(1, "kefu-assist")
        self._start = self._seq = 0
        self._refused, self._unknown = "", Models()
        self.models = Models()
        self.past = Repertoire.of((), None)
        self.fillers = frozenset[str]()
        self.prefixes = Prefixes(())
        self.ready = False

    async def take(self, events: Sequence[Event]) -> None:
        """Answers were given, conversations ended well or badly, words were erased."""
        found, ended, gone = list[Answer](), list[tuple[str, int]](), list[int]()
        for event in events:
            match event.fact:
                case AgentReplied() if not event.redacted:
                    found += await self._answer(event)
                case Rated(score=score) if score >= GOOD or score <= BAD:
                    ended.append((event.conversation, 1 if score >= GOOD else -1))
                case WrappedUp(resolved=resolved):
                    ended.append((event.conversation, 1 if resolved else -1))
                case Redacted(target=target):
                    gone.append(target)
                case SuggestionJudged(verdict="wrong", suggested=seq, number=number):
                    gone += await self._source(seq, number)
        await self._answers.keep(found, ended, gone)

    async def _source(self, seq: int, number: int) -> list[int]:
        """The past answer that a suggestion came from: one that an agent called wrong is given to nobody again."""
        event = await self._log.event(seq)
        if event is None or not isinstance(event.fact, Suggested) or number >= len(event.fact.suggestions):
            return []
        one = event.fact.suggestions[number]
        return [int(one.ref)] if one.source == "past" else []

    async def _answer(self, event: Event) -> list[Answer]:
        assert isinstance(event.fact, AgentReplied)
        before = await self._log.history(event.conversation, before=event.seq, limit=CONTEXT)
        asked = last_asked(before)
        now = await self._conversations.load(event.conversation)
        if asked is None or not may_be_reused(event.fact.text, now.contact_name):
            return []
        if not (moment := moment_of(before, asked)).asked:
            return []
        answer = Answer(
            event.seq,
            asked.seq,
            event.conversation,
            event.at,
            event.fact.agent,
            now.language,
            moment.asked,
            moment.said,
            moment.earlier,
            moment.nth,
            event.fact.text,
        )
        return [answer]

    async def run(self) -> None:
        """Keep the repertoire in step with the store and with the models on disk, until cancelled."""
        while True:
            try:
                await self.refresh()
            except Exception as error:
                logger.error("past answers could not be read and are tried again: %s", type(error).__name__)
            await asyncio.sleep(PAUSE_SECONDS)

    async def refresh(self) -> None:
        """Take in what is new and let go of what is gone; begin anew when there is another model."""
        models = await self.work(self._known)
        past, seq = self.past, self._seq
        if models is not self.models or not self.ready:
            past = Repertoire.of((), models.replies)
            seq = self._start = await self._answers.start_of(NEWEST)
        elif len(past.lines) > MOST:
            self._start = await self._answers.start_of(NEWEST)
        if await self._answers.count(self._start, seq) != len(past.lines):
            living = await self._answers.seqs(self._start, seq)
            past = await self.work(past.only, {str(one) for one in living})
        while page := await self._answers.after(seq, PAGE):
            lines = [line_of(one) for one in page]
            # Without a model the first lines say how rare a word is.
            grow = past.with_more if past.lines or past.model else lambda more: Repertoire.of(more, None)
            past, seq = await self.work(grow, lines), page[-1].seq
        if past is not self.past:
            self.fillers = await self.work(past.fillers)
            self.prefixes = await self.work(lambda: Prefixes(line.text for line in past.lines))
        self.models, self.past, self._seq, self.ready = models, past, seq, True

    def _known(self) -> Models:
        """The models; none where they are of another version, which is told once: until there are new ones, words
        decide."""
        try:
            return self._read_models()
        except OtherForm as error:
            if self._refused != str(error):
                logger.error("%s", error)
                self._refused, self._unknown = str(error), Models()
            return self._unknown

    async def solved(self, alike: Sequence[Match], but: str) -> list[Match]:
        """Conversations that ended well and hold one of these past answers, as cards; `but` is this conversation."""
        told: dict[str, list[tuple[str, str]]] = {}
        conversation_of: dict[str, str] = {}
        for one in await self._answers.solved([int(match.line.ref) for match in alike], but) if alike else ():
            told.setdefault(one.conversation, []).append((f"{one.earlier} {one.asked}".strip(), one.reply))
            conversation_of[str(one.seq)] = one.conversation
        return cards(alike, conversation_of, told)

    async def work(self, work: Callable[..., T], *told: Any) -> T:
        """Do it on the room's own thread."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, *told)

    def close(self) -> None:
        """Let what runs finish."""
        self._thread.shutdown()


def line_of(answer: Answer) -> Line:
    """A past answer as something that can be said again; after a mere yes it answers what was asked before."""
    meant = topic(answer.asked, answer.earlier)
    asked = f"{meant} {answer.earlier}".strip() if is_small_talk(meant) else meant
    return Line("past", str(answer.seq), answer.reply, asked, answer.language)
