"""Kinds of tickets and what is promised for them, changed while the house runs."""

from dataclasses import asdict, replace
from typing import Annotated, Any

from fastapi import APIRouter, Path

from desk.api.bodies import GroupId
from desk.api.hall import Hall
from desk.api.setup_bodies import PoliciesBody, TypeBody
from desk.rules.sla import Policy
from desk.rules.tickets import TicketType
from desk.service.setup import type_of
from web.errors import Refused


def kind_routes(api: APIRouter, hall: Hall, managing: Any) -> None:
    """Each change is in the audit."""
    _type_routes(api, hall, managing)
    _policy_routes(api, hall, managing)


def _type_routes(api: APIRouter, hall: Hall, managing: Any) -> None:
    setup = hall.setup

    @api.put("/ticket-types/{id}")
    async def put_type(id: Annotated[GroupId, Path()], body: TypeBody, me: managing) -> dict[str, Any]:
        hall.demand_group(body.group, "group")
        if stuck := await hall.tickets.states_in_use(id) - {one.id for one in body.states}:
            raise Refused("conflict", f"tickets are in the state {min(stuck)}", "states")
        try:
            type = type_of({"id": id, **body.model_dump(mode="json")})
            await setup.put_type(type, me.staff)
        except ValueError as error:
            raise Refused("invalid", str(error), "moves" if "state" in str(error) else "fields") from error
        await hall.note(me, "ticket-type.changed", id, body.model_dump(mode="json"))
        return asdict(type)

    @api.delete("/ticket-types/{id}")
    async def remove_type(id: Annotated[GroupId, Path()], me: managing) -> dict[str, str]:
        # Retired first: a ticket that is opened meanwhile keeps its type.
        await setup.put_type(replace(_unneeded(hall, id), retired=True), me.staff)
        outcome = "retired" if await hall.tickets.states_in_use(id) else "deleted"
        if outcome == "deleted":
            await setup.drop_type(id, me.staff)
        await hall.note(me, f"ticket-type.{outcome}", id, {})
        return {"outcome": outcome}


def _unneeded(hall: Hall, id: str) -> TicketType:
    """The type with this id, if nothing that the house is set up with needs it. Raises Refused."""
    book = hall.setup.premises.book
    type = next((one for one in book.types if one.id == id), None)
    if type is None:
        raise Refused("not_found", "no ticket type has this id")
    if id in (book.mail, book.call):
        raise Refused("conflict", "tickets by mail or wishes to be called are of this type", "id")
    if named := next((one.id for one in book.policies if id in one.types), ""):
        raise Refused("conflict", f"the promise {named} is for this type; take it out there first", "policies")
    return type


def _policy_routes(api: APIRouter, hall: Hall, managing: Any) -> None:
    setup, premises = hall.setup, hall.setup.premises

    @api.put("/ticket-policies")
    async def set_policies(body: PoliciesBody, me: managing) -> dict[str, Any]:
        types = {one.id for one in premises.book.types}
        for n, one in enumerate(body.policies):
            if unknown := set(one.types) - types:
                raise Refused("invalid", f"no ticket type is called {min(unknown)}", f"policies.{n}.types")
            hall.demand_group(one.escalate_to, f"policies.{n}.escalate_to")
        await setup.set_policies(tuple(Policy(**one.model_dump()) for one in body.policies), me.staff)
        await hall.note(me, "policies.changed", "", body.model_dump())
        return {"policies": [asdict(one) for one in premises.book.policies]}
