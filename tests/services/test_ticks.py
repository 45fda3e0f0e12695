"""What is done each second keeps its own moment, however long it takes."""

import asyncio

import pytest

from web.ticks import each_second


async def test_a_turn_keeps_its_moment_and_one_that_took_longer_is_not_made_up_for(monkeypatch):
    clock = [100.0]

    async def sleep(seconds: float) -> None:
        clock[0] += max(0.0, seconds)

    monkeypatch.setattr("web.ticks.random", lambda: 0.25)
    monkeypatch.setattr("web.ticks.asyncio.sleep", sleep)
    monkeypatch.setattr(asyncio.get_running_loop(), "time", lambda: clock[0])
    turns, begun = iter((0.0, 0.4, 0.0, 2.5, 0.0, 0.0)), []
    async for _ in each_second():
        begun.append(clock[0])
        if len(begun) == 6:
            break
        clock[0] += next(turns)
    assert begun == pytest.approx([100.0, 100.25, 101.25, 102.25, 105.25, 106.25])
