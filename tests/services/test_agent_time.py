"""How agents' time is counted."""

from collections import Counter
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from app.migrations import upgrade
from conversation.database import open_engine
from conversation.log import LogUnavailable
from desk.rules.reports import SLOT_SECONDS
from desk.service.agent_time import AgentTime
from desk.store.agent_time import AgentTimes, Spell
from desk.store.staff import Staff

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
MEI = Staff("mei", "mei", "Mei", "agent", ("zh",), (), 4)


class Floor:
    """What the test says agents hold and are."""

    def __init__(self) -> None:
        self.states: dict[str, str] = {}
        self.held: dict[str, Counter[str]] = {}
        self.floor = SimpleNamespace(loads=lambda: self.held)

    async def staff(self) -> list[Staff]:
        return [MEI]

    async def all(self) -> Mapping[str, str]:
        return self.states


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[AgentTimes]:
    await upgrade(database_url)
    engine = open_engine(database_url)
    yield AgentTimes(engine)
    await engine.dispose()


async def test_time_is_counted_by_state_and_a_pause_of_the_house_is_nobodys(store: AgentTimes) -> None:
    floor: Any = Floor()
    time = AgentTime(floor, floor, store)
    floor.states["mei"] = "online"
    for second in range(11):
        floor.held = {"mei": Counter(web=2)} if second > 5 else {}
        await time.watch(NOON + timedelta(seconds=second))
    await time.watch(NOON + timedelta(seconds=500))  # the house stood still
    floor.states["mei"] = "break"
    for second in range(501, 504):
        await time.watch(NOON + timedelta(seconds=second))
    floor.states.clear()
    await time.watch(NOON + timedelta(seconds=504))
    await time.keep()
    (row,) = await time.figures(NOON, NOON + timedelta(minutes=30))
    assert row == {"agent": "mei", "seconds": {"break": 3.0, "online": 10.0}, "occupancy": 0.5, "utilisation": 0.25}
    assert await time.figures(NOON + timedelta(minutes=30), NOON + timedelta(hours=1)) == []


async def test_what_was_counted_while_the_store_was_away_is_written_when_it_is_back(
    store: AgentTimes, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(_: object) -> None:
        raise LogUnavailable

    floor: Any = Floor()
    time = AgentTime(floor, floor, store)
    floor.states["mei"] = "online"
    await time.watch(NOON)
    await time.watch(NOON + timedelta(seconds=4))
    with monkeypatch.context() as outage:
        outage.setattr(store, "add", away)
        with pytest.raises(LogUnavailable):
            await time.keep()
    await time.watch(NOON + timedelta(seconds=6))
    await time.keep()
    (row,) = await time.figures(NOON, NOON + timedelta(minutes=30))
    assert row["seconds"] == {"online": 6.0}


async def test_what_is_counted_later_is_added(store: AgentTimes) -> None:
    noon = int(NOON.timestamp()) // SLOT_SECONDS
    spells = {(noon, f"a{n}", "online"): Spell(30.0, 10.0, 20.0, 120.0) for n in range(3)}
    await store.add({})
    await store.add(spells)
    await store.add({**spells, (noon, "a0", "break"): Spell(5.0)})
    found = {(staff, state): spell for staff, state, spell in await store.sums(NOON, NOON + timedelta(minutes=30))}
    twice = {(f"a{n}", "online"): Spell(60.0, 20.0, 40.0, 240.0) for n in range(3)}
    assert found == {**twice, ("a0", "break"): Spell(5.0)}
