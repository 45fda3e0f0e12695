"""Which promises are about to be broken, the most urgent first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from conversation.model import Conversation

NEAR: Final = 0.5  # share of the limit from which on a wait is at risk
What = Literal["wait", "reply"]


@dataclass(frozen=True, slots=True)
class Risk:
    """A customer who waits in the queue or for a reply: how many seconds of how many that are promised."""

    conversation: str
    contact: str
    name: str
    group: str
    agent: str
    what: What
    seconds: float
    limit: int


def at_risk(
    waits: Iterable[tuple[Conversation, datetime]],
    replies: Iterable[tuple[Conversation, datetime]],
    limits: tuple[int, int],
    at: datetime,
) -> list[Risk]:
    """Who has waited for half of the limit or more; `limits` are those of waits and replies, 0 is none."""
    found: list[Risk] = []
    kinds: tuple[tuple[What, Iterable[tuple[Conversation, datetime]], int], ...]
    kinds = (("wait", waits, limits[0]), ("reply", replies, limits[1]))
    for what, some, limit in kinds:
        for now, since in some if limit else ():
            seconds = (at - since).total_seconds()
            if seconds >= limit * NEAR and not now.on_hold:
                agent = now.agent_name if what == "reply" else ""
                found.append(Risk(now.id, now.contact, now.contact_name, now.group, agent, what, seconds, limit))
    return sorted(found, key=lambda risk: -risk.seconds / risk.limit)
