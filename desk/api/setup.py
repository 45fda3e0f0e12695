"""Groups, office hours, levels and promises, changed while the house runs."""

from dataclasses import asdict, replace
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Query

from desk.api.bodies import GroupId
from desk.api.hall import Hall
from desk.api.setup_bodies import (
    GroupBody,
    KeywordsBody,
    LevelsBody,
    PoliciesBody,
    SecurityBody,
    TypeBody,
)
from desk.rules.people import Group
from desk.rules.premises import Levels
from desk.rules.sla import Policy
from desk.service.setup import type_of
from web.errors import Refused
from web.hours import HoursBody, shown_hours
from web.permissions import demand

PERMISSION: Final = "setup.manage"


def setup_routes(api: APIRouter, hall: Hall, me_of: Any) -> None:
    """All of them; each change is in the audit."""
    _group_routes(api, hall, me_of)
    _clock_routes(api, hall, me_of)
    _word_routes(api, hall, me_of)
    _ticket_routes(api, hall, me_of)


def _clock_routes(api: APIRouter, hall: Hall, me_of: Any) -> None:
    setup, premises = hall.setup, hall.setup.premises

    @api.get("/hours")
    async def hours(me: me_of) -> dict[str, Any]:
        return shown_hours(premises.hours)

    @api.put("/hours")
    async def set_hours(body: HoursBody, me: me_of) -> dict[str, Any]:
        demand(me.staff.role, PERMISSION)
        kept = body.model_dump(mode="json")
        await setup.set_hours(kept, me.staff)
        await hall.changes.record(me.staff.id, me.staff.name, "hours.changed", "", kept)
        return shown_hours(premises.hours)

    @api.get("/levels")
    async def levels(me: me_of) -> dict[str, Any]:
        return asdict(premises.levels)

    @api.put("/levels")
    async def set_levels(body: LevelsBody, me: me_of) -> dict[str, Any]:
        demand(me.staff.role, PERMISSION)
        await setup.set_levels(Levels(**body.model_dump()), me.staff)
        await hall.changes.record(me.staff.id, me.staff.name, "levels.changed", "", body.model_dump())
        return asdict(premises.levels)


def _word_routes(api: APIRouter, hall: Hall, me_of: Any) -> None:
    setup, premises = hall.setup, hall.setup.premises

    @api.get("/keywords")
    async def keywords(me: me_of) -> dict[str, Any]:
        return {"keywords": list(premises.keywords)}

    @api.put("/keywords")
    async def set_keywords(body: KeywordsBody, me: me_of) -> dict[str, Any]:
        demand(me.staff.role, PERMISSION)
        await setup.set_keywords(body.keywords, me.staff)
        await hall.changes.record(me.staff.id, me.staff.name, "keywords.changed", "", body.model_dump())
        return {"keywords": list(premises.keywords)}

    @api.get("/security")
    async def security(me: me_of) -> dict[str, Any]:
        demand(me.staff.role, "roles.manage")
        return {"second_factor_roles": sorted(premises.second_factor_roles)}

    @api.put("/security")
    async def set_security(body: SecurityBody, me: me_of) -> dict[str, Any]:
        demand(me.staff.role, "roles.manage")
        await setup.set_security(body.second_factor_roles, me.staff)
        await hall.changes.record(me.staff.id, me.staff.name, "security.changed", "", body.model_dump())
        return {"second_factor_roles": sorted(premises.second_factor_roles)}


