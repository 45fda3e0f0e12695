"""Agent assist on one log, with doubles of what it asks."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from typing import TypeVar

from agent_assist.ports import Line
from agent_assist.rules.models import Models
from agent_assist.service.memory import Memory
from agent_assist.service.suggest import Suggest
from agent_assist.service.write import Write
from agent_assist.store.answers import Answers
from conversation.events import (
    AgentAssigned,
    AgentReplied,
    ConversationClosed,
    ConversationStarted,
    Event,
    Fact,
    MessageReceived,
    Rated,
    Suggested,
    SuggestionSettled,
)
from conversation.model import Conversation
from conversation.sql import SqlLog
from knowledge.ports import Answer, Hit, Passage, Wish
from language.llm import Llm, LlmUnavailable

T = TypeVar("T")

SHIPPING = "满 99 元包邮。不满的收 8 元。"
INVOICE = "电子发票已经发到您的邮箱，请查收"


class Shelf:
    async def lines(self, agent: str, conversation: Conversation) -> Sequence[Line]:
        return [Line("canned", "k1", INVOICE, trigger, "zh", "开发票") for trigger in ("开发票", INVOICE)]

    async def texts(self) -> Collection[str]:
        return {INVOICE}


class Empty(Shelf):
    async def lines(self, agent: str, conversation: Conversation) -> Sequence[Line]:
        return []

    async def texts(self) -> Collection[str]:
        return set()


class Refused:
    """Proposals that were refused."""

    def __init__(self) -> None:
        self._texts = set[str]()

    async def texts(self) -> Collection[str]:
        return self._texts

    async def add(self, text: str, by: str) -> None:
        self._texts.add(text)


class Library:
    def __init__(self) -> None:
        self.broken = False
        self.seconds = 0.0

    async def search(self, wish: Wish) -> list[Hit]:
        passage = Passage("d1", 0, SHIPPING, question="运费怎么算", language="zh")
        return [Hit(passage, 1.0, 0.9 if "运费" in wish.text else 0.0)]

    async def answer(self, wish: Wish) -> Answer:
        if self.broken:
            raise OSError("the disk is gone")
        await asyncio.sleep(self.seconds)
        (hit,) = await self.search(wish)
        if hit.carries == 0:
            return Answer("", 0.1, "zh", others=(hit,))
        return Answer(SHIPPING[:9], 0.8, "zh", hit)


class Bot:
    said: tuple[str, float] | None = None
    seconds = 0.0

    async def answer(self, now: Conversation, asked: str) -> tuple[str, float] | None:
        await asyncio.sleep(self.seconds)
        return self.said


class Model:
    """A language model that says one thing, or nothing any more; it remembers what left the house."""

    def __init__(self, says: str) -> None:
        self.says = says
        self.told: list[str] = []
        self.instructions: list[str] = []

    async def ask(self, instruction: str, passages: Sequence[str], names: Collection[str] = ()) -> str:
        self.told += passages
        self.instructions.append(instruction)
        if not self.says:
            raise LlmUnavailable("away")
        return self.says

    def stream(self, instruction: str, passages: Sequence[str], names: Collection[str] = ()) -> AsyncIterator[str]:
        raise NotImplementedError


class Room:
    """Assist on one log, read by hand."""

    def __init__(self, log: SqlLog, models: Models, read: Callable[[], Models] | None = None) -> None:
        self.log = log
        self.library = Library()
        self.memory = Memory(log, log, Answers(log.transactions), read or (lambda: models))
        self.bot = Bot()
        self.suggest = Suggest(log, log, self.memory, Shelf(), self.library, self.bot)
        self._told = 0

    async def tell(self, fact: Fact, id: str = "c1") -> Event:
        self._told += 1
        return (await self.log.append(id, fact, cause=f"n{self._told}")).events[-1]

    async def begin(self, id: str = "c1") -> None:
        await self.tell(ConversationStarted("k", "widget", "demo", "zh"), id)
        await self.tell(AgentAssigned("小美", "a1"), id)

    async def asked(self, text: str, id: str = "c1") -> list[Suggested]:
        event = await self.tell(MessageReceived(text), id)
        for _ in range(2):  # a reader may read a fact again
            await self.suggest.suggest(event)
        return await self.found(Suggested, id)

    def write(self, llm: Llm | None = None) -> Write:
        return Write(self.log, self.memory, Shelf(), {}, llm)

    async def solved(self, id: str, *talk: tuple[str, str], rating: int = 5) -> None:
        """A conversation that is over."""
        await self.begin(id)
        for asked, reply in talk:
            await self.asked(asked, id)
            await self.answered(reply, id)
        await self.tell(ConversationClosed("a1"), id)
        await self.memory.take([await self.tell(Rated(rating), id)])
        await self.memory.refresh()

    async def answered(self, text: str, id: str = "c1") -> list[SuggestionSettled]:
        event = await self.tell(AgentReplied("小美", "a1", text), id)
        for _ in range(2):
            await self.suggest.settle(event)
            await self.memory.take([event])
        return await self.found(SuggestionSettled, id)

    async def found(self, kind: type[T], id: str = "c1") -> list[T]:
        return [one.fact for one in await self.log.history(id) if isinstance(one.fact, kind)]
