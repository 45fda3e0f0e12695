"""How rooms follow the log."""

import asyncio
from collections import defaultdict

from conversation.events import (
    ConversationStarted,
    Event,
    HandoffRequested,
    MessageReceived,
)
from conversation.log import Log
from conversation.reader import Pace, Reader
from conversation.share import Shares
from conversation.tail import Tail

QUICK = Pace(retries=(0.001, 0.001))


async def write(log: Log, name: str, count: int) -> None:
    await log.append(name, ConversationStarted("k", "widget", "demo", "en"), cause="start")
    for n in range(count):
        await log.append(name, MessageReceived(str(n)), cause=f"m{n}")


async def follow(log: Log) -> Tail:
    tail = Tail(log)
    await tail.start()
    return tail


async def test_two_processes_share_the_work_and_each_fact_is_handled_in_order(
    log: Log,
) -> None:
    seen: defaultdict[str, list[str]] = defaultdict(list)
    done = asyncio.Event()

    async def handle(event: Event) -> None:
        assert isinstance(event.fact, MessageReceived)
        await asyncio.sleep(0)
        seen[event.conversation].append(event.fact.text)
        if sum(map(len, seen.values())) == 100:
            done.set()

    tails = [await follow(log), await follow(log)]
    readers = [Reader("bot", {MessageReceived: handle}, shares=Shares(log), tail=tail, pace=QUICK) for tail in tails]
    for reader in readers:
        reader.start()
    await asyncio.gather(*(write(log, f"c{n}", 10) for n in range(10)))
    async with asyncio.timeout(30):
        await done.wait()
    for reader in readers:
        await reader.stop()
    for tail in tails:
        await tail.stop()
    assert all(texts == [str(n) for n in range(10)] for texts in seen.values())


async def test_a_new_reader_goes_on_where_the_last_one_stopped(log: Log) -> None:
    seen: asyncio.Queue[str] = asyncio.Queue()

    async def handle(event: Event) -> None:
        assert isinstance(event.fact, MessageReceived)
        seen.put_nowait(event.fact.text)

    await write(log, "c1", 2)
    for expected in (["0", "1"], ["more"]):
        tail = await follow(log)
        reader = Reader("bot", {MessageReceived: handle}, shares=Shares(log), tail=tail, pace=QUICK)
        reader.start()
        async with asyncio.timeout(20):
            assert [await seen.get() for _ in expected] == expected
        await reader.stop()
        await tail.stop()
        await log.append("c1", MessageReceived("more"), cause="more")
    assert seen.empty()


async def test_poison_is_parked_and_the_rest_goes_on(log: Log) -> None:
    seen: asyncio.Queue[str] = asyncio.Queue()
    broken = True

    async def handle(event: Event) -> None:
        assert isinstance(event.fact, MessageReceived)
        if event.fact.text == "1" and broken:
            raise RuntimeError(event.fact.text)
        seen.put_nowait(event.fact.text)

    tail = await follow(log)
    reader = Reader("bot", {MessageReceived: handle}, shares=Shares(log), tail=tail, pace=QUICK)
    reader.start()
    await write(log, "c1", 3)
    async with asyncio.timeout(20):
        assert [await seen.get(), await seen.get()] == ["0", "2"]
    await reader.stop()
    await tail.stop()
    (parked,) = await log.parked("bot")
    assert parked.error.startswith("RuntimeError in handle (test_reader.py")
    broken = False
    assert await reader.replay(parked.seq)
    assert seen.get_nowait() == "1"
    assert not await reader.replay(parked.seq)
    assert await log.parked() == []


async def test_a_slow_conversation_delays_no_other(log: Log) -> None:
    release = asyncio.Event()
    seen: asyncio.Queue[str] = asyncio.Queue()

    async def handle(event: Event) -> None:
        if event.conversation == "slow":
            await release.wait()
        seen.put_nowait(event.conversation)

    tail = await follow(log)
    reader = Reader("desk", {HandoffRequested: handle}, shares=Shares(log), tail=tail, pace=QUICK)
    reader.start()
    for name in ("slow", "quick"):
        await write(log, name, 0)
        await log.append(name, HandoffRequested("asked"), cause="h")
    async with asyncio.timeout(20):
        assert await seen.get() == "quick"
        release.set()
        assert await seen.get() == "slow"
    await reader.stop()
    await tail.stop()
