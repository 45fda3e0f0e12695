"""What names a group, and names another one when the group goes."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from desk.store.shelf import Shelf
from desk.store.staff import Staff


class Naming(Protocol):
    """Things of one kind that may name a group."""

    async def naming(self, group: str) -> list[str]:
        """Those that do, as people know them."""

    async def rename(self, group: str, to: str, by: Staff) -> None:
        """They name `to` in its place."""


class StillNamed(Exception):
    """Something needs a group, and no other was told."""


class Sites(Protocol):
    """The customers' doors (channels.service.Sites)."""

    async def of_group(self, group: str) -> list[str]:
        """The sites whose customers go there."""

    async def regroup(self, group: str, to: str, by: str) -> None:
        """They go to `to` instead."""


class NamingSites:
    """A site's customers go to a group."""

    def __init__(self, sites: Sites) -> None:
        self._sites = sites

    async def naming(self, group: str) -> list[str]:
        return [f"site {id}" for id in await self._sites.of_group(group)]

    async def rename(self, group: str, to: str, by: Staff) -> None:
        await self._sites.regroup(group, to, by.id)


class NamingShelf:
    """Canned replies, views and rules; `title` is what people know one by."""

    def __init__(self, shelf: Shelf, title: Callable[[Mapping[str, Any]], str]) -> None:
        self._shelf = shelf
        self._title = title

    async def naming(self, group: str) -> list[str]:
        return [self._title(kept.body) for kept in await self._shelf.all() if names(kept.body, group)]

    async def rename(self, group: str, to: str, by: Staff) -> None:
        for kept in await self._shelf.all():
            if names(kept.body, group):
                await self._shelf.put(kept.owner, renamed(kept.body, group, to), kept.id)


def names(kept: Mapping[str, Any], group: str) -> bool:
    """Does something that is kept name this group?"""
    return bool(renamed(kept, group, "") != kept)


def renamed(kept: Any, group: str, to: str) -> Any:
    """JSON that names `to` wherever it named `group`: as its group, or as the one that a condition asks for."""
    if isinstance(kept, list):
        return [renamed(one, group, to) for one in kept]
    if not isinstance(kept, Mapping):
        return kept
    here = {"group", "value"} if kept.get("field") == "group" else {"group"}
    return {key: to if key in here and one == group else renamed(one, group, to) for key, one in kept.items()}
