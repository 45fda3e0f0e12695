"""Service levels: clocks that run in office hours only and stand still while the customer is waited for."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal

from web.hours import Hours, after_open, open_seconds

Target = Literal["first_response", "next_response", "resolution"]
State = Literal["running", "warned", "breached", "met"]
AROUND_THE_CLOCK: Final = Hours()


@dataclass(frozen=True, slots=True)
class Policy:
    """What is promised, in seconds of office hours (or of all hours); 0 promises nothing.

    No types or priorities are all of them. A warning comes after `warn_share` of the time; who breaches goes to the
    group `escalate_to`, unless it is "".
    """

    id: str
    first_response: int = 0
    next_response: int = 0
    resolution: int = 0
    types: tuple[str, ...] = ()
    priorities: tuple[str, ...] = ()
    office_hours: bool = True
    warn_share: float = 0.8
    escalate_to: str = ""

    def covers(self, type: str, priority: str) -> bool:
        """Does it promise something for such a ticket?"""
        return (not self.types or type in self.types) and (not self.priorities or priority in self.priorities)


def policy_for(policies: Iterable[Policy], type: str, priority: str) -> Policy:
    """The first that covers it; one that promises nothing when none does."""
    return next((one for one in policies if one.covers(type, priority)), Policy(""))


@dataclass(frozen=True, slots=True)
class Clock:
    """One promise: `seconds` in all, `spent` before the present run, which began at `since` (None: standing still)."""

    target: Target
    seconds: int
    since: datetime | None
    spent: float = 0.0
    state: State = "running"

    @property
    def paused(self) -> bool:
        """Does it stand still although nothing is met?"""
        return self.since is None and self.state != "met"

    def used(self, at: datetime, hours: Hours) -> float:
        """Open seconds so far. A wall clock that was set back takes nothing away."""
        return self.spent + (open_seconds(hours, self.since, at) if self.since else 0.0)

    def reaches(self, seconds: float, hours: Hours) -> datetime | None:
        """When it will have used so many seconds; None while it stands still."""
        if self.since is None:
            return None
        return after_open(hours, self.since, max(0.0, seconds - self.spent))

    def due_at(self, hours: Hours) -> datetime | None:
        """When the promise breaks; None while it stands still."""
        return self.reaches(self.seconds, hours)


def pause(clock: Clock, at: datetime, hours: Hours) -> Clock:
    """Stand still."""
    return clock if clock.since is None else replace(clock, spent=clock.used(at, hours), since=None)


def resume(clock: Clock, at: datetime) -> Clock:
    """Go on, also after it was met: what was resolved is not."""
    if clock.since is not None:
        return clock
    return replace(clock, since=at, state="running" if clock.state == "met" else clock.state)


def meet(clock: Clock, at: datetime, hours: Hours) -> Clock:
    """The promise was kept, unless it is broken already."""
    stopped = pause(clock, at, hours)
    late = clock.state == "breached" or stopped.spent > clock.seconds
    return replace(stopped, state="breached" if late else "met")


def promise_anew(clock: Clock, seconds: int, at: datetime, hours: Hours) -> Clock:
    """Another promise from now on; what was used in the hours of the old one stays used. What ended stays as it is."""
    if clock.state in ("met", "breached") or not seconds:
        return clock
    standing = pause(clock, at, hours)
    return replace(standing, seconds=seconds, since=at if clock.since else None, state="running")


def tick(clock: Clock, at: datetime, hours: Hours, warn_share: float) -> Clock:
    """As it stands at `at`; a state never goes back."""
    if clock.since is None or clock.state in ("met", "breached"):
        return clock
    used = clock.used(at, hours)
    if used >= clock.seconds:
        return replace(clock, state="breached")
    return replace(clock, state="warned") if used >= clock.seconds * warn_share else clock


def next_tick(clocks: Iterable[Clock], hours: Hours, warn_share: float) -> datetime | None:
    """When any of them changes its state by itself; None when none will."""
    moments = []
    for clock in clocks:
        if clock.state == "running":
            moments.append(clock.reaches(clock.seconds * warn_share, hours))
        elif clock.state == "warned":
            moments.append(clock.due_at(hours))
    return min((moment for moment in moments if moment is not None), default=None)
