"""The desk's routes: sign-in, presence, people, files, oversight; views and acts stand beside."""

from dataclasses import asdict
from typing import Annotated, Any, Final
from uuid import uuid4

from fastapi import APIRouter, Depends, Query, Request, Response, UploadFile
from fastapi.responses import FileResponse

from conversation.codec import timestamp
from conversation.log import LogUnavailable
from desk.api.acts import act_routes
from desk.api.admin import admin_routes
from desk.api.bodies import NewStaff, PresenceBody, SignIn
from desk.api.contacts import profile_routes
from desk.api.daily import daily_routes
from desk.api.hall import Hall, Me, seen_by_staff
from desk.api.reports import report_routes
from desk.api.setup import setup_routes
from desk.api.supervision import supervision_routes
from desk.api.tickets import ticket_routes
from desk.api.views import contact_routes, list_routes
from desk.store.staff import LoginTaken, Staff
from web.errors import Refused
from web.fields import Seq
from web.files import serve
from web.permissions import demand, permissions_of
from web.sessions import COOKIE

SIGN_INS: Final = 10
SIGN_IN_SECONDS: Final = 60.0
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


def build(hall: Hall) -> APIRouter:
    """All of the desk's routes."""
    api = APIRouter(prefix="/api", tags=["desk"])
    me_of = Annotated[Me, Depends(hall.me)]
    _session_routes(api, hall, me_of)
    list_routes(api, hall, me_of)
    contact_routes(api, hall, me_of)
    act_routes(api, hall, me_of)
    supervision_routes(api, hall, me_of)
    daily_routes(api, hall, me_of)
    profile_routes(api, hall, me_of)
    report_routes(api, hall, me_of)
    ticket_routes(api, hall, me_of)
    admin_routes(api, hall, me_of)
    setup_routes(api, hall, me_of)
    _staff_routes(api, hall, me_of)
    _oversight_routes(api, hall, me_of)
    return api


async def _described(hall: Hall, member: Staff) -> dict[str, Any]:
    state = (await hall.presence.all()).get(member.id, "offline")
    return {**asdict(member), "presence": state}


def _session_routes(api: APIRouter, hall: Hall, me_of: Any) -> None:
    async def described(me: Me) -> dict[str, Any]:
        allowed = sorted(permissions_of(me.staff.role))
        return {"staff": await _described(hall, me.staff), "csrf": me.session.csrf, "permissions": allowed}

    @api.post("/session")
    async def sign_in(body: SignIn, response: Response, request: Request) -> dict[str, Any]:
        if await hall.signals.count(f"sign-in:{body.login}", SIGN_IN_SECONDS) > SIGN_INS:
            raise Refused("too_many", "too many attempts; wait a minute", "login", retry_after=int(SIGN_IN_SECONDS))
        found = await hall.roster.by_login(body.login)
        if not await hall.passwords.match(found[1] if found else None, body.password) or found is None:
            raise Refused("unauthenticated", "login or password is wrong")
        cookie, session = hall.sessions.open(found[0].id)
        address = request.client.host if request.client else ""
        await hall.admin.access.open(session.id, found[0].id, address, request.headers.get("user-agent", ""))
        secure = request.url.scheme == "https"
        response.set_cookie(COOKIE, cookie, httponly=True, samesite="lax", secure=secure)
        return await described(Me(found[0], session))

    @api.get("/session")
    async def who_am_i(me: me_of) -> dict[str, Any]:
        return await described(me)

    @api.delete("/session", status_code=204)
    async def sign_out(me: me_of, response: Response) -> None:
        await hall.presence.set(me.staff.id, "offline")
        await hall.admin.access.end(me.session.id)
        response.delete_cookie(COOKIE)

    @api.put("/presence")
    async def be(body: PresenceBody, me: me_of) -> dict[str, Any]:
        await hall.presence.set(me.staff.id, body.presence)
        await hall.desk.routing.route()
        return {"presence": body.presence}


def _staff_routes(api: APIRouter, hall: Hall, me_of: Any) -> None:
    @api.get("/staff")
    async def staff(me: me_of, gone: bool = False) -> dict[str, Any]:
        if gone:
            demand(me.staff.role, "staff.manage")
        loads = await hall.log.loads()
        members = await hall.roster.all(gone=gone)
        return {"staff": [{**await _described(hall, one), "load": loads.get(one.id, 0)} for one in members]}

    @api.get("/queue")
    async def queue(me: me_of) -> dict[str, Any]:
        return asdict(await hall.desk.routing.figures())

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

    @api.post("/staff", status_code=201)
    async def add(body: NewStaff, me: me_of) -> dict[str, Any]:
        demand(me.staff.role, "staff.manage")
        member = Staff(f"a{uuid4().hex}", body.login, body.name, body.role, body.languages, body.groups, body.capacity)
        try:
            await hall.roster.add(member, hall.passwords.hash(body.password))
        except LoginTaken as error:
            raise Refused("conflict", str(error), "login") from error
        detail = body.model_dump(exclude={"password"})
        await hall.changes.record(me.staff.id, me.staff.name, "staff.added", member.id, detail)
        return await _described(hall, member)


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
