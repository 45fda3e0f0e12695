"""Sign-in, presence, lists, and what agents do with a conversation."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Final
from uuid import uuid4

from fastapi import APIRouter, Depends, Query, Request, Response

from conversation.codec import show, timestamp
from conversation.events import Audience
from conversation.log import Appended, Log, Search
from conversation.model import Conversation
from conversation.signals import Signals
from desk.api.bodies import Act, NewStaff, PresenceBody, ReadBody, Remarked, SignIn, Transfer, Write
from desk.ports import Presence
from desk.service import Desk
from desk.store import LoginTaken, Roster, Staff
from web.errors import Refused
from web.permissions import PERMISSIONS, demand, may
from web.sessions import COOKIE, Passwords, Session, Sessions

SIGN_INS: Final = 10
SIGN_IN_SECONDS: Final = 60.0
SHOWN: Final = 100
OPEN: Final = Search(status="open")
VIEWS: Final[Mapping[str, Search]] = {
    "bot": Search(status="open", holder="bot"),
    "open": OPEN,
    "closed": Search(status="closed"),
    "all": Search(),
}


@dataclass(frozen=True, slots=True)
class Me:
    """Who asks."""

    staff: Staff
    session: Session


@dataclass(frozen=True, slots=True)
class Hall:
    """What the routes work with."""

    desk: Desk
    log: Log
    roster: Roster
    presence: Presence
    signals: Signals
    sessions: Sessions
    passwords: Passwords

    async def me(self, request: Request) -> Me:
        """The one who is signed in. Raises Refused; whatever changes something must bring the CSRF token."""
        session = self.sessions.read(request.cookies.get(COOKIE))
        if request.method not in ("GET", "HEAD") and request.headers.get("X-CSRF-Token") != session.csrf:
            raise Refused("forbidden", "the X-CSRF-Token header is missing or wrong")
        for member in await self.roster.all():
            if member.id == session.staff:
                return Me(member, session)
        raise Refused("unauthenticated", "please sign in")

    async def visible(self, id: str, me: Me) -> Conversation:
        """A conversation this person may see: their own, what waits and what the bot has; with permission all."""
        now = await self.log.load(id)
        if not may(me.staff.role, "conversations.all") and now.holder.agent not in ("", me.staff.id):
            raise Refused("forbidden", "a colleague has this conversation")
        return now


def summary(now: Conversation) -> dict[str, Any]:
    """A conversation in a list."""
    since = now.waiting_since if now.status == "open" and now.holder.kind == "queue" else None
    return {
        "id": now.id,
        "contact": now.contact,
        "channel": now.channel,
        "site": now.site,
        "language": now.language,
        "status": now.status,
        "holder": {"kind": now.holder.kind, "agent": now.holder.agent, "name": now.agent_name},
        "group": now.group,
        "seq": now.seq,
        "started_at": _time(now.started_at),
        "updated_at": _time(now.updated_at),
        "waiting_since": _time(since),
        "wait_seconds": (datetime.now(UTC) - since).total_seconds() if since else None,
        "preview": {"by": now.preview_by, "text": now.preview},
        "unread": now.unread,
        "rating": now.rating,
    }


def _time(at: datetime | None) -> str | None:
    return timestamp(at) if at else None


def _done(done: Appended) -> dict[str, Any]:
    return {"seq": done.seq, "at": timestamp(done.events[0].at)}


def build(hall: Hall) -> APIRouter:
    """All of the desk's routes."""
    api = APIRouter(prefix="/api")
    me_of = Annotated[Me, Depends(hall.me)]
    _session_routes(api, hall, me_of)
    _list_routes(api, hall, me_of)
    _act_routes(api, hall, me_of)
    _staff_routes(api, hall, me_of)
    return api


async def _described(hall: Hall, member: Staff) -> dict[str, Any]:
    state = (await hall.presence.all()).get(member.id, "offline")
    return {**asdict(member), "presence": state}


def _session_routes(api: APIRouter, hall: Hall, me_of: Any) -> None:
    async def described(me: Me) -> dict[str, Any]:
        allowed = sorted(PERMISSIONS[me.staff.role])
        return {"staff": await _described(hall, me.staff), "csrf": me.session.csrf, "permissions": allowed}

    @api.post("/session")
    async def sign_in(body: SignIn, response: Response, request: Request) -> dict[str, Any]:
        if await hall.signals.count(f"sign-in:{body.login}", SIGN_IN_SECONDS) > SIGN_INS:
            raise Refused("too_many", "too many attempts; wait a minute", "login", retry_after=int(SIGN_IN_SECONDS))
        found = await hall.roster.by_login(body.login)
        if not await hall.passwords.match(found[1] if found else None, body.password) or found is None:
            raise Refused("unauthenticated", "login or password is wrong")
        cookie, session = hall.sessions.open(found[0].id)
        secure = request.url.scheme == "https"
        response.set_cookie(COOKIE, cookie, httponly=True, samesite="lax", secure=secure)
        return await described(Me(found[0], session))

    @api.get("/session")
    async def who_am_i(me: me_of) -> dict[str, Any]:
        return await described(me)

    @api.delete("/session", status_code=204)
    async def sign_out(me: me_of, response: Response) -> None:
        await hall.presence.set(me.staff.id, "offline")
        response.delete_cookie(COOKIE)

    @api.put("/presence")
    async def be(body: PresenceBody, me: me_of) -> dict[str, Any]:
        await hall.presence.set(me.staff.id, body.presence)
        await hall.desk.route()
        return {"presence": body.presence}


