"""Who gets it, and how long it takes: plain calls."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversation.model import QUEUE, Conversation
from desk.rules.people import Agent, Group, Strategy
from desk.rules.routing import HEAD_STARTS, Hand, Waiting, expected_wait, plan

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def waiting(name: str, seconds: float = 0, priority: int = 0, group: str = "") -> Waiting:
    since = NOW - timedelta(seconds=seconds)
    now = Conversation(name, 1, language="en", channel="widget", holder=QUEUE, group=group, waiting_since=since)
    return Waiting(now._replace(priority=priority))


def hand(name: str, load: int = 0, given: float = 0, moved: float = 0, capacity: int = 9) -> Hand:
    agent = Agent(name, name, frozenset({"en"}), frozenset({"g"}), capacity)
    return Hand(agent, Counter(widget=load), given, moved)


@pytest.mark.parametrize(
    ("strategy", "winner"), [("least_busy", "idle"), ("longest_idle", "rested"), ("round_robin", "forgotten")]
)
def test_strategies(strategy: Strategy, winner: str) -> None:
    hands = {one.agent.id: one for one in (hand("idle", 0, 9, 9), hand("rested", 2, 8, 1), hand("forgotten", 3, 1, 5))}
    given = plan([waiting("c", group="g")], hands, {"g": Group("g", {}, strategy)}, NOW, 100)
    assert [agent.id for _, agent in given] == [winner]


def test_round_robin_takes_turns_and_least_busy_levels() -> None:
    queue = [waiting(f"c{n}", group="g") for n in range(6)]
    hands = {name: hand(name, load) for name, load in (("a", 3), ("b", 0), ("c", 0))}
    turns = plan(queue, hands, {"g": Group("g", {}, "round_robin")}, NOW, 1)
    assert [agent.id for _, agent in turns] == ["a", "b", "c", "a", "b", "c"]
    hands = {name: hand(name, load) for name, load in (("a", 3), ("b", 0), ("c", 0))}
    plan(queue, hands, {"g": Group("g", {})}, NOW, 1)
    assert [hands[name].load for name in "abc"] == [3, 3, 3]


@given(
    st.lists(st.tuples(st.floats(0, 10_000), st.integers(0, 3), st.sampled_from(["", "g", "h"])), max_size=40),
    st.lists(st.integers(0, 4), max_size=5),
    st.sampled_from(["least_busy", "longest_idle", "round_robin"]),
)
def test_a_plan_is_fair_and_keeps_to_the_capacities(
    queue: list[tuple[float, int, str]], loads: list[int], strategy: Strategy
) -> None:
    ordered = sorted((waiting(f"c{n}", *one) for n, one in enumerate(queue)), key=lambda one: one.rank)
    hands = {f"a{n}": hand(f"a{n}", load, capacity=3) for n, load in enumerate(loads)}
    given = plan(ordered, hands, {id: Group(id, {}, strategy) for id in "gh"}, NOW, 1)
    assert all(one.load <= 3 or one.load == loads[int(one.agent.id[1:])] for one in hands.values())
    assert len({one.now.id for one, _ in given}) == len(given)
    served = {one.now.id for one, _ in given}
    able = [one for one in ordered if one.now.group != "h"]
    assert [one.now.id for one in able[: len(given)]] == [one.now.id for one in able if one.now.id in served]
    assert len(given) == min(len(able), sum(max(0, 3 - load) for load in loads))


def test_nobody_waits_behind_those_who_came_a_head_start_later() -> None:
    old = waiting("old", seconds=HEAD_STARTS[-1] + 1)
    assert old.rank < waiting("urgent", seconds=0, priority=3).rank < waiting("new").rank


@given(st.lists(st.tuples(st.integers(0, 7200), st.integers(0, 3)), min_size=1, max_size=40), st.integers(1, 900))
def test_nobody_is_overtaken_by_who_came_a_head_start_later(arrivals: list[tuple[int, int]], handling: int) -> None:
    """One place that is free every `handling` seconds; everybody is served, whoever keeps coming."""
    left = {f"c{n}": (start, waiting(f"c{n}", -start, priority)) for n, (start, priority) in enumerate(arrivals)}
    clock, turns = 0, 0
    while left:
        here = {id: one for id, (start, one) in left.items() if start <= clock}
        clock += handling
        if not here:
            continue
        turns += 1
        queue = sorted(here.values(), key=lambda one: one.rank)
        ((served, _),) = plan(queue, {"a": hand("a", capacity=1)}, {}, NOW, turns)
        start, _ = left.pop(served.now.id)
        for id, other in here.items():
            head_start = HEAD_STARTS[served.now.priority] - HEAD_STARTS[other.now.priority]
            assert id == served.now.id or start - left[id][0] <= head_start
    assert turns == len(arrivals)


def test_the_expected_wait_is_what_a_simulated_queue_takes() -> None:
    """8 places, exponential handling of 300 s on average, all busy and 30 waiting: seeded, averaged over runs."""
    dice, places, mean, runs = random.Random(7), 8, 300.0, 400
    waited = [0.0] * 30
    for _ in range(runs):
        busy: list[float] = []
        for _ in range(places):
            heappush(busy, dice.expovariate(1 / mean))
        for position in range(30):
            start = heappop(busy)
            waited[position] += start / runs
            heappush(busy, start + dice.expovariate(1 / mean))
    handlings = [dice.expovariate(1 / mean) for _ in range(5000)]
    for position, seconds in enumerate(waited, 1):
        expected = expected_wait(position, handlings, places)
        assert expected is not None
        assert expected == pytest.approx(seconds, rel=0.15)


def test_nothing_is_promised_while_nothing_is_known() -> None:
    assert expected_wait(1, [], 3) is None
    assert expected_wait(1, [60.0], 0) is None
