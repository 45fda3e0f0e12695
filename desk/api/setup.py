"""Groups, office hours, levels and words, changed while the house runs."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request

from desk.api.bodies import GroupId
from desk.api.hall import Hall, Me, differing
from desk.api.kinds import kind_routes
from desk.api.setup_bodies import GroupBody, KeywordsBody, LevelsBody, SecurityBody
from desk.rules.people import Group
from desk.rules.premises import Levels
from desk.service.naming import StillNamed
from web.errors import Refused
from web.hours import HoursBody, shown_hours
from web.permissions import demand


def setup_routes(api: APIRouter, hall: Hall, me_of: Any) -> None:
    """All of them; each change is in the audit."""

    async def manager(request: Request) -> Me:
        me = await hall.me(request)
        demand(me.staff.role, "setup.manage")
        return me

    async def guardian(request: Request) -> Me:
        me = await hall.me(request)
        demand(me.staff.role, "roles.manage")
        return me

    managing = Annotated[Me, Depends(manager)]
    _group_routes(api, hall, me_of, managing)
    _clock_routes(api, hall, me_of, managing)
    _word_routes(api, hall, me_of, managing)
    _security_routes(api, hall, Annotated[Me, Depends(guardian)])
    kind_routes(api, hall, managing)


def _group_routes(api: APIRouter, hall: Hall, me_of: Any, managing: Any) -> None:
    setup, premises = hall.setup, hall.setup.premises

    def demand_other(id: str, other: str, field: str) -> None:
        if other and (other == id or other not in premises.groups):
            raise Refused("invalid", "another group's id, or nothing", field)

    @api.get("/groups")
    async def groups(me: me_of) -> dict[str, Any]:
        return {"groups": [asdict(group) for group in premises.groups.values()]}

    @api.put("/groups/{id}")
    async def put(id: Annotated[GroupId, Path()], body: GroupBody, me: managing) -> dict[str, Any]:
        demand_other(id, body.overflow_to, "overflow_to")
        group, before = Group(id, **body.model_dump()), premises.groups.get(id)
        await setup.put_group(group, me.staff)
        await hall.note(me, "group.changed", id, differing(asdict(before) if before else {}, body.model_dump()))
        return asdict(group)

    @api.delete("/groups/{id}")
    async def remove(id: str, me: managing, to: Annotated[str, Query(max_length=64)] = "") -> dict[str, Any]:
        demand_other(id, to, "to")
        try:
            moved = await setup.remove_group(id, to, me.staff)
        except KeyError:
            raise Refused("not_found", "no group has this id") from None
        except StillNamed as error:
            raise Refused("conflict", f"named by {error}; tell which group takes its place", "to") from error
        await hall.note(me, "group.removed", id, {"to": to, "moved": moved})
        return {"moved": moved}


def _clock_routes(api: APIRouter, hall: Hall, me_of: Any, managing: Any) -> None:
    setup, premises = hall.setup, hall.setup.premises

    @api.get("/hours")
    async def hours(me: me_of) -> dict[str, Any]:
        return shown_hours(premises.hours)

    @api.put("/hours")
    async def set_hours(body: HoursBody, me: managing) -> dict[str, Any]:
        kept = body.model_dump(mode="json")
        await setup.set_hours(kept, me.staff)
        await hall.note(me, "hours.changed", "", kept)
        return shown_hours(premises.hours)

    @api.get("/levels")
    async def levels(me: me_of) -> dict[str, Any]:
        return asdict(premises.levels)

    @api.put("/levels")
    async def set_levels(body: LevelsBody, me: managing) -> dict[str, Any]:
        await setup.set_levels(Levels(**body.model_dump()), me.staff)
        await hall.note(me, "levels.changed", "", body.model_dump())
        return asdict(premises.levels)


def _word_routes(api: APIRouter, hall: Hall, me_of: Any, managing: Any) -> None:
    setup, premises = hall.setup, hall.setup.premises

    @api.get("/keywords")
    async def keywords(me: me_of) -> dict[str, Any]:
        return {"keywords": list(premises.keywords)}

    @api.put("/keywords")
    async def set_keywords(body: KeywordsBody, me: managing) -> dict[str, Any]:
        await setup.set_keywords(body.keywords, me.staff)
        await hall.note(me, "keywords.changed", "", body.model_dump())
        return {"keywords": list(premises.keywords)}


def _security_routes(api: APIRouter, hall: Hall, guarding: Any) -> None:
    setup, premises = hall.setup, hall.setup.premises

    @api.get("/security")
    async def security(me: guarding) -> dict[str, Any]:
        return {"second_factor_roles": sorted(premises.second_factor_roles)}

    @api.put("/security")
    async def set_security(body: SecurityBody, me: guarding) -> dict[str, Any]:
        await setup.set_security(body.second_factor_roles, me.staff)
        await hall.note(me, "security.changed", "", body.model_dump())
        return {"second_factor_roles": sorted(premises.second_factor_roles)}