def _list_routes(api: APIRouter, hall: Hall, me_of: Any) -> None:
    @api.get("/conversations")
    async def conversations(
        me: me_of, view: str = "mine", before: int | None = None, limit: Annotated[int, Query(ge=1, le=100)] = 50
    ) -> dict[str, Any]:
        mine = Search(status="open", agent=me.staff.id)
        waiting = await hall.log.waiting()
        if view == "waiting":
            found = waiting[:limit]
        elif view == "mine":
            found = await hall.log.find(mine, before=before, limit=limit)
        elif view in VIEWS:
            if view != "bot":
                demand(me.staff.role, "conversations.all")
            found = await hall.log.find(VIEWS[view], before=before, limit=limit)
        else:
            raise Refused("invalid", "one of mine, waiting, bot, open, closed, all", "view")
        counts = {"mine": await hall.log.count(mine), "waiting": len(waiting)}
        counts |= {name: await hall.log.count(VIEWS[name]) for name in ("bot", "open")}
        return {"conversations": [summary(c) for c in found], "counts": counts, "more": len(found) == limit}

    @api.get("/conversations/{id}")
    async def conversation(id: str, me: me_of) -> dict[str, Any]:
        now = await hall.visible(id, me)
        events = await hall.log.history(id, limit=SHOWN)
        seen = [shown for event in events if (shown := show(event, Audience.STAFF)) is not None]
        return {"conversation": summary(now), "events": seen, "more": len(events) == SHOWN}

    @api.get("/conversations/{id}/events")
    async def events(
        id: str, me: me_of, after: int = 0, before: int | None = None, limit: Annotated[int, Query(ge=1, le=500)] = 100
    ) -> dict[str, Any]:
        await hall.visible(id, me)
        found = await hall.log.history(id, after=after, before=before, limit=limit)
        seen = [shown for event in found if (shown := show(event, Audience.STAFF)) is not None]
        return {"events": seen, "more": len(found) == limit}


def _act_routes(api: APIRouter, hall: Hall, me_of: Any) -> None:
    path = "/conversations/{id}"

    @api.post(path + "/take")
    async def take(id: str, body: Act, me: me_of) -> dict[str, Any]:
        demand(me.staff.role, "conversations.own")
        return _done(await hall.desk.take(id, me.staff, body.id))

    @api.post(path + "/replies")
    async def reply(id: str, body: Write, me: me_of) -> dict[str, Any]:
        return _done(await hall.desk.reply(id, me.staff, body.id, body.text))

    @api.post(path + "/notes")
    async def note(id: str, body: Write, me: me_of) -> dict[str, Any]:
        await hall.visible(id, me)
        return _done(await hall.desk.note(id, me.staff, body.id, body.text))

    @api.post(path + "/transfer")
    async def transfer(id: str, body: Transfer, me: me_of) -> dict[str, Any]:
        if bool(body.to) == bool(body.group):
            raise Refused("invalid", "either a colleague or a group", "to")
        if body.to and body.to not in {member.id for member in await hall.roster.all()}:
            raise Refused("invalid", "nobody here has this id", "to")
        done = await hall.desk.transfer(id, me.staff, body.id, to=body.to, group=body.group, note=body.note)
        return _done(done)

    @api.post(path + "/return")
    async def give_back(id: str, body: Remarked, me: me_of) -> dict[str, Any]:
        return _done(await hall.desk.give_back(id, me.staff, body.id, body.reason))

    @api.post(path + "/handback")
    async def hand_back(id: str, body: Remarked, me: me_of) -> dict[str, Any]:
        return _done(await hall.desk.hand_back(id, me.staff, body.id, body.note))

    @api.post(path + "/close")
    async def close(id: str, body: Remarked, me: me_of) -> dict[str, Any]:
        return _done(await hall.desk.close(id, me.staff, body.id, body.reason))

    @api.post(path + "/reopen")
    async def reopen(id: str, body: Act, me: me_of) -> dict[str, Any]:
        demand(me.staff.role, "conversations.own")
        await hall.visible(id, me)
        return _done(await hall.desk.reopen(id, me.staff, body.id))

    @api.post(path + "/read")
    async def read(id: str, body: ReadBody, me: me_of) -> dict[str, Any]:
        now = await hall.visible(id, me)
        if not now.held_by(me.staff.id):
            raise Refused("conflict", "only who holds the conversation marks it as read")
        return _done(await hall.desk.read(id, body.seq))

    @api.post(path + "/redact")
    async def redact(id: str, body: ReadBody, me: me_of) -> dict[str, Any]:
        demand(me.staff.role, "redact")
        event = await hall.log.event(body.seq)
        if event is None or event.conversation != id:
            raise Refused("not_found", "this conversation has nothing at that seq", "seq")
        return {"seq": (await hall.log.redact(body.seq, by=me.staff.id)).seq}


def _staff_routes(api: APIRouter, hall: Hall, me_of: Any) -> None:
    @api.get("/staff")
    async def staff(me: me_of) -> dict[str, Any]:
        loads = await hall.log.loads()
        members = await hall.roster.all()
        return {"staff": [{**await _described(hall, one), "load": loads.get(one.id, 0)} for one in members]}

    @api.post("/staff", status_code=201)
    async def add(body: NewStaff, me: me_of) -> dict[str, Any]:
        demand(me.staff.role, "staff.manage")
        member = Staff(f"a{uuid4().hex}", body.login, body.name, body.role, body.languages, body.groups, body.capacity)
        try:
            await hall.roster.add(member, hall.passwords.hash(body.password))
        except LoginTaken as error:
            raise Refused("conflict", str(error), "login") from error
        return await _described(hall, member)

    @api.get("/parked")
    async def parked(me: me_of) -> dict[str, Any]:
        demand(me.staff.role, "parked.replay")
        return {"parked": [{**asdict(one), "at": timestamp(one.at)} for one in await hall.log.parked()]}
