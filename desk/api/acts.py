"""What people do with a conversation."""

from typing import Any

from fastapi import APIRouter

from desk.api.bodies import Act, Noted, ReadBody, Remarked, Reply, Transfer
from desk.api.hall import Hall, done_of
from web.errors import Refused
from web.permissions import demand, may


def act_routes(api: APIRouter, hall: Hall, me_of: Any) -> None:
    """Take, reply, note, pass on, close, reopen, read, redact."""
    _talk_routes(api, hall, me_of)
    _hand_routes(api, hall, me_of)
    _end_routes(api, hall, me_of)


def _talk_routes(api: APIRouter, hall: Hall, me_of: Any) -> None:
    path = "/conversations/{id}"

    @api.post(path + "/take")
    async def take(id: str, body: Act, me: me_of) -> dict[str, Any]:
        demand(me.staff.role, "conversations.own")
        manages = may(me.staff.role, "conversations.manage")
        return done_of(await hall.desk.take(id, me.staff, body.id, manages=manages))

    @api.post(path + "/replies")
    async def reply(id: str, body: Reply, me: me_of) -> dict[str, Any]:
        files = await hall.attached(body.attachments)
        card = body.card.card() if body.card else None
        return done_of(await hall.desk.reply(id, me.staff, body.id, body.text, files, card))

    @api.post(path + "/notes")
    async def note(id: str, body: Noted, me: me_of) -> dict[str, Any]:
        await hall.visible(id, me)
        return done_of(await hall.desk.note(id, me.staff, body.id, body.text, body.mentions))


def _hand_routes(api: APIRouter, hall: Hall, me_of: Any) -> None:
    path = "/conversations/{id}"

    @api.post(path + "/transfer")
    async def transfer(id: str, body: Transfer, me: me_of) -> dict[str, Any]:
        if bool(body.to) == bool(body.group):
            raise Refused("invalid", "either a colleague or a group", "to")
        if body.to and body.to not in {member.id for member in await hall.roster.all()}:
            raise Refused("invalid", "nobody here has this id", "to")
        hall.demand_group(body.group, "group")
        passed = await hall.desk.transfer(id, me.staff, body.id, to=body.to, group=body.group, note=body.note)
        return done_of(passed)

    @api.post(path + "/return")
    async def give_back(id: str, body: Remarked, me: me_of) -> dict[str, Any]:
        return done_of(await hall.desk.give_back(id, me.staff, body.id, body.reason))

    @api.post(path + "/handback")
    async def hand_back(id: str, body: Remarked, me: me_of) -> dict[str, Any]:
        return done_of(await hall.desk.hand_back(id, me.staff, body.id, body.note))


def _end_routes(api: APIRouter, hall: Hall, me_of: Any) -> None:
    path = "/conversations/{id}"

    @api.post(path + "/close")
    async def close(id: str, body: Remarked, me: me_of) -> dict[str, Any]:
        return done_of(await hall.desk.close(id, me.staff, body.id, body.reason))

    @api.post(path + "/reopen")
    async def reopen(id: str, body: Act, me: me_of) -> dict[str, Any]:
        demand(me.staff.role, "conversations.own")
        await hall.visible(id, me)
        return done_of(await hall.desk.reopen(id, me.staff, body.id))

    @api.post(path + "/read")
    async def read(id: str, body: ReadBody, me: me_of) -> dict[str, Any]:
        now = await hall.visible(id, me)
        if not now.held_by(me.staff.id):
            raise Refused("conflict", "only who holds the conversation marks it as read")
        return done_of(await hall.desk.read(id, body.seq))

    @api.post(path + "/redact")
    async def redact(id: str, body: ReadBody, me: me_of) -> dict[str, Any]:
        demand(me.staff.role, "redact")
        event = await hall.log.event(body.seq)
        if event is None or event.conversation != id:
            raise Refused("not_found", "this conversation has nothing at that seq", "seq")
        return {"seq": await hall.desk.redact(body.seq, me.staff.id)}
