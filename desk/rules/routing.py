"""Who gets a waiting conversation."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush
from typing import Final

from conversation.model import Conversation
from desk.rules.people import ANY, Agent, Group, Strategy

HEAD_STARTS: Final = (0.0, 120.0, 600.0, 3600.0)  # seconds by priority


@dataclass(frozen=True, slots=True)
class Waiting:
    """A conversation in the queue. `last_agent` comes first when able; who `refused` it does not get it just now."""

    now: Conversation
    last_agent: str = ""
    refused: frozenset[str] = frozenset()

    @property
    def rank(self) -> tuple[float, str]:
        """Its place: smaller is sooner. It never changes while waiting, so that nobody waits for ever."""
        since = self.now.waiting_since
        assert since is not None
        return since.timestamp() - HEAD_STARTS[self.now.priority], self.now.id


@dataclass(slots=True)
class Hand:
    """An agent at the desk: what they hold by channel, and how many turns ago they got or ended one."""

    agent: Agent
    channels: Counter[str] = field(default_factory=Counter)
    given: float = 0.0
    moved: float = 0.0

    @property
    def load(self) -> int:
        """Open conversations in hand."""
        return self.channels.total()

    def has_room(self, channel: str) -> bool:
        """Can this agent hold one more on this channel?"""
        limit = self.agent.channel_capacity.get(channel)
        return self.load < self.agent.capacity and (limit is None or self.channels[channel] < limit)

    def take(self, channel: str, turn: float) -> None:
        """One more in hand."""
        self.channels[channel] += 1
        self.given = self.moved = turn


@dataclass(frozen=True, slots=True)
class Need:
    """What a conversation asks of its agent; one of `groups` ("" is any)."""

    groups: frozenset[str]
    language: str
    skills: frozenset[str]
    channel: str
    strategy: Strategy


def need_of(waiting: Waiting, groups: Mapping[str, Group], at: datetime) -> Need:
    """What is asked at this moment. A group that is no more is any group, so that nobody waits for it for ever."""
    now, group = waiting.now, groups.get(waiting.now.group, ANY)
    teams = {group.id}
    assert now.waiting_since is not None
    if group.overflow_seconds and at - now.waiting_since >= timedelta(seconds=group.overflow_seconds):
        teams.add(group.overflow_to)
    skills = frozenset(filter(None, (group.skill, now.skill)))
    return Need(frozenset(teams), now.language, skills, now.channel, group.strategy)


def can_serve(agent: Agent, need: Need) -> bool:
    """Has this agent the language, the skills and one of the groups?"""
    return (
        need.language in agent.languages
        and need.skills <= agent.skills
        and ("" in need.groups or not need.groups.isdisjoint(agent.groups))
    )


def burden(hand: Hand, strategy: Strategy) -> tuple[float, float, str]:
    """Who gets the next one: the smallest. It only grows while conversations are given."""
    match strategy:
        case "least_busy":
            return hand.load, hand.given, hand.agent.id
        case "longest_idle":
            return hand.moved, hand.load, hand.agent.id
        case "round_robin":
            return hand.given, 0.0, hand.agent.id


class Candidates:
    """Agents who can serve a need, least burdened first."""

    def __init__(self, need: Need, hands: Iterable[Hand]) -> None:
        self._need = need
        self._heap = [
            (burden(hand, need.strategy), hand.agent.id)
            for hand in hands
            if can_serve(hand.agent, need) and hand.has_room(need.channel)
        ]
        heapify(self._heap)

    def pick(self, hands: Mapping[str, Hand], refused: frozenset[str]) -> Hand | None:
        """The best one with room. A burden that has grown meanwhile is put back where it belongs."""
        skipped = []
        best = None
        while self._heap and best is None:
            entry = heappop(self._heap)
            hand = hands[entry[1]]
            present = (burden(hand, self._need.strategy), hand.agent.id)
            if not hand.has_room(self._need.channel):
                continue
            if entry != present:
                heappush(self._heap, present)
                continue
            skipped.append(entry)
            if hand.agent.id not in refused:
                best = hand
        for entry in skipped:
            heappush(self._heap, entry)
        return best


def plan(
    queue: Iterable[Waiting], hands: Mapping[str, Hand], groups: Mapping[str, Group], at: datetime, turn: float
) -> list[tuple[Waiting, Agent]]:
    """Who gets whom, for a queue in the order of its ranks. `hands` are changed as if it were done.

    O((queue + given) log agents), and no further than there are free places.
    """
    free = sum(max(0, hand.agent.capacity - hand.load) for hand in hands.values())
    candidates: dict[Need, Candidates] = {}
    given = []
    for waiting in queue:
        if not free:
            break
        need = need_of(waiting, groups, at)
        if need not in candidates:
            candidates[need] = Candidates(need, hands.values())
        hand = _wanted(waiting, need, hands)
        if hand is None and not waiting.now.wanted_agent:
            hand = candidates[need].pick(hands, waiting.refused)
        if hand is not None:
            turn += 1
            hand.take(need.channel, turn)
            given.append((waiting, hand.agent))
            free -= 1
    return given


def _wanted(waiting: Waiting, need: Need, hands: Mapping[str, Hand]) -> Hand | None:
    """The one colleague it was passed to, whatever their groups; else the last agent, if they can serve it."""
    hand = hands.get(waiting.now.wanted_agent or waiting.last_agent)
    if hand is None or not hand.has_room(need.channel) or hand.agent.id in waiting.refused:
        return None
    return hand if waiting.now.wanted_agent or can_serve(hand.agent, need) else None


def expected_wait(position: int, handling_seconds: Sequence[float], places: int) -> float | None:
    """Seconds until the conversation at `position` (from 1) is taken: a place is free every mean/places seconds.

    None while nothing is known. Source: Little's law for a queue in front of equal servers.
    """
    if not handling_seconds or places == 0:
        return None
    return position * (sum(handling_seconds) / len(handling_seconds)) / places
