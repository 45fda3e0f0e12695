"""Who works here, and the teams they work in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

Role = str
Strategy = Literal["least_busy", "longest_idle", "round_robin"]
Chosen = Literal["online", "busy", "break", "training", "offline"]
State = Literal[Chosen, "missed"]  # who did not accept what they were given, until they say that they are back
STATES: Final[tuple[State, ...]] = ("online", "busy", "break", "training", "missed", "offline")
ON_DUTY: Final[tuple[State, ...]] = ("online", "busy")
AWAY: Final[tuple[State, ...]] = ("missed", "offline")  # no customer may count on them


@dataclass(frozen=True, slots=True)
class Group:
    """A team that conversations can wait for; `name` is by language. A number of 0 switches its feature off.

    Who was served by an agent within `last_agent_days` comes to that agent first. An agent who does not accept within
    `accept_seconds`, leaves a customer without a reply for `silent_seconds` or is away for `offline_seconds` loses the
    conversation to the queue. Who waits for `overflow_seconds` may also be served by `overflow_to`. Beyond
    `queue_limit` customers are asked to leave a message. Agents need `skill`, unless it is "".
    """

    id: str
    name: Mapping[str, str]
    strategy: Strategy = "least_busy"
    last_agent_days: int = 0
    accept_seconds: int = 0
    silent_seconds: int = 0
    offline_seconds: int = 120
    overflow_seconds: int = 0
    overflow_to: str = ""
    queue_limit: int = 0
    skill: str = ""


ANY: Final = Group("", {})


@dataclass(frozen=True, slots=True)
class Agent:
    """A member of staff as routing sees them: at most `capacity` conversations, and fewer on some channels."""

    id: str
    name: str
    languages: frozenset[str]
    groups: frozenset[str]
    capacity: int
    skills: frozenset[str] = frozenset()
    channel_capacity: Mapping[str, int] = field(default_factory=dict)
