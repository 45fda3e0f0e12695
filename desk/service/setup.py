"""The desk's setup as people change it: kept in the store, and until then as the company's file has it."""

from asyncio import Lock
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from conversation.events import Transferred
from conversation.log import HolderChanged, Log
from conversation.model import Holder
from desk.rules.people import Group
from desk.rules.premises import Levels, Premises
from desk.rules.sla import Policy
from desk.rules.tickets import Field, TicketState, TicketType
from desk.store.shelf import Shelf
from desk.store.staff import Roster, Staff
from web.hours import hours_of

QUEUE = Holder("queue")


class Setup:
    """Whole parts are kept, so that a part is either the file's or the house's own. Other processes see a change
    within a second or two."""

    def __init__(self, premises: Premises, shelf: Shelf, log: Log, roster: Roster) -> None:
        self.premises = premises
        self._shelf = shelf
        self._log = log
        self._roster = roster
        self._changing = Lock()

    async def refresh(self, _: datetime | None = None) -> None:
        """Take over what was changed here or in another process."""
        kept = {one.id: one.body for one in await self._shelf.all()}
        now = self.premises
        if "groups" in kept:
            now.groups = {one["id"]: Group(**one) for one in kept["groups"]["groups"]}
        if "hours" in kept:
            now.hours = hours_of(kept["hours"])
        if "levels" in kept:
            now.levels = Levels(**kept["levels"])
        if "security" in kept:
            now.second_factor_roles = frozenset(kept["security"]["second_factor_roles"])
        if "keywords" in kept:
            now.keywords = tuple(kept["keywords"]["keywords"])
        if "types" in kept:
            now.book = replace(now.book, types=tuple(type_of(one) for one in kept["types"]["types"]))
        if "policies" in kept:
            now.book = replace(now.book, policies=tuple(_policy(one) for one in kept["policies"]["policies"]))

    async def put_group(self, group: Group, by: Staff) -> None:
        """Add it, or put it in the place of the one that has its id."""
        async with self._changing:
            await self.refresh()
            await self._keep_groups({**self.premises.groups, group.id: group}, by)

    async def remove_group(self, id: str, to: str, by: Staff) -> int:
        """Its members leave it and nobody overflows to it; who waits for it goes on waiting for the group `to`.

        With `to` "" they wait for anybody. Returns how many were moved. Raises KeyError when there is none.
        """
        async with self._changing:
            await self.refresh()
            left = {one.id: one for one in self.premises.groups.values() if one.id != id}
            if len(left) == len(self.premises.groups):
                raise KeyError(id)
            orphaned = {one.id: replace(one, overflow_to="") for one in left.values() if one.overflow_to == id}
            await self._keep_groups({**left, **orphaned}, by)
        for member in await self._roster.all():
            if id in member.groups:
                await self._roster.change(replace(member, groups=tuple(one for one in member.groups if one != id)))
        return await self._move_on(id, to, by)

    async def _move_on(self, id: str, to: str, by: Staff) -> int:
        moved = 0
        for now in await self._log.waiting() if to else ():
            if now.group == id:
                try:
                    fact = Transferred(by.id, "", to, "")
                    await self._log.append(now.id, fact, cause=f"regroup:{now.seq}", only_while=QUEUE)
                    moved += 1
                except HolderChanged:
                    continue  # somebody took it meanwhile
        return moved

    async def _keep_groups(self, groups: Mapping[str, Group], by: Staff) -> None:
        await self._shelf.put(by.id, {"groups": [asdict(one) for one in groups.values()]}, "groups")
        await self.refresh()

    async def set_hours(self, body: Mapping[str, Any], by: Staff) -> None:
        """`body` is JSON as web.hours.HoursBody has it."""
        await self._shelf.put(by.id, body, "hours")
        await self.refresh()

    async def set_levels(self, levels: Levels, by: Staff) -> None:
        """From the next look on."""
        await self._shelf.put(by.id, asdict(levels), "levels")
        await self.refresh()

    async def set_security(self, second_factor_roles: Iterable[str], by: Staff) -> None:
        """Who has one of these roles enrols before they do anything else, from the next request on."""
        await self._shelf.put(by.id, {"second_factor_roles": sorted(set(second_factor_roles))}, "security")
        await self.refresh()

    async def set_keywords(self, keywords: Iterable[str], by: Staff) -> None:
        """Words in customers' messages that are marked at the desk."""
        await self._shelf.put(by.id, {"keywords": sorted(set(keywords))}, "keywords")
        await self.refresh()

    async def put_type(self, type: TicketType, by: Staff) -> None:
        """Add a kind of ticket, or put it in the place of the one that has its id. Raises ValueError for a book that
        cannot be so."""
        async with self._changing:
            await self.refresh()
            types = {one.id: one for one in self.premises.book.types} | {type.id: type}
            replace(self.premises.book, types=tuple(types.values()))
            await self._shelf.put(by.id, {"types": [asdict(one) for one in types.values()]}, "types")
        await self.refresh()

    async def drop_type(self, id: str, by: Staff) -> None:
        """A kind of ticket that there are no tickets of."""
        async with self._changing:
            await self.refresh()
            types = [asdict(one) for one in self.premises.book.types if one.id != id]
            await self._shelf.put(by.id, {"types": types}, "types")
        await self.refresh()

    async def set_policies(self, policies: tuple[Policy, ...], by: Staff) -> None:
        """For tickets from now on; promises that were made stand."""
        await self._shelf.put(by.id, {"policies": [asdict(one) for one in policies]}, "policies")
        await self.refresh()


def type_of(body: Mapping[str, Any]) -> TicketType:
    """From JSON. Raises ValueError for moves between states that there are not."""
    fields = tuple(Field(**{**one, "choices": tuple(one["choices"])}) for one in body["fields"])
    states = tuple(TicketState(**one) for one in body["states"])
    moves = {state: tuple(to) for state, to in body["moves"].items()}
    return TicketType(body["id"], body["name"], states, moves, fields, body["group"], body.get("retired", False))


def _policy(kept: Mapping[str, Any]) -> Policy:
    return Policy(**{**kept, "types": tuple(kept["types"]), "priorities": tuple(kept["priorities"])})
