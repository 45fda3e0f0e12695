"""The desk's routes: sign-in, presence, people, files, oversight; views and acts stand beside."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from secrets import token_urlsafe
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, UploadFile
from fastapi.responses import FileResponse

from conversation.codec import timestamp
from conversation.log import LogUnavailable
from desk.api.acts import act_routes
from desk.api.admin import admin_routes
from desk.api.admin_bodies import NewStaff
from desk.api.bodies import PresenceBody
from desk.api.contacts import profile_routes
from desk.api.daily import daily_routes
from desk.api.entry import described, entry_routes
from desk.api.hall import Hall, Me, seen_by_staff
from desk.api.reports import report_routes
from desk.api.setup import setup_routes
from desk.api.supervision import member as colleague
from desk.api.supervision import supervision_routes
from desk.api.tickets import mail_route, ticket_routes
from desk.api.views import contact_routes, list_routes
from desk.api.visitors import visitor_routes
from desk.store.staff import LoginTaken, Staff, new_id
from web.errors import Refused
from web.fields import Seq
from web.files import serve
from web.permissions import PERMISSIONS, demand, may

AUDITED: Final = (
    "ParticipantJoined",
    "ParticipantLeft",
    "Prioritised",
    "Whispered",
    "AgentAssigned",
    "Transferred",
    "ReturnedToQueue",
    "HandedBack",
    "ConversationClosed",
    "ConversationReopened",
    "Redacted",
)

COLLEAGUE: Final = ("id", "name", "presence", "load", "capacity", "languages", "groups", "skills")


def build(hall: Hall) -> APIRouter:
    """All of the desk's routes."""
    api = APIRouter(prefix="/api", tags=["desk"])
    me_of, serving = Annotated[Me, Depends(hall.me)], Annotated[Me, Depends(hall.serving)]
    entry_routes(api, hall, me_of)
    _presence_routes(api, hall, me_of)
    list_routes(api, hall, me_of)
    contact_routes(api, hall, me_of)
    act_routes(api, hall, me_of)
    supervision_routes(api, hall, me_of)
    daily_routes(api, hall, me_of)
    profile_routes(api, hall, serving)
    visitor_routes(api, hall, me_of)
    report_routes(api, hall, me_of)
    ticket_routes(api, hall, serving)
    mail_route(api, hall, me_of)
    admin_routes(api, hall, me_of)
    setup_routes(api, hall, me_of)
    _staff_routes(api, hall, me_of)
    _hiring_routes(api, hall, me_of)
    _file_routes(api, hall, me_of)
    _oversight_routes(api, hall, me_of)
    return api


def _presence_routes(api: APIRouter, hall: Hall, me_of: Any) -> None:
    @api.put("/presence")
    async def be(body: PresenceBody, me: me_of) -> dict[str, Any]:
        await hall.presence.set(me.staff.id, body.presence)
        await hall.desk.routing.route()
        return {"presence": body.presence}


def _shown(colleague: Mapping[str, Any], me: Me) -> Mapping[str, Any]:
    """What of a colleague I may see: what a transfer needs, and the role if I give reviews out."""
    if may(me.staff.role, "staff.manage"):
        return colleague
    seen = (*COLLEAGUE, "role") if may(me.staff.role, "quality.manage") else COLLEAGUE
    return {name: colleague[name] for name in seen}


def _staff_routes(api: APIRouter, hall: Hall, me_of: Any) -> None:
    @api.get("/staff")
    async def staff(me: me_of, gone: bool = False) -> dict[str, Any]:
        if gone:
            demand(me.staff.role, "staff.manage")
        loads, present = await hall.log.loads(), await hall.presence.all()
        members = await hall.roster.all(gone=gone)
        told = ({**described(one, present), "load": loads.get(one.id, 0)} for one in members)
        return {"staff": [_shown(one, me) for one in told]}

    @api.get("/queue")
    async def queue(me: me_of) -> dict[str, Any]:
        return (await hall.desk.routing.figures()).told(datetime.now(UTC))

    @api.get("/mails")
    async def mails(me: me_of) -> dict[str, Any]:
        demand(me.staff.role, "staff.manage")
        found = await hall.entry.outbox.latest(50)
        shown = ("id", "to", "subject", "state", "tries", "error", "made_at", "next_at")
        mails = [{name: getattr(one, name) for name in shown} for one in found]
        return {"mails": mails, "mailbox": hall.postman.state}


