"""Who gets a waiting conversation; pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from conversation.model import Conversation

Role = Literal["agent", "supervisor", "inspector", "admin"]
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: Final[tuple[Day, ...]] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
AHEAD: Final = 60  # days in which an opening is looked for


@dataclass(frozen=True, slots=True)
class Group:
    """A team that conversations can wait for; `name` is by language."""

    id: str
    name: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Hours:
    """Office hours in a place's own time; no week at all means around the clock."""

    timezone: str = "UTC"
    week: Mapping[Day, tuple[tuple[time, time], ...]] = field(default_factory=dict)
    holidays: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True)
class Absence:
    """Nobody is at the desk; `opens_at` is when office hours begin again, None while they last."""

    opens_at: datetime | None


def opens_at(hours: Hours, now: datetime) -> datetime | None:
    """When the desk opens next; None when it is open at `now`, or does not open within 60 days."""
    if not hours.week:
        return None
    zone = ZoneInfo(hours.timezone)
    today = now.astimezone(zone).date()
    for day in (today + timedelta(days) for days in range(AHEAD)):
        for start, end in () if day in hours.holidays else hours.week.get(DAYS[day.weekday()], ()):
            opens, closes = datetime.combine(day, start, zone), datetime.combine(day, end, zone)
            if opens <= now < closes:
                return None
            if opens > now:
                return opens
    return None


@dataclass(frozen=True, slots=True)
class Agent:
    """A member of staff as routing sees them; `capacity` is how many conversations they hold at once."""

    id: str
    name: str
    languages: frozenset[str]
    groups: frozenset[str]
    capacity: int


def can_take(agent: Agent, conversation: Conversation, load: int) -> bool:
    """Has this agent room, and the language and group that are asked for?"""
    return (
        load < agent.capacity
        and conversation.language in agent.languages
        and conversation.group in agent.groups | {""}
        and conversation.wanted_agent in ("", agent.id)
    )


def choose(
    conversation: Conversation,
    agents: Sequence[Agent],
    loads: Mapping[str, int],
    last_assigned: Mapping[str, datetime],
) -> Agent | None:
    """The able agent with the fewest conversations; among equals the one who has been idle longest."""
    able = [agent for agent in agents if can_take(agent, conversation, loads.get(agent.id, 0))]

    def burden(agent: Agent) -> tuple[int, float, str]:
        last = last_assigned.get(agent.id)
        return loads.get(agent.id, 0), last.timestamp() if last else 0.0, agent.id

    return min(able, key=burden, default=None)


def expected_wait(position: int, handling_seconds: Sequence[float], places: int) -> float | None:
    """Seconds until the conversation at `position` (from 1) is taken: a place is free every mean/places seconds.

    None while nothing is known. Source: Little's law for a queue in front of equal servers.
    """
    if not handling_seconds or places == 0:
        return None
    return position * (sum(handling_seconds) / len(handling_seconds)) / places
