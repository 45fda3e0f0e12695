"""Who the customers are."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field, StringConstraints

from conversation.model import Conversation
from desk.api.bodies import Body, Remark, StaffId, Tag, Words
from desk.api.hall import Hall, Me
from desk.ports import ShopAway
from web.errors import Refused
from web.permissions import demand

Attribute = Annotated[str, StringConstraints(max_length=400)]


class ContactChanges(Body):
    name: Annotated[str, StringConstraints(max_length=100)] | None = None
    email: Annotated[str, StringConstraints(max_length=200)] | None = None
    phone: Annotated[str, StringConstraints(max_length=40)] | None = None
    vip: bool | None = None
    attributes: Annotated[dict[Tag, Attribute | None], Field(max_length=50)] | None = None


class Remarks(Body):
    text: Words


class OtherContact(Body):
    other: StaffId


class BlockBody(Body):
    hours: Annotated[float, Field(gt=0, le=87_600)] | None = None
    reason: Remark = ""


def profile_routes(api: APIRouter, hall: Hall, me_of: Any) -> None:
    """Profile, notes, one person of two contacts, blocking."""
    _person_routes(api, hall, me_of)
    _note_routes(api, hall, me_of)
    _block_routes(api, hall, me_of)
    contacts, path = hall.tools.contacts, "/contacts/{id}"

    @api.get("/contacts")
    async def find(me: me_of, q: Annotated[str, Query(min_length=1, max_length=100)]) -> dict[str, Any]:
        demand(me.staff.role, "conversations.own")
        return {"contacts": await contacts.find(q, 20)}

    @api.get(path)
    async def show(id: str, me: me_of) -> dict[str, Any]:
        return await _profile(hall, id, me)

    @api.get(path + "/orders")
    async def orders(id: str, me: me_of) -> dict[str, Any]:
        found = await _seen(hall, id, me)
        try:
            return {"orders": await hall.tools.orders.of(found)}
        except ShopAway as error:
            raise Refused("unavailable", "the shop does not answer just now") from error

    @api.patch(path)
    async def change(id: str, body: ContactChanges, me: me_of) -> dict[str, Any]:
        demand(me.staff.role, "conversations.own")
        await _seen(hall, id, me)
        changes = body.model_dump(exclude_none=True)
        await contacts.change(id, changes)
        await hall.note(me, "contact.changed", id, {"changed": sorted(changes)})  # their words are erased with them
        return await _profile(hall, id, me)


def _note_routes(api: APIRouter, hall: Hall, me_of: Any) -> None:
    contacts, path = hall.tools.contacts, "/contacts/{id}"

    @api.post(path + "/notes", status_code=201)
    async def note(id: str, body: Remarks, me: me_of) -> dict[str, Any]:
        await _seen(hall, id, me)
        kept = await contacts.note(id, me.staff.id, me.staff.name, body.text)
        return {"id": kept.id, **kept.body}

    @api.delete(path + "/notes/{note}", status_code=204)
    async def forget(id: str, note: str, me: me_of) -> None:
        await _seen(hall, id, me)
        if not await contacts.forget_note(id, note):
            raise Refused("not_found", "this contact has no such note")


def _block_routes(api: APIRouter, hall: Hall, me_of: Any) -> None:
    contacts, path = hall.tools.contacts, "/contacts/{id}"

    @api.put(path + "/block")
    async def block(id: str, body: BlockBody, me: me_of) -> dict[str, Any]:
        demand(me.staff.role, "contacts.block")
        await contacts.block(id, me.staff.id, body.hours)
        hall.signals.publish(f"blocked:{id}", {"on": True})
        detail = {"hours": body.hours, "reason": body.reason}
        await hall.note(me, "contact.blocked", id, detail)
        return await contacts.profile(id)

    @api.delete(path + "/block", status_code=204)
    async def unblock(id: str, me: me_of) -> None:
        demand(me.staff.role, "contacts.block")
        await contacts.unblock(id)
        hall.signals.publish(f"blocked:{id}", {"on": False})
        await hall.note(me, "contact.unblocked", id, {})


def _person_routes(api: APIRouter, hall: Hall, me_of: Any) -> None:
    contacts, path = hall.tools.contacts, "/contacts/{id}"

    @api.post(path + "/merge")
    async def merge(id: str, body: OtherContact, me: me_of) -> dict[str, Any]:
        demand(me.staff.role, "conversations.own")
        await _seen(hall, id, me)
        await _seen(hall, body.other, me)
        try:
            await contacts.merge(id, body.other)
        except ValueError as error:
            raise Refused("conflict", str(error), "other") from error
        await hall.note(me, "contact.merged", id, {"other": body.other})
        return await _profile(hall, id, me)

    @api.post(path + "/unmerge")
    async def part(id: str, body: OtherContact, me: me_of) -> dict[str, Any]:
        demand(me.staff.role, "conversations.own")
        await _seen(hall, id, me)
        try:
            await contacts.part(id, body.other)
        except ValueError as error:
            raise Refused("conflict", str(error), "other") from error
        await hall.note(me, "contact.parted", id, {"other": body.other})
        return await _profile(hall, id, me)


async def _seen(hall: Hall, id: str, me: Me) -> list[Conversation]:
    """A contact's conversations that this person may see. Raises Refused when there is no such contact, or colleagues
    have all of its conversations in hand."""
    contacts = hall.tools.contacts
    every = await contacts.conversations(id)
    found = [now for now in every if hall.may_see(now, me.staff)]
    if every and not found:
        raise Refused("forbidden", "a colleague has this contact's conversation")
    if not every and not any((await contacts.profile(id)).values()):
        raise Refused("not_found", "there is no such contact")
    return found


async def _profile(hall: Hall, id: str, me: Me) -> dict[str, Any]:
    contacts = hall.tools.contacts
    shown = [hall.summary(now) for now in await _seen(hall, id, me)]
    known, merged = await contacts.profile(id), (await contacts.identities(id))[1:]
    return {"id": id, **known, "merged": merged, "notes": await contacts.notes(id), "conversations": shown}
