"""Suggestions as the customer writes, and what became of them."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from agent_assist.ports import Canned, Conversations, Line, Robot, Source
from agent_assist.rules.dialogue import Moment
from agent_assist.rules.feedback import settle
from agent_assist.rules.repertoire import Match, Repertoire
from agent_assist.rules.solved import whole
from agent_assist.rules.talk import last_asked, moment_of
from agent_assist.rules.telling import says_something
from agent_assist.rules.topic import is_number, topic
from agent_assist.rules.worth import is_quiet, worthwhile
from agent_assist.service.memory import Memory
from conversation.events import (
    AgentAssigned,
    AgentReplied,
    Event,
    Fact,
    MessageReceived,
    Suggested,
    Suggestion,
    SuggestionJudged,
)
from conversation.log import HolderChanged, Log
from conversation.model import Conversation
from knowledge.ports import Answer, Knowledge, Passage, Wish

HISTORY: Final = 60  # facts that are read for a suggestion, however long the conversation is
MATCHES: Final = 10
ALIKE: Final = 30  # past answers whose conversations may make a card
LATE: Final = timedelta(minutes=10)  # after a standstill nobody needs what was asked before it
OTHERS_SECONDS: Final = 0.3  # the library and the bot may take so long, when there is something else to suggest
ALONE_SECONDS: Final = 3.0  # and so much longer when there is not
LIBRARY: Final = "library"
BOT: Final = "bot"
PAST: Final = "past"
NOTHING: Final = Answer("", 0.0, "")

logger: Final = logging.getLogger(__name__)


class Suggest:
    """Decides on the present, records under the message's cause: a fact that is read again suggests nothing twice."""

    HEARS: Final[frozenset[type[Fact]]] = frozenset({MessageReceived, AgentAssigned, AgentReplied})

    def __init__(
        self,
        log: Log,
        conversations: Conversations,
        memory: Memory,
        canned: Canned,
        knowledge: Knowledge | None = None,
        robot: Robot | None = None,
    ) -> None:
        self._log = log
        self._conversations = conversations
        self._memory = memory
        self._canned = canned
        self._knowledge = knowledge
        self._robot = robot
        self._failed = set[str]()

    @property
    def handlers(self) -> Mapping[type[Fact], Callable[[Event], Awaitable[None]]]:
        """For the reader."""
        return {MessageReceived: self.suggest, AgentAssigned: self.suggest, AgentReplied: self.settle}

    @property
    def has_articles(self) -> bool:
        """Is there a knowledge base?"""
        return self._knowledge is not None

    @property
    def without(self) -> list[str]:
        """What suggestions go without just now: library or bot when they failed or were too slow the last time, past
        answers until they are read."""
        return sorted(self._failed | ({PAST} if not self._memory.ready else set()))

    async def suggest(self, event: Event) -> None:
        """The customer wrote to an agent, or an agent got the conversation."""
        now = await self._conversations.load(event.conversation)
        if now.holder.kind != "agent" or now.status != "open" or datetime.now(UTC) - event.at > LATE:
            return
        events = await self._log.history(event.conversation, limit=HISTORY)
        asked = last_asked(events)
        if asked is None or (isinstance(event.fact, MessageReceived) and asked.seq != event.seq):
            return  # answered meanwhile, or more was asked, which has its own turn
        said = {one.fact.text for one in events if isinstance(one.fact, AgentReplied)}
        fitting = await self.fitting(moment_of(events, asked), now)
        found = [one for one in fitting if one.source != "past" or one.text not in said]
        if not found:
            return
        fact = Suggested(asked.seq, now.holder.agent, tuple(found))
        try:
            await self._log.append(now.id, fact, cause=f"assist:{asked.seq}:{now.holder.agent}", only_while=now.holder)
        except HolderChanged:
            return

    async def fitting(self, moment: Moment, now: Conversation) -> list[Suggestion]:
        """What the holder may say, best first; [] when nothing is worth saying."""
        if is_quiet(moment, self._memory.models.waiting):
            return []
        canned = await self._canned.lines(now.holder.agent, now)
        others = {
            asyncio.create_task(self._articles(moment, now.language)): LIBRARY,
            asyncio.create_task(self._robots(moment.asked, now)): BOT,
        }
        try:
            found = await self._said(moment, now, canned)
            done, late = await asyncio.wait(others, timeout=OTHERS_SECONDS)
            found += self._told({others[task]: task for task in done})
            if late and not worthwhile(found):
                done, late = await asyncio.wait(late, timeout=ALONE_SECONDS)
                found += self._told({others[task]: task for task in done})
        finally:
            for task in others:
                task.cancel()
        for task in late:
            self._goes_without(others[task], "too slow")
        return [_suggestion(one.line, likely) for one, likely in worthwhile(found)]

    async def _said(self, moment: Moment, now: Conversation, canned: Sequence[Line]) -> list[tuple[Match, float]]:
        """Canned replies, past answers, and conversations like this one that ended well."""
        memory = self._memory
        lines, alike = await memory.work(self._lines, moment, now.language, canned)
        lines += await memory.solved(alike, now.id)
        return [(one, memory.models.scale.likely(one)) for one in lines if says_something(one.line.text, moment.asked)]

    def _lines(self, moment: Moment, language: str, canned: Sequence[Line]) -> tuple[list[Match], list[Match]]:
        past, own = self._memory.past, Repertoire.of(canned, self._memory.models.replies)
        said = [one for one in past.match(moment, language, MATCHES) if one.line.text not in self._memory.fillers]
        return said + own.match(moment, language, MATCHES), past.close(whole(moment), language, ALIKE)

    async def _articles(self, moment: Moment, language: str) -> list[Match]:
        """What the library answers to the newest message, or to all that is unanswered when it is surer of that; and
        what else it found, as far as that covers what was asked. In either language: an agent can read what they could
        not send."""
        if self._knowledge is None:
            return []
        said = (text for text in (moment.newest, moment.asked) if not is_number(text))
        asked = dict.fromkeys(topic(text, moment.earlier) for text in said)
        answers = [await self._knowledge.answer(Wish(text, "staff")) for text in asked if text]
        answer = max(answers, key=lambda one: one.sure, default=NOTHING)
        best = [Match(_article(answer.hit.passage, language, answer.text), answer.sure, 0.0)] if answer.hit else []
        return best + [Match(_article(hit.passage, language), hit.carries, 0.0) for hit in answer.others]

    async def _robots(self, asked: str, now: Conversation) -> list[Match]:
        answer = await self._robot.answer(now, asked) if self._robot else None
        return [Match(Line("bot", "", answer[0], asked, now.language), answer[1], 0.0)] if answer else []

    def _told(self, asked: Mapping[str, asyncio.Task[list[Match]]]) -> list[tuple[Match, float]]:
        """What others said, as sure as they are; when one failed, the rest goes on without it."""
        found = list[Match]()
        for name, task in asked.items():
            if error := task.exception():
                self._goes_without(name, type(error).__name__)
            else:
                self._failed.discard(name)
                found += task.result()
        return [(one, self._memory.models.scale.moved(one.line.source, one.words)) for one in found]

    def _goes_without(self, name: str, why: str) -> None:
        self._failed.add(name)
        logger.warning("suggestions go without the %s: %s", name, why)

    async def settle(self, event: Event) -> None:
        """The agent answered: say what became of the suggestions, once."""
        assert isinstance(event.fact, AgentReplied)
        events = await self._log.history(event.conversation, before=event.seq, limit=HISTORY)
        since = next(
            (place for place in range(len(events), 0, -1) if isinstance(events[place - 1].fact, AgentReplied)), 0
        )
        suggested = next((one for one in reversed(events[since:]) if isinstance(one.fact, Suggested)), None)
        if suggested is None:
            return
        assert isinstance(suggested.fact, Suggested)
        if suggested.fact.agent != event.fact.agent:
            return
        judged = [one.fact for one in events[since:] if isinstance(one.fact, SuggestionJudged)]
        seconds = (event.at - suggested.at).total_seconds()
        fact = settle(suggested.seq, suggested.fact, judged, event.seq, event.fact, seconds)
        await self._log.append(event.conversation, fact, cause=f"settled:{event.seq}")


def _article(passage: Passage, language: str, quote: str = "") -> Line:
    """A pair in the customer's language can be sent as it is; all else is a card: its source, and the words that
    answer."""
    sendable = passage.kind == "pair" and passage.language in ("", language)
    source: Source = "faq" if sendable else "article"
    title = passage.question or " · ".join(filter(None, (passage.title, passage.heading)))
    text, whole = (quote, passage.text) if quote and quote != passage.text else (passage.text, "")
    return Line(
        source, passage.id, text, passage.question or passage.text, passage.language, title, passage.link, whole
    )


def _suggestion(line: Line, likely: float) -> Suggestion:
    return Suggestion(line.source, line.ref, round(likely, 3), line.text, line.title, line.link, line.whole)
