"""Lists, one conversation in full, and contacts."""

from collections.abc import Mapping
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query

from conversation.codec import timestamp
from conversation.log import Search
from conversation.model import Conversation
from desk.api.daily_bodies import ListQuery
from desk.api.hall import Hall, Me, seen_by_staff
from desk.rules.daily import Filter
from desk.store.tickets import matching
from web.errors import Refused
from web.fields import Seq
from web.permissions import demand

EXPORTED: Final = 1000
SHOWN: Final = 100
PAST: Final = 20
VIEWS: Final[Mapping[str, Search]] = {
    "bot": Search(status="open", holder="bot"),
    "open": Search(status="open"),
    "closed": Search(status="closed"),
    "all": Search(),
}


def list_routes(api: APIRouter, hall: Hall, me_of: Any) -> None:
    """Conversations by view, one in full, and its history."""
    _one_conversation_routes(api, hall, me_of)

    @api.get("/conversations")
    async def conversations(me: me_of, asked: Annotated[ListQuery, Query()]) -> dict[str, Any]:
        view, before, limit = asked.view, asked.before, asked.limit
        mine = Search(status="open", agent=me.staff.id)
        waiting = await hall.log.waiting()
        more = False
        if view == "waiting":
            found, more = waiting[:limit], len(waiting) > limit
        elif view == "matching":
            found, more = await hall.matching(Filter(**asked.wanted()), me, before, limit)
        else:
            if view not in ("mine", "bot"):
                demand(me.staff.role, "conversations.all")
            found = await hall.log.find(mine if view == "mine" else VIEWS[view], before=before, limit=limit)
            more = len(found) == limit
        beside = [now for now in hall.desk.routing.floor.held.values() if me.staff.id in now.participants]
        if view == "mine" and before is None:
            found = sorted([*found, *beside], key=lambda now: -now.seq)
        counts = {"mine": await hall.log.count(mine) + len(beside), "waiting": len(waiting)}
        counts |= {name: await hall.log.count(VIEWS[name]) for name in ("bot", "open")}
        return {"conversations": [hall.summary(c) for c in found], "counts": counts, "more": more}


def _one_conversation_routes(api: APIRouter, hall: Hall, me_of: Any) -> None:
    @api.get("/conversations/{id}")
    async def conversation(id: str, me: me_of) -> dict[str, Any]:
        now = await hall.visible(id, me)
        events = await hall.log.history(id, limit=SHOWN)
        draft = await hall.tools.drafts.find(f"{me.staff.id}:{id}")
        return {
            "draft": {"text": "", "note": "", **(draft.body if draft else {})},
            "conversation": hall.summary(now),
            "events": seen_by_staff(events),
            "more": len(events) == SHOWN,
            "contact": await _contact(hall, now, me),
        }

    @api.get("/conversations/{id}/events")
    async def events(
        id: str, me: me_of, after: Seq = 0, before: Seq | None = None, limit: Annotated[int, Query(ge=1, le=500)] = 100
    ) -> dict[str, Any]:
        await hall.visible(id, me)
        found = await hall.log.history(id, after=after, before=before, limit=limit)
        return {"events": seen_by_staff(found), "more": len(found) == limit}


async def _contact(hall: Hall, now: Conversation, me: Me) -> dict[str, Any]:
    """Who this is, and what else they asked, as far as this person may see it."""
    everything = await hall.desk.conversations_of(now.contact)
    others = [one for one in everything if one.id != now.id and hall.may_see(one, me.staff)]
    return {
        "id": now.contact,
        "name": now.contact_name,
        "email": now.email,
        "phone": now.phone,
        "first_seen": timestamp(min(one.started_at for one in everything if one.started_at)),
        "conversations": [hall.summary(one) for one in others[:PAST]],
    }


def contact_routes(api: APIRouter, hall: Hall, me_of: Any) -> None:
    """Everything about a contact out, or gone."""

    @api.get("/contacts/{id}/export")
    async def export(id: str, me: me_of) -> dict[str, Any]:
        demand(me.staff.role, "contacts.manage")
        found = await hall.desk.conversations_of(id)
        if not found:
            raise Refused("not_found", "there is no such contact")
        histories = [(one, await hall.log.history(one.id)) for one in found]
        told = [{"conversation": hall.summary(one), "events": seen_by_staff(events)} for one, events in histories]
        profile = {**await hall.tools.contacts.profile(id), "notes": await hall.tools.contacts.notes(id)}
        await hall.note(me, "contact.exported", id, {})
        own = await hall.tickets.select(*matching("all", "", {"contact": id}, ""), limit=EXPORTED)
        return {
            "contact": id,
            "profile": profile,
            "conversations": told,
            "tickets": [hall.tickets.shown(t) for t in own],
        }

    @api.post("/contacts/{id}/erase")
    async def erase(id: str, me: me_of) -> dict[str, Any]:
        demand(me.staff.role, "contacts.manage")
        await hall.tools.contacts.forget(id)
        for file in await hall.tickets.forget(id):
            await hall.files.delete(file)
        await hall.note(me, "contact.erased", id, {})
        return {"erased": await hall.desk.erase(id, me.staff.id)}
