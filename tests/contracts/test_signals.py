"""The signals' contract, in process and over Redis."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from time import process_time
from typing import Any

import pytest
import uvloop
from redis.asyncio import Redis

from conversation.redis import RedisSignals
from conversation.signals import SWEPT, LocalSignals, Signals
from tests.servers.redis import RedisServer


async def over_redis() -> tuple[RedisServer, RedisSignals, RedisSignals]:
    """Two that listen, over a server of their own."""
    server = RedisServer()
    await server.start()
    here, there = RedisSignals(server.url), RedisSignals(server.url)
    for signals in (here, there):
        signals.start()
        await signals.listening.wait()
    return server, here, there


@pytest.fixture(params=["local", "redis"])
async def pair(
    request: pytest.FixtureRequest,
) -> AsyncIterator[tuple[Signals, Signals]]:
    """Signals as two processes of one house see them."""
    if request.param == "local":
        one = LocalSignals()
        yield one, one
        return
    server, here, there = await over_redis()
    yield here, there
    await here.close()
    await there.close()
    server.remove()


async def test_a_signal_is_heard_everywhere_once(pair: tuple[Signals, Signals]) -> None:
    heard: asyncio.Queue[Mapping[str, Any]] = asyncio.Queue()
    open_ear = pair[1].subscribe("typing", heard.put_nowait)
    pair[0].publish("other", {"n": 0})
    pair[0].publish("typing", {"who": "客户"})
    assert await asyncio.wait_for(heard.get(), 5) == {"who": "客户"}
    open_ear.close()
    again: asyncio.Queue[Mapping[str, Any]] = asyncio.Queue()
    pair[1].subscribe("typing", again.put_nowait)
    pair[0].publish("typing", {"n": 2})
    assert await asyncio.wait_for(again.get(), 5) == {"n": 2}
    assert heard.empty()


async def test_presence_is_held_for_a_while(pair: tuple[Signals, Signals]) -> None:
    await pair[0].hold("presence:a1", "online", 60)
    await pair[0].hold("presence:a2", "busy", 0.001)
    async with asyncio.timeout(5):
        while len(found := await pair[1].held("presence:")) != 1:
            await asyncio.sleep(0.01)
    assert found == {"presence:a1": "online"}
    assert [await pair[1].recall(f"presence:{id}") for id in ("a1", "a2", "a3")] == ["online", None, None]


async def test_what_is_held_is_found_by_exactly_its_prefix(pair: tuple[Signals, Signals]) -> None:
    for key in ("viewing:c1:mei", "viewing:c1:bob", "viewing:c10:ann", "viewing:c1:x:sue", "viewing:c?:lin"):
        await pair[0].hold(key, key[-3:], 60)
    assert await pair[1].held("viewing:c1:") == {"viewing:c1:mei": "mei", "viewing:c1:bob": "bob"}
    assert await pair[1].held("viewing:c?:") == {"viewing:c?:lin": "lin"}
    assert await pair[1].held("viewing:") == {}
    await pair[1].hold("viewing:c1:mei", "", 60)
    assert await pair[0].held("viewing:c1:") == {"viewing:c1:mei": "", "viewing:c1:bob": "bob"}


async def test_the_process_keeps_nothing_of_what_ran_out(monkeypatch: pytest.MonkeyPatch) -> None:
    signals, now = LocalSignals(), [0.0]
    monkeypatch.setattr("conversation.signals._now", lambda: now[0])
    for n in range(100):
        await signals.hold(f"viewing:c{n}:mei", "mei", 60)
        await signals.count(f"flood:k{n}", 60)
    now[0] = 61.0
    for _ in range(SWEPT):
        await signals.count("flood:k", 60)
    assert (dict(signals._held), signals._counts.keys()) == ({}, {"flood:k"})


async def test_counting_costs_the_same_however_many_are_counted() -> None:
    signals = LocalSignals()

    async def cost(keys: range) -> float:
        begun = process_time()
        for n in keys:
            await signals.count(f"invited:c{n}", 86_400)
        return process_time() - begun

    few = await cost(range(1000))
    await cost(range(1000, SWEPT + 1000))
    assert await cost(range(SWEPT + 1000, SWEPT + 2000)) < 50 * few


async def test_redis_keeps_nothing_of_what_ran_out(redis_server: RedisServer) -> None:
    signals, raw = RedisSignals(redis_server.url), Redis.from_url(redis_server.url)
    await signals.hold("presence:a1", "online", 0.01)
    await signals.hold("asked:v1", "mei", 60)
    await signals.hold("asked:v2", "mei", 0.001)  # the index lives as long as the longest
    async with asyncio.timeout(10):
        while len(await raw.keys("*")) > 2:
            await asyncio.sleep(0.05)
    assert {bytes(key).decode() for key in await raw.keys("*")} == {"kefu:asked:v1", "kefu:held:asked:"}
    assert set(await signals.held("asked:")) == {"asked:v1"}
    await raw.aclose()
    await signals.close()


async def test_counting_starts_again_in_the_next_window(
    pair: tuple[Signals, Signals],
) -> None:
    assert [await pair[n % 2].count("login:x", 60) for n in range(3)] == [1, 2, 3]
    await pair[0].count("short", 0.001)
    async with asyncio.timeout(5):
        while await pair[1].count("short", 0.001) != 1:
            await asyncio.sleep(0.002)


async def test_without_redis_signals_stay_in_the_process(
    redis_server: RedisServer,
) -> None:
    signals = RedisSignals(redis_server.url)
    signals.start()
    await signals.listening.wait()
    redis_server.kill()
    heard: asyncio.Queue[Mapping[str, Any]] = asyncio.Queue()
    signals.subscribe("typing", heard.put_nowait)
    signals.publish("typing", {"n": 1})
    assert heard.get_nowait() == {"n": 1}
    assert await signals.count("login", 60) == 1
    await signals.hold("presence:a1", "online", 60)
    assert await signals.held("presence:") == {"presence:a1": "online"}
    await redis_server.start()
    signals.subscribe("after", heard.put_nowait)
    other = RedisSignals(redis_server.url)
    other.start()
    async with asyncio.timeout(20):
        await other.listening.wait()
        while heard.empty():
            other.publish("after", {"n": 2})
            await asyncio.sleep(0.05)
    await signals.close()
    await other.close()


@pytest.mark.parametrize("later", [0.001, 0.01, 0.05])
def test_a_close_in_the_midst_of_sending_ends(later: float) -> None:
    async def close_while_sending() -> None:
        server, here, there = await over_redis()
        for n in range(500):
            here.publish("said", {"n": n})
            there.publish("said", {"n": n})
        await asyncio.sleep(later)
        try:
            await asyncio.wait_for(asyncio.gather(here.close(), there.close()), 20)
        finally:
            server.remove()

    uvloop.run(close_while_sending())  # as the house runs
