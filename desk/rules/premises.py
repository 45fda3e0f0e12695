"""How the desk is set up: what supervisors and administrators may change while it runs."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Protocol

from conversation.model import Conversation
from desk.rules.people import ANY, Group
from desk.rules.tickets import Book
from web.hours import Hours


@dataclass(frozen=True, slots=True)
class Levels:
    """Seconds in which customers should be answered, and after which an alert is raised; an alert at 0 never is.

    `accept_seconds` and `silent_seconds` are what a group has of its own, for conversations without a group.
    """

    service_level_seconds: int = 30
    wait_seconds: int = 120
    no_reply_seconds: int = 180
    accept_seconds: int = 0
    silent_seconds: int = 0


@cache
def _anybody(levels: Levels) -> Group:
    return replace(ANY, accept_seconds=levels.accept_seconds, silent_seconds=levels.silent_seconds)


class DeskSite(Protocol):
    """A site, as the desk sees it: its own office hours, None when they are the company's, and whose its customers
    are ("": anybody's)."""

    @property
    def hours(self) -> Hours | None: ...

    @property
    def group(self) -> str: ...


@dataclass(slots=True)
class Premises:
    """As it stands now: one object for the whole process, exchanged part by part and read anew at each use."""

    groups: Mapping[str, Group] = field(default_factory=dict)
    hours: Hours = field(default_factory=Hours)
    levels: Levels = field(default_factory=Levels)
    book: Book = field(default_factory=Book)
    second_factor_roles: frozenset[str] = frozenset()
    keywords: tuple[str, ...] = ()
    sites: Mapping[str, DeskSite] = field(default_factory=dict)

    def group_of(self, now: Conversation) -> Group:
        """Its group; without one, or when that is no more, anybody's, under the house's levels."""
        return self.groups.get(now.group) or _anybody(self.levels)

    def group_for(self, now: Conversation) -> str:
        """Whose a conversation is that needs a person: its own group's while there is one, else its site's, as it would
        be of who asks for a person there."""
        site = self.sites.get(now.site)
        return next((one for one in (now.group, site.group if site else "") if one in self.groups), "")