def _hiring_routes(api: APIRouter, hall: Hall, me_of: Any) -> None:
    @api.post("/staff", status_code=201)
    async def add(body: NewStaff, me: me_of) -> dict[str, Any]:
        demand(me.staff.role, "staff.manage")
        if body.role not in {*PERMISSIONS, *(kept.id for kept in await hall.admin.roles.all())}:
            raise Refused("invalid", "no role has this name", "role")
        member = Staff(new_id(), **body.model_dump(exclude={"password"}))
        try:
            await hall.roster.add(member, hall.passwords.hash(body.password or token_urlsafe(32)))
        except LoginTaken as error:
            raise Refused("conflict", str(error), "login") from error
        detail = body.model_dump(exclude={"password"})
        await hall.note(me, "staff.added", member.id, detail)
        link = None if body.password else await hall.entry.invitations.invite(member)
        return {**described(member, await hall.presence.all()), "link": link}

    @api.post("/staff/{id}/invitation")
    async def invite(id: str, me: me_of) -> dict[str, Any]:
        demand(me.staff.role, "staff.manage")
        member = await colleague(hall, id, "id")
        await hall.note(me, "staff.invited", id, {})
        return {"link": await hall.entry.invitations.invite(member)}

    @api.delete("/staff/{id}/second-factor", status_code=204)
    async def free(id: str, me: me_of) -> None:
        demand(me.staff.role, "staff.manage")
        await colleague(hall, id, "id")
        await hall.entry.second_factor.forget(id)
        await hall.note(me, "factor.removed", id, {})


def _file_routes(api: APIRouter, hall: Hall, me_of: Any) -> None:
    @api.post("/files", status_code=201)
    async def upload(file: UploadFile, me: me_of) -> dict[str, Any]:
        kept = await hall.files.save(file.filename or "", await file.read(), "")
        return {**asdict(kept), "url": f"/api/files/{kept.id}"}

    @api.get("/files/{id}")
    async def download(id: str, me: me_of) -> FileResponse:
        stored = await hall.files.find(id)
        if stored is None:
            raise Refused("not_found", "there is no such file")
        return serve(stored)


def _oversight_routes(api: APIRouter, hall: Hall, me_of: Any) -> None:
    @api.get("/parked")
    async def parked(me: me_of) -> dict[str, Any]:
        demand(me.staff.role, "parked.replay")
        return {"parked": [{**asdict(one), "at": timestamp(one.at)} for one in await hall.log.parked()]}

    @api.post("/parked/{reader}/{seq}/replay")
    async def replay(reader: str, seq: Seq, me: me_of) -> dict[str, Any]:
        demand(me.staff.role, "parked.replay")
        if reader not in hall.replay:
            raise Refused("not_found", "this process runs no room of that name", "reader")
        try:
            if not await hall.replay[reader](seq):
                raise Refused("not_found", "nothing is parked there", "seq")
        except (Refused, LogUnavailable):
            raise
        except Exception as error:
            raise Refused("conflict", f"it failed again: {type(error).__name__}", "seq") from error
        await hall.note(me, "parked.replayed", reader, {"seq": seq})
        return {"seq": seq}

    @api.get("/audit")
    async def audit(
        me: me_of, before: Seq | None = None, limit: Annotated[int, Query(ge=1, le=200)] = 50
    ) -> dict[str, Any]:
        demand(me.staff.role, "audit.read")
        found = await hall.log.of_kinds(AUDITED, before=before, limit=limit)
        return {"events": seen_by_staff(found), "more": len(found) == limit}

    @api.get("/audit/changes")
    async def changes(
        me: me_of, before: Seq | None = None, limit: Annotated[int, Query(ge=1, le=200)] = 50
    ) -> dict[str, Any]:
        demand(me.staff.role, "audit.read")
        found = await hall.changes.latest(before, limit)
        return {"changes": [{**asdict(one), "at": timestamp(one.at)} for one in found], "more": len(found) == limit}
