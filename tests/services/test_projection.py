"""How rooms that only keep follow the log."""

import asyncio
from collections.abc import Sequence

import pytest

from conversation.events import ConversationStarted, Event, MessageReceived
from conversation.log import Log, LogUnavailable
from conversation.projection import Projection
from conversation.share import Shares
from conversation.tail import Tail


async def write(log: Log, name: str, *texts: str) -> None:
    await log.append(name, ConversationStarted("k", "widget", "demo", "en"), cause="start")
    for text in texts:
        await log.append(name, MessageReceived(text), cause=f"m{text}")


class Book:
    """Keeps what it was given; can refuse a text, or be away."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.kept: dict[int, str] = {}
        self.refuses = ""
        self.away = False
        self._grown = asyncio.Condition()

    async def take(self, events: Sequence[Event]) -> None:
        if self.away:
            raise LogUnavailable("away")
        texts = {event.seq: event.fact.text for event in events if isinstance(event.fact, MessageReceived)}
        if self.refuses in texts.values():
            raise RuntimeError(self.refuses)
        async with self._grown:
            self.batches.append(list(texts.values()))
            self.kept |= texts
            self._grown.notify_all()

    async def until(self, count: int) -> list[str]:
        async with asyncio.timeout(20), self._grown:
            await self._grown.wait_for(lambda: len(self.kept) >= count)
        return list(self.kept.values())


@pytest.fixture
def book() -> Book:
    return Book()


async def follow(log: Log, book: Book, name: str = "search") -> tuple[Tail, Projection]:
    tail = Tail(log)
    await tail.start()
    projection = Projection(
        name, {MessageReceived}, book.take, shares=Shares(log), tail=tail, pause=0.05, retries=(0.001,)
    )
    projection.start()
    return tail, projection


async def test_what_came_meanwhile_is_one_batch(log: Log, book: Book) -> None:
    await write(log, "c1", "a", "b", "c")
    await write(log, "c2", "d")
    tail, projection = await follow(log, book)
    assert await book.until(4) == ["a", "b", "c", "d"]
    assert book.batches == [["a", "b", "c", "d"]]
    await projection.stop()
    await tail.stop()


async def test_it_goes_on_where_it_stopped(log: Log, book: Book) -> None:
    await write(log, "c1", "a")
    for count in (1, 2):
        tail, projection = await follow(log, book)
        await book.until(count)
        await projection.stop()
        await tail.stop()
        await log.append("c1", MessageReceived("b"), cause="mb")
    assert book.batches == [["a"], ["b"]]


async def test_only_the_poison_of_a_batch_is_parked(log: Log, book: Book) -> None:
    book.refuses = "b"
    await write(log, "c1", "a", "b", "c")
    tail, projection = await follow(log, book)
    assert await book.until(2) == ["a", "c"]
    await projection.stop()
    (parked,) = await log.parked("search")
    assert parked.error.startswith("RuntimeError in take (test_projection.py")
    book.refuses = ""
    assert await projection.replay(parked.seq)
    assert await book.until(3) == ["a", "c", "b"]
    assert not await projection.replay(parked.seq)
    await tail.stop()


async def test_a_store_that_is_away_is_waited_for(log: Log, book: Book) -> None:
    book.away = True
    await write(log, "c1", "a", "b")
    tail, projection = await follow(log, book)
    await asyncio.sleep(0.2)
    book.away = False
    assert await book.until(2) == ["a", "b"]
    assert await log.parked() == []
    await projection.stop()
    await tail.stop()
