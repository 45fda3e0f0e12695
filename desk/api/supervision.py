"""Routing by hand, and supervisors beside the agent."""

from typing import Any

from fastapi import APIRouter

from desk.api.bodies import Act, Forced, HoldBody, Invite, LeaveBody, PriorityBody, Remarked, Write
from desk.api.hall import Hall, Me, done_of, seen_by_staff
from desk.store.staff import Staff
from web.errors import Refused
from web.fields import Seq
from web.permissions import demand, may


async def member(hall: Hall, id: str, field: str) -> Staff:
    """An active colleague. Raises Refused."""
    found = await hall.roster.by_id(id)
    if found is None or not found.active:
        raise Refused("invalid", "nobody here has this id", field)
    return found


def supervision_routes(api: APIRouter, hall: Hall, me_of: Any) -> None:
    """Accept, decline, hold, prioritise; whisper, barge in, invite, leave, force a state; alerts."""
    _routing_routes(api, hall, me_of)
    _oversight_routes(api, hall, me_of)
    path = "/conversations/{id}"

    @api.post(path + "/whisper")
    async def whisper(id: str, body: Write, me: me_of) -> dict[str, Any]:
        demand(me.staff.role, "supervise")
        return done_of(await hall.supervision.whisper(id, me.staff, body.id, body.text))

    @api.post(path + "/barge")
    async def barge(id: str, body: Act, me: me_of) -> dict[str, Any]:
        demand(me.staff.role, "supervise")
        return done_of(await hall.supervision.barge(id, me.staff, body.id))

    @api.post(path + "/invite")
    async def invite(id: str, body: Invite, me: me_of) -> dict[str, Any]:
        await _leads(hall, id, me)
        colleague = await member(hall, body.staff, "staff")
        return done_of(await hall.supervision.invite(id, me.staff, body.id, colleague, body.note))

    @api.post(path + "/leave")
    async def leave(id: str, body: LeaveBody, me: me_of) -> dict[str, Any]:
        now, who = await hall.visible(id, me), me.staff
        if body.staff not in ("", who.id):
            await _leads(hall, id, me)
            who = await member(hall, body.staff, "staff")
        if who.id not in now.participants:
            raise Refused("conflict", "they take no part in this conversation", "staff")
        return done_of(await hall.supervision.leave(id, who, me.staff, body.id))


def _oversight_routes(api: APIRouter, hall: Hall, me_of: Any) -> None:
    @api.put("/staff/{id}/presence")
    async def force(id: str, body: Forced, me: me_of) -> dict[str, Any]:
        demand(me.staff.role, "supervise")
        await hall.supervision.force(await member(hall, id, "id"), body.presence, me.staff, body.reason)
        return {"presence": body.presence}

    @api.get("/alerts")
    async def alerts(me: me_of, before: Seq | None = None) -> dict[str, Any]:
        demand(me.staff.role, "wallboard.read")
        found = await hall.log.of_kinds(("AlertRaised",), before=before)
        about = await hall.log.load_all({event.conversation for event in found})
        named = {id: {"contact": now.contact, "contact_name": now.contact_name} for id, now in about.items()}
        told = [{**seen, **named.get(seen["conversation"], {})} for seen in seen_by_staff(found)]
        return {"alerts": told, "more": len(found) == 50}


def _routing_routes(api: APIRouter, hall: Hall, me_of: Any) -> None:
    path = "/conversations/{id}"

    @api.post(path + "/accept")
    async def accept(id: str, body: Act, me: me_of) -> dict[str, Any]:
        return done_of(await hall.desk.accept(id, me.staff, body.id))

    @api.post(path + "/decline")
    async def decline(id: str, body: Remarked, me: me_of) -> dict[str, Any]:
        return done_of(await hall.desk.give_back(id, me.staff, body.id, body.reason or "declined"))

    @api.post(path + "/hold")
    async def hold(id: str, body: HoldBody, me: me_of) -> dict[str, Any]:
        return done_of(await hall.desk.hold(id, me.staff, body.id, body.on, body.reason))

    @api.post(path + "/priority")
    async def priority(id: str, body: PriorityBody, me: me_of) -> dict[str, Any]:
        demand(me.staff.role, "conversations.own")
        await hall.visible(id, me)
        return done_of(await hall.desk.prioritise(id, me.staff, body.id, body.priority, body.skill))


async def _leads(hall: Hall, id: str, me: Me) -> None:
    """Raises Refused unless this person holds the conversation or supervises."""
    now = await hall.visible(id, me)
    if not now.held_by(me.staff.id) and not may(me.staff.role, "supervise"):
        raise Refused("forbidden", "only who holds the conversation or supervises may do this")