def _ticket_routes(api: APIRouter, hall: Hall, me_of: Any) -> None:
    setup, premises = hall.setup, hall.setup.premises

    @api.put("/ticket-types/{id}")
    async def put_type(id: Annotated[GroupId, Path()], body: TypeBody, me: me_of) -> dict[str, Any]:
        demand(me.staff.role, PERMISSION)
        if body.group not in ("", *premises.groups):
            raise Refused("invalid", "no group has this id", "group")
        if stuck := await hall.tickets.states_in_use(id) - {one.id for one in body.states}:
            raise Refused("conflict", f"tickets are in the state {min(stuck)}", "states")
        try:
            type = type_of({"id": id, **body.model_dump(mode="json")})
            await setup.put_type(type, me.staff)
        except ValueError as error:
            raise Refused("invalid", str(error), "moves" if "state" in str(error) else "fields") from error
        await hall.changes.record(me.staff.id, me.staff.name, "ticket-type.changed", id, body.model_dump(mode="json"))
        return asdict(type)

    @api.delete("/ticket-types/{id}")
    async def remove_type(id: Annotated[GroupId, Path()], me: me_of) -> dict[str, str]:
        demand(me.staff.role, PERMISSION)
        type = next((one for one in premises.book.types if one.id == id), None)
        if type is None:
            raise Refused("not_found", "no ticket type has this id")
        if id in (premises.book.mail, premises.book.call):
            raise Refused("conflict", "tickets by mail or wishes to be called are of this type", "id")
        if named := next((one.id for one in premises.book.policies if id in one.types), ""):
            raise Refused("conflict", f"the promise {named} is for this type; take it out there first", "policies")
        # Retired first: a ticket that is opened meanwhile keeps its type.
        await setup.put_type(replace(type, retired=True), me.staff)
        outcome = "retired" if await hall.tickets.states_in_use(id) else "deleted"
        if outcome == "deleted":
            await setup.drop_type(id, me.staff)
        await hall.changes.record(me.staff.id, me.staff.name, f"ticket-type.{outcome}", id, {})
        return {"outcome": outcome}

    @api.put("/ticket-policies")
    async def set_policies(body: PoliciesBody, me: me_of) -> dict[str, Any]:
        demand(me.staff.role, PERMISSION)
        types = {one.id for one in premises.book.types}
        for n, one in enumerate(body.policies):
            if unknown := set(one.types) - types:
                raise Refused("invalid", f"no ticket type is called {min(unknown)}", f"policies.{n}.types")
            if one.escalate_to not in ("", *premises.groups):
                raise Refused("invalid", "no group has this id", f"policies.{n}.escalate_to")
        await setup.set_policies(tuple(Policy(**one.model_dump()) for one in body.policies), me.staff)
        await hall.changes.record(me.staff.id, me.staff.name, "policies.changed", "", body.model_dump())
        return {"policies": [asdict(one) for one in premises.book.policies]}


def _group_routes(api: APIRouter, hall: Hall, me_of: Any) -> None:
    setup, premises = hall.setup, hall.setup.premises

    @api.get("/groups")
    async def groups(me: me_of) -> dict[str, Any]:
        return {"groups": [asdict(group) for group in premises.groups.values()]}

    @api.put("/groups/{id}")
    async def put(id: Annotated[GroupId, Path()], body: GroupBody, me: me_of) -> dict[str, Any]:
        demand(me.staff.role, PERMISSION)
        if body.overflow_to and (body.overflow_to == id or body.overflow_to not in premises.groups):
            raise Refused("invalid", "another group's id, or nothing", "overflow_to")
        group = Group(id, **body.model_dump())
        await setup.put_group(group, me.staff)
        await hall.changes.record(me.staff.id, me.staff.name, "group.changed", id, body.model_dump())
        return asdict(group)

    @api.delete("/groups/{id}")
    async def remove(id: str, me: me_of, to: Annotated[str, Query(max_length=64)] = "") -> dict[str, Any]:
        demand(me.staff.role, PERMISSION)
        if to and (to == id or to not in premises.groups):
            raise Refused("invalid", "another group's id, or nothing", "to")
        try:
            moved = await setup.remove_group(id, to, me.staff)
        except KeyError:
            raise Refused("not_found", "no group has this id") from None
        await hall.changes.record(me.staff.id, me.staff.name, "group.removed", id, {"to": to, "moved": moved})
        return {"moved": moved}
