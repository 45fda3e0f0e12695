"""The desk's setup as people change it: kept in the store, and until then as the company's file has it."""

from asyncio import Lock
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from conversation.events import Transferred
from conversation.log import HolderChanged, Log
from conversation.model import QUEUE
from desk.rules.people import Group
from desk.rules.premises import Levels, Premises
from desk.rules.sla import Policy
from desk.rules.tickets import Choice, Field, TicketState, TicketType, named
from desk.service.naming import Naming, StillNamed
from desk.store.shelf import Shelf
from desk.store.staff import Roster, Staff
from desk.store.tickets import TicketStore
from web.hours import hours_of


class Setup:
    """Whole parts are kept, so that a part is either the file's or the house's own. Other processes see a change
    within a second or two."""

    def __init__(
        self,
        premises: Premises,
        shelf: Shelf,
        log: Log,
        roster: Roster,
        tickets: TicketStore,
        named: Sequence[Naming],
    ) -> None:
        self.premises = premises
        self._shelf = shelf
        self._log = log
        self._roster = roster
        self._tickets = tickets
        self._named = named
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
            await self._keep("groups", {**self.premises.groups, group.id: group}.values(), by)
            await self.refresh()

    async def remove_group(self, id: str, to: str, by: Staff) -> int:
        """Whatever names it names `to` from then on: who waits for it, its tickets, and how the house is set up. Its
        members leave it.

        With `to` "" who waits and the tickets are anybody's. Returns how many conversations were moved. Raises KeyError
        when there is none, and StillNamed without `to` when something is set up with it.
        """
        async with self._changing:
            await self.refresh()
            if id not in self.premises.groups:
                raise KeyError(id)
            if not to and (named := self._naming(id) + [one for kind in self._named for one in await kind.naming(id)]):
                raise StillNamed(", ".join(named))
            await self._rename(id, to, by)
        for kind in self._named:
            await kind.rename(id, to, by)
        for member in await self._roster.all(gone=True):
            if id in member.groups:
                await self._roster.change(replace(member, groups=tuple(one for one in member.groups if one != id)))
        await self._tickets.regroup(id, to, by)
        return await self._move_on(id, to, by)

    def _naming(self, group: str) -> list[str]:
        """What of the setup itself names a group."""
        now = self.premises
        return [
            *(f"group {one.id}" for one in now.groups.values() if one.overflow_to == group),
            *(f"ticket type {one.id}" for one in now.book.types if one.group == group),
            *(f"promise {one.id}" for one in now.book.policies if one.escalate_to == group),
        ]

    async def _rename(self, id: str, to: str, by: Staff) -> None:
        """In the setup itself; nobody overflows to themselves."""
        now = self.premises
        left = [one for one in now.groups.values() if one.id != id]
        groups = [
            replace(one, overflow_to=to if one.id != to else "") if one.overflow_to == id else one for one in left
        ]
        await self._keep("groups", groups, by)
        if any(one.group == id for one in now.book.types):
            types = [replace(one, group=to) if one.group == id else one for one in now.book.types]
            await self._keep("types", types, by)
        if any(one.escalate_to == id for one in now.book.policies):
            policies = [replace(one, escalate_to=to) if one.escalate_to == id else one for one in now.book.policies]
            await self._keep("policies", policies, by)
        await self.refresh()

    async def _move_on(self, id: str, to: str, by: Staff) -> int:
        moved = 0
        for now in await self._log.waiting():
            if now.group == id:
                try:
                    fact = Transferred(by.id, "", to, "")
                    await self._log.append(now.id, fact, cause=f"regroup:{now.seq}", only_while=QUEUE)
                    moved += 1
                except HolderChanged:
                    continue  # somebody took it meanwhile
        return moved

    async def _keep(self, part: str, those: Iterable[Group | TicketType | Policy], by: Staff) -> None:
        """A whole part, in the place of what there was."""
        await self._shelf.put(by.id, {part: [asdict(one) for one in those]}, part)

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
            await self._keep("types", types.values(), by)
        await self.refresh()

    async def drop_type(self, id: str, by: Staff) -> None:
        """A kind of ticket that there are no tickets of."""
        async with self._changing:
            await self.refresh()
            await self._keep("types", [one for one in self.premises.book.types if one.id != id], by)
        await self.refresh()

    async def set_policies(self, policies: tuple[Policy, ...], by: Staff) -> None:
        """For tickets from now on; promises that were made stand."""
        await self._keep("policies", policies, by)
        await self.refresh()


def type_of(body: Mapping[str, Any]) -> TicketType:
    """From JSON. Raises ValueError for moves between states that there are not."""
    fields = tuple(
        Field(**{**one, "choices": tuple(Choice(**named(choice)) for choice in one["choices"])})
        for one in body["fields"]
    )
    states = tuple(TicketState(**one) for one in body["states"])
    moves = {state: tuple(to) for state, to in body["moves"].items()}
    return TicketType(body["id"], body["name"], states, moves, fields, body["group"], body.get("retired", False))


def _policy(kept: Mapping[str, Any]) -> Policy:
    return Policy(**{**kept, "types": tuple(kept["types"]), "priorities": tuple(kept["priorities"])})
