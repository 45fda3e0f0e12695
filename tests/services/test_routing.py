"""Routing on the real log: features of groups, and exactness with several routers at once."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conversation.database import open_engine
from conversation.events import (
    AgentAssigned,
    ConversationClosed,
    HandoffRequested,
    MessageReceived,
    Prioritised,
)
from conversation.log import HolderChanged, Log, NoRoom, Room, Search, partition_of
from conversation.memory import MemoryLog
from conversation.model import QUEUE, Holder
from conversation.signals import LocalSignals
from conversation.sql import SqlLog, metadata
from desk.rules.people import Group
from desk.rules.premises import Levels
from desk.service.routing import Routing
from desk.store.staff import Staff
from tests.services.test_desk import BOB, MEI, desk_on, open_desk, open_routing, wait_in_queue


async def test_a_vip_overtakes_but_not_for_ever(log: Log) -> None:
    routing = await open_routing(log)
    for name in ("early", "vip"):
        await wait_in_queue(log, name)
    await log.append("vip", Prioritised("a1", 2), cause="p")
    await routing.route()
    assert [one.now.id for one in routing.floor.queue()] == ["vip", "early"]
    (first, second) = routing.floor.queue()
    assert second.rank[0] - first.rank[0] == pytest.approx(600, abs=5)


async def test_who_is_not_accepted_returns_to_their_place(log: Log) -> None:
    quick = Group("fast", {}, accept_seconds=20)
    ann, cat = (Staff(id, id, id, "agent", ("en",), ("fast",), 1) for id in ("ann", "cat"))
    desk = await open_desk(log, ann, cat, groups=(quick,))
    for name in ("c1", "c2", "c3"):
        await wait_in_queue(log, name, group="fast")
    assert await desk.routing.route() == 2
    first = (await log.load("c1")).holder.agent
    await desk.accept("c2", cat if first == "ann" else ann, "ok")
    assert await desk.routing.recall(datetime.now(UTC) + timedelta(seconds=10)) == 0
    await desk.routing.floor.refresh()
    assert await desk.routing.recall(datetime.now(UTC) + timedelta(seconds=30)) == 1
    assert await desk.routing.route() == 0
    assert (await desk.routing.figures()).agents["missed"] == 1
    assert [one.now.id for one in desk.routing.floor.queue()] == ["c1", "c3"]
    await desk.routing._presence.set(first, "online")
    await desk.routing.route()
    assert (await log.load("c1")).holder == Holder("agent", first)
    assert [one.now.id for one in desk.routing.floor.queue()] == ["c3"]
    after_restart = await open_desk(log, ann, cat, groups=(quick,))
    await after_restart.routing.floor.refresh()
    assert await after_restart.routing.recall(datetime.now(UTC) + timedelta(seconds=30)) == 1
    assert (await log.load("c1")).holder == QUEUE
    assert (await log.load("c2")).holder != QUEUE


async def test_who_does_not_accept_is_given_nobody_until_they_are_back(log: Log) -> None:
    ann = Staff("ann", "ann", "Ann", "agent", ("en",), ("fast",), 3)
    desk = await open_desk(log, ann, groups=(Group("fast", {}, accept_seconds=20),))
    routing, now = desk.routing, datetime.now(UTC)
    await wait_in_queue(log, "c1", group="fast")
    await routing.route()
    await routing.floor.refresh()
    assert await routing.recall(now + timedelta(seconds=30)) == 1
    routing.floor.forgive(now + timedelta(seconds=90))
    assert await routing.route() == 0
    place = await routing.place("c1")
    assert place is not None
    assert place.absence is not None  # nobody else is there for them
    await routing._presence.set("ann", "online")
    assert await routing.route() == 1
    await routing.floor.refresh()
    await routing._presence.set("ann", "break")
    assert await routing.recall(now + timedelta(seconds=130)) == 1
    assert (await routing._presence.all())["ann"] == "break"  # what they chose themselves stays


async def test_who_takes_a_conversation_while_offline_has_as_long_as_who_goes_offline_with_one(log: Log) -> None:
    ann = Staff("ann", "ann", "Ann", "agent", ("en",), (), 3)
    desk = await open_desk(log, ann)
    routing, now = desk.routing, datetime.now(UTC)
    await routing._presence.set("ann", "offline")
    await wait_in_queue(log, "taken")
    await desk.take("taken", ann, "t")
    await wait_in_queue(log, "reopened")
    await log.append("reopened", ConversationClosed("bot"), cause="c")
    await desk.reopen("reopened", ann, "o")
    await routing.floor.refresh()
    routing._gone_since["ann"] = now - timedelta(hours=1)
    assert await routing.recall(now + timedelta(seconds=1)) == 0
    assert await routing.recall(now + timedelta(seconds=130)) == 2


async def test_without_a_group_the_levels_say_how_long_one_may_wait_for_the_agent(log: Log) -> None:
    ann = Staff("ann", "ann", "Ann", "agent", ("en",), (), 3)
    desk = await open_desk(log, ann)
    routing, now = desk.routing, datetime.now(UTC)
    routing.premises.levels = Levels(accept_seconds=20, silent_seconds=60)
    for name in ("left", "answered"):
        await wait_in_queue(log, name)
        await log.append(name, MessageReceived("?"), cause="m")
    assert await routing.route() == 2
    await desk.reply("answered", ann, "r", "one moment")
    await log.append("answered", MessageReceived("??"), cause="m2")
    await routing.floor.refresh()
    assert await routing.recall(now + timedelta(seconds=30)) == 1
    assert (await log.load("left")).holder == QUEUE
    assert await routing.recall(now + timedelta(seconds=90)) == 1
    assert (await log.load("answered")).holder == QUEUE


async def test_who_was_passed_to_somebody_who_does_not_come_is_served_by_their_group(log: Log) -> None:
    ann, bob = (Staff(id, id, id, "agent", ("en",), ("fast",), 1) for id in ("ann", "bob"))
    desk = await open_desk(log, ann, groups=(Group("fast", {}),))
    await wait_in_queue(log, "c1", group="fast")
    await desk.routing.route()
    await desk.transfer("c1", ann, "t", to=bob.id, group="", note="")
    now = datetime.now(UTC)
    assert await desk.routing.route() == 0
    assert await desk.routing.recall(now + timedelta(seconds=100)) == 0
    assert await desk.routing.recall(now + timedelta(seconds=130)) == 1
    back = await log.load("c1")
    assert (back.holder, back.group, back.wanted_agent) == (QUEUE, "fast", "")
    desk.routing.floor.forgive(now + timedelta(seconds=130))
    assert await desk.routing.route() == 1
    assert (await log.load("c1")).holder == Holder("agent", "ann")
    await desk.routing.floor.refresh()
    assert await desk.routing.recall(now + timedelta(seconds=140)) == 0


async def test_who_passes_a_conversation_on_to_their_own_group_is_the_last_to_get_it_back(log: Log) -> None:
    ann, cat = (Staff(id, id, id, "agent", ("en",), ("fast",), 1) for id in ("ann", "cat"))
    desk = await open_desk(log, ann, cat, groups=(Group("fast", {}),))
    routing = desk.routing
    await routing._presence.set("cat", "busy")
    await wait_in_queue(log, "c1", group="fast")
    assert await routing.route() == 1
    await desk.transfer("c1", ann, "t1", to="", group="fast", note="")
    assert await routing.route() == 0
    await routing._presence.set("cat", "online")
    assert await routing.route() == 1
    assert (await log.load("c1")).holder.agent == "cat"
    await routing._presence.set("ann", "busy")
    await desk.transfer("c1", cat, "t2", to="", group="fast", note="")
    assert await routing.route() == 0
    routing.floor.forgive(datetime.now(UTC) + timedelta(seconds=31))
    assert await routing.route() == 1
    assert (await log.load("c1")).holder.agent == "cat"


async def test_a_silent_or_absent_agent_loses_what_they_hold(log: Log) -> None:
    slow = Group("slow", {}, silent_seconds=60, offline_seconds=120)
    ann = Staff("ann", "ann", "Ann", "agent", ("en",), ("slow",), 5)
    desk = await open_desk(log, ann, groups=(slow,))
    for name in ("answered", "silent", "held"):
        await wait_in_queue(log, name, group="slow")
    await desk.routing.route()
    for name in ("answered", "silent", "held"):
        await log.append(name, MessageReceived("hello?"), cause="m")
    await desk.reply("answered", ann, "r", "here I am")
    await desk.hold("held", ann, "h", True, "asking the store")
    await desk.routing.floor.refresh()
    now = datetime.now(UTC)
    assert await desk.routing.recall(now + timedelta(seconds=61)) == 1
    assert (await log.load("silent")).holder == QUEUE
    await desk.routing._presence.set("ann", "offline")
    assert await desk.routing.recall(now) == 0
    assert await desk.routing.recall(now + timedelta(seconds=121)) == 2
    assert len(await log.waiting()) == 3


async def test_a_clock_that_is_set_back_stops_nothing(log: Log) -> None:
    desk = await open_desk(log, BOB)
    routing, now, hour = desk.routing, datetime.now(UTC), timedelta(hours=1)
    await wait_in_queue(log, "c1")
    await routing.route()
    await desk.routing._presence.set(BOB.id, "offline")
    assert [await routing.recall(now), await routing.recall(now - hour)] == [0, 0]
    assert await routing.recall(now - hour + timedelta(seconds=121)) == 1
    await routing.floor.refresh()
    routing.floor.forgive(now - hour)  # whom it was taken from did not refuse an hour from now
    assert [waiting.refused for waiting in routing.floor.queue()] == [frozenset()]
    routing._staff = (now + hour, [])
    assert await routing.staff() == [BOB]


async def test_skills_and_channels_limit_who_gets_it(log: Log) -> None:
    ann = Staff("ann", "ann", "Ann", "agent", ("en",), (), 5, ("wine",), {"widget": 1})
    routing = await open_routing(log, ann)
    await wait_in_queue(log, "c1")
    await wait_in_queue(log, "c2")
    await log.append("c1", Prioritised("x", 0, "law"), cause="p")
    await log.append("c2", Prioritised("x", 0, "wine"), cause="p")
    await wait_in_queue(log, "c3")
    assert await routing.route() == 1
    assert (await log.load("c2")).holder.agent == "ann"


async def test_the_last_agent_comes_first(log: Log) -> None:
    loyal = Group("loyal", {}, last_agent_days=7)
    ann, cat = (Staff(id, id, id, "agent", ("en",), ("loyal",), 9) for id in ("ann", "cat"))
    desk = await open_desk(log, ann, cat, groups=(loyal,))
    await wait_in_queue(log, "c1", group="loyal")
    await desk.take("c1", cat, "t")
    await desk.close("c1", cat, "x", "")
    await log.append("c1", MessageReceived("me again"), HandoffRequested("asked", "loyal"), cause="again")
    for n in range(3):
        await desk.take(await _started(log, f"more{n}"), cat, f"m{n}")
    assert await desk.routing.route() == 1
    assert (await log.load("c1")).holder.agent == "cat"


async def _started(log: Log, name: str) -> str:
    await wait_in_queue(log, name)
    return name


async def test_a_group_that_is_no_more_keeps_nobody_waiting(log: Log) -> None:
    routing = await open_routing(log, BOB)
    await wait_in_queue(log, "c1", group="deleted")
    assert await routing.route() == 1


async def test_a_fresh_router_sees_what_an_old_one_left(log: Log) -> None:
    await wait_in_queue(log, "c1", "zh")
    await wait_in_queue(log, "c2", "zh")
    await (await open_routing(log, Staff("a1", "mei", "小美", "agent", ("zh",), (), 1))).route()
    fresh = await open_routing(log, MEI)
    assert await fresh.route() == 1
    assert sum(fresh.floor.loads()["a1"].values()) == 2


Step = st.tuples(st.sampled_from(["arrive", "route", "take", "close", "return", "vip"]), st.integers(0, 2))


@settings(max_examples=1500, deadline=None)
@given(st.lists(Step, max_size=25), st.integers(1, 3))
def test_several_routers_never_break_a_rule(steps: list[tuple[str, int]], capacity: int) -> None:
    asyncio.run(_interleave(steps, capacity))


async def _interleave(steps: list[tuple[str, int]], capacity: int) -> None:
    """Three routers as of three processes, each with its own picture; whatever the order, nobody gets too many."""
    log = MemoryLog()
    staff = [Staff(f"a{n}", f"a{n}", f"A{n}", "agent", ("en",), (), capacity) for n in range(2)]
    routers = [await open_routing(log, *staff) for _ in range(3)]
    by_hand = 0
    for n, (step, which) in enumerate(steps):
        by_hand += await _do(log, routers, staff, n, step, which)
        assert all(load <= capacity + by_hand for load in (await log.loads()).values())
    await asyncio.gather(*(router.route() for router in routers))
    for router in routers:
        router.floor.forgive(datetime.now(UTC) + timedelta(minutes=1))
    await asyncio.gather(*(router.route() for router in routers))
    events = await log.read(dict.fromkeys(range(8), 0), 10_000)
    assert all(e.fact.by == "router" for e in events if e.kind == "AgentAssigned" and e.cause.startswith("route:"))
    loads = await log.loads()
    free = sum(max(0, capacity - loads.get(one.id, 0)) for one in staff)
    assert free == 0 or not await log.waiting()


async def _do(log: MemoryLog, routers: list[Routing], staff: list[Staff], n: int, step: str, which: int) -> int:
    desk, agent = desk_on(log, routers[which]), staff[which % 2]
    if step == "arrive":
        await wait_in_queue(log, f"c{n}")
    elif step == "route":
        await asyncio.gather(*(router.route() for router in routers[: which + 1]))
    elif step == "vip":
        for now in (await log.waiting())[-1:]:
            await log.append(now.id, Prioritised("a0", 2), cause=f"p{n}")
    elif step == "take":
        waiting = (await log.waiting())[:1]
        await asyncio.gather(*(router.route() for router in routers), *(_take(desk, w.id, agent, n) for w in waiting))
        return len(waiting)
    else:
        for now in await log.find(Search(agent=agent.id, status="open"), limit=1):
            act = desk.close if step == "close" else desk.give_back
            await act(now.id, agent, f"x{n}", "")
    return 0


async def _take(desk: object, id: str, agent: Staff, n: int) -> None:
    try:
        await desk.take(id, agent, f"t{n}")  # type: ignore[attr-defined]
    except HolderChanged:
        return


async def test_beyond_the_groups_limit_it_is_crowded_and_not_deserted(log: Log) -> None:
    signals = LocalSignals()
    few = Group("few", {}, queue_limit=1)
    ann = Staff("ann", "ann", "ann", "agent", ("en",), ("few",), 1)
    routing = await open_routing(log, ann, groups=(few,), signals=signals)
    told: list[Mapping[str, Any]] = []
    signals.subscribe("queue:c2", told.append)
    for name in ("c0", "c1", "c2"):
        await wait_in_queue(log, name, group="few")
    assert await routing.route() == 1
    await routing.tell_places()
    place = await routing.place("c1")
    assert place is not None
    assert place.absence is None
    assert (told[0]["position"], told[0]["absent"], told[0]["crowded"]) == (2, True, True)


async def _give_the_last_place(log: Log, name: str) -> None:
    with suppress(NoRoom):
        fact = AgentAssigned("Last", "last")
        await log.append(name, fact, cause="race", only_while=QUEUE, room=Room("last", 1))


async def test_routers_of_several_processes_share_one_database_exactly(postgres_url: str) -> None:
    """Three logs with their own connections, as three processes have; each believes that it alone routes."""
    engines = [open_engine(postgres_url) for _ in range(3)]
    async with engines[0].begin() as connection:
        await connection.run_sync(metadata.create_all)
    logs = [SqlLog(engine, LocalSignals()) for engine in engines]
    staff = [Staff(f"a{n}", f"a{n}", f"A{n}", "agent", ("en",), (), 3) for n in range(4)]
    routers = [await open_routing(log, *staff) for log in logs]
    await asyncio.gather(*(wait_in_queue(logs[n % 3], f"c{n}") for n in range(40)))
    given = await asyncio.gather(*(router.route() for router in routers))
    assert sum(given) == 12
    assert set((await logs[0].loads()).values()) == {3}
    assert len(await logs[0].waiting()) == 28
    names = {partition_of(f"c{n}"): f"c{n}" for n in range(40) if (await logs[0].load(f"c{n}")).holder == QUEUE}
    racing = zip(names.values(), logs * 3, strict=False)  # each in a partition of its own, all for one place
    await asyncio.gather(*(_give_the_last_place(log, name) for name, log in racing))
    assert (await logs[0].loads())["last"] == 1
    for log, engine in zip(logs, engines, strict=True):
        await log.close()
        await engine.dispose()
