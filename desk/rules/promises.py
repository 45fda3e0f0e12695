"""How tickets' promises were kept."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from desk.rules.reports import share


@dataclass(frozen=True, slots=True)
class Promised:
    """A ticket as the report counts it: `clocks` maps a target to its state."""

    opened_at: datetime
    done: bool
    type: str
    group: str
    assignee: str
    priority: str
    clocks: Mapping[str, str]

    def key(self, by: str, zone: ZoneInfo) -> str:
        """What it is counted under: its local day, or one of its fields."""
        return self.opened_at.astimezone(zone).date().isoformat() if by == "day" else str(getattr(self, by))


def kept(tickets: Iterable[Promised]) -> dict[str, Any]:
    """Opened and done; of each promise how many were met and breached, and the share that was met."""
    some = list(tickets)
    figures: dict[str, Any] = {"opened": len(some), "done": sum(one.done for one in some)}
    for target in ("first_response", "next_response", "resolution"):
        states = [one.clocks.get(target) for one in some]
        met, breached = states.count("met"), states.count("breached")
        figures[target] = {"met": met, "breached": breached, "kept": share(met, met + breached)}
    return figures
