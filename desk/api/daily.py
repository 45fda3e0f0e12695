"""What agents do all day beside talking: canned replies, tags, views, reminders, drafts, wrap-up, search."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Query

from conversation.codec import timestamp
from conversation.events import WrappedUp
from desk.api.daily_bodies import (
    AttributesBody,
    CannedBody,
    CheckBody,
    DraftBody,
    RenderBody,
    Snooze,
    TagsBody,
    ViewBody,
    WrapUp,
)
from desk.api.hall import Hall, Me, done_of, seen_by_staff
from desk.rules.daily import Filter, closeness, fill
from desk.store.search import Wanted
from desk.store.shelf import Kept, Shelf
from web.errors import Refused
from web.fields import Seq
from web.permissions import demand

PAGE: Final = 200
TAGGED: Final = 500
RULE: Final = ("rule", "zh", "en", "severity")


def daily_routes(api: APIRouter, hall: Hall, me_of: Any) -> None:
    """All of them."""
    _canned_routes(api, hall, me_of)
    _mark_routes(api, hall, me_of)
    _reminder_routes(api, hall, me_of)
    _view_routes(api, hall, me_of)
    _search_routes(api, hall, me_of)


async def _kept(shelf: Shelf, id: str) -> Kept:
    kept = await shelf.find(id)
    if kept is None:
        raise Refused("not_found", "nothing has this id", "id")
    return kept


def _canned_routes(api: APIRouter, hall: Hall, me_of: Any) -> None:
    canned = hall.tools.canned

    def demand_scope(scope: str, owner: str, me: Me) -> None:
        if scope != "personal" or owner != me.staff.id:
            demand(me.staff.role, "canned.manage")

    async def note(me: Me, act: str, kept: Kept) -> None:
        if kept.body["scope"] != "personal":
            told = {name: kept.body[name] for name in ("shortcut", "group", "text")}
            await hall.note(me, act, kept.id, {"name": kept.body["title"], **told})

    @api.get("/canned")
    async def find(
        me: me_of, q: Annotated[str, Query(max_length=100)] = "", language: Literal["zh", "en", ""] = ""
    ) -> dict[str, Any]:
        def rank(kept: Kept) -> tuple[int, bool, int, str]:
            other = bool(language) and kept.body["language"] not in (language, "")
            return -closeness(q, kept.body), other, -kept.body["uses"], kept.body["shortcut"]

        found = [kept for kept in await canned.all() if _usable(kept, me) and closeness(q, kept.body)]
        return {"canned": [kept.shown() for kept in sorted(found, key=rank)]}

    @api.post("/canned", status_code=201)
    async def add(body: CannedBody, me: me_of) -> dict[str, Any]:
        demand_scope(body.scope, me.staff.id, me)
        hall.demand_group(body.group, "group")
        kept = await canned.put(me.staff.id, {**body.model_dump(), "uses": 0})
        await note(me, "canned.added", kept)
        return kept.shown()

    @api.put("/canned/{id}")
    async def change(id: str, body: CannedBody, me: me_of) -> dict[str, Any]:
        kept = await _kept(canned, id)
        demand_scope(kept.body["scope"], kept.owner, me)
        demand_scope(body.scope, kept.owner, me)
        hall.demand_group(body.group, "group")
        changed = await canned.put(kept.owner, {**body.model_dump(), "uses": kept.body["uses"]}, id)
        await note(me, "canned.changed", changed)
        return changed.shown()

    @api.delete("/canned/{id}", status_code=204)
    async def remove(id: str, me: me_of) -> None:
        kept = await _kept(canned, id)
        demand_scope(kept.body["scope"], kept.owner, me)
        await canned.remove(id)
        await note(me, "canned.removed", kept)

    _render_route(api, hall, me_of)


def _usable(kept: Kept, me: Me) -> bool:
    scope = kept.body["scope"]
    mine = scope == "personal" and kept.owner == me.staff.id
    return mine or scope == "company" or (scope == "group" and kept.body["group"] in me.staff.groups)


def _render_route(api: APIRouter, hall: Hall, me_of: Any) -> None:
    canned = hall.tools.canned

    @api.post("/canned/{id}/render")
    async def render(id: str, body: RenderBody, me: me_of) -> dict[str, Any]:
        kept = await _kept(canned, id)
        if not _usable(kept, me):
            raise Refused("forbidden", "this one is not yours to use")
        now = await hall.visible(body.conversation, me)
        contact = {"name": now.contact_name, "email": now.email, "phone": now.phone}
        values = {f"contact.{name}": value for name, value in contact.items()}
        values |= {"agent.name": me.staff.name, "conversation.id": now.id, "site": now.site}
        await canned.put(kept.owner, {**kept.body, "uses": kept.body["uses"] + 1}, id)
        return {"text": fill(kept.body["text"], values)}


def _mark_routes(api: APIRouter, hall: Hall, me_of: Any) -> None:
    path = "/conversations/{id}"

    @api.put(path + "/tags")
    async def tag(id: str, body: TagsBody, me: me_of) -> dict[str, Any]:
        await hall.visible(id, me)
        return done_of(await hall.desk.tag(id, me.staff, body.id, tuple(dict.fromkeys(body.tags))))

    @api.patch(path + "/attributes")
    async def know(id: str, body: AttributesBody, me: me_of) -> dict[str, Any]:
        await hall.visible(id, me)
        return done_of(await hall.desk.know(id, me.staff, body.id, body.attributes))

    @api.get("/tags")
    async def tags(me: me_of) -> dict[str, Any]:
        uses: dict[str, int] = {}
        for event in await hall.log.of_kinds(("Tagged",), limit=TAGGED):
            for name in getattr(event.fact, "tags", ()):
                uses[name] = uses.get(name, 0) + 1
        ordered = sorted(uses.items(), key=lambda one: (-one[1], one[0]))
        return {"tags": [{"name": name, "uses": count} for name, count in ordered]}

    @api.get("/wrapup")
    async def form(me: me_of) -> dict[str, Any]:
        return {"reasons": [asdict(reason) for reason in hall.tools.reasons]}

    @api.post(path + "/wrapup")
    async def wrap_up(id: str, body: WrapUp, me: me_of) -> dict[str, Any]:
        await hall.visible(id, me)
        if body.reason not in {reason.id for reason in hall.tools.reasons}:
            raise Refused("invalid", "no reason has this id", "reason")
        fact = WrappedUp(me.staff.id, body.reason, body.summary, body.resolved)
        return done_of(await hall.desk.wrap_up(id, me.staff, body.id, fact))

    _notice_routes(api, hall, me_of)


def _notice_routes(api: APIRouter, hall: Hall, me_of: Any) -> None:
    @api.get("/mentions")
    async def mentions(me: me_of, before: Seq | None = None) -> dict[str, Any]:
        found = await hall.log.of_kinds(("NoteAdded",), before=before, limit=PAGE)
        mine = [event for event in found if me.staff.id in getattr(event.fact, "mentions", ())]
        return {"mentions": seen_by_staff(mine), "more": len(found) == PAGE}

    @api.post("/conversations/{id}/check")
    async def check(id: str, body: CheckBody, me: me_of) -> dict[str, Any]:
        await hall.visible(id, me)
        found = hall.tools.sensitive(body.text)
        words = [{"start": s.start, "end": s.end, "category": s.label, "word": s.of(body.text)} for s in found]
        hits = await hall.foresees(id, body.text) if body.text.strip() else ()
        return {"words": words, "rules": [{key: getattr(hit, key) for key in RULE} for hit in hits]}


def _reminder_routes(api: APIRouter, hall: Hall, me_of: Any) -> None:
    path, snoozes, drafts = "/conversations/{id}", hall.tools.snoozes, hall.tools.drafts

    @api.put(path + "/snooze")
    async def snooze(id: str, body: Snooze, me: me_of) -> dict[str, Any]:
        await hall.visible(id, me)
        if body.until <= datetime.now(UTC):
            raise Refused("invalid", "a time that is still to come", "until")
        kept = {"conversation": id, "until": timestamp(body.until), "note": body.note}
        await snoozes.put(me.staff.id, kept, f"{me.staff.id}:{id}")
        hall.signals.publish("snoozes", {"staff": me.staff.id})
        return kept

    @api.delete(path + "/snooze", status_code=204)
    async def wake(id: str, me: me_of) -> None:
        await snoozes.remove(f"{me.staff.id}:{id}")
        hall.signals.publish("snoozes", {"staff": me.staff.id})

    @api.get("/snoozes")
    async def reminders(me: me_of) -> dict[str, Any]:
        found = sorted(await snoozes.all(me.staff.id), key=lambda kept: str(kept.body["until"]))
        shown = [
            {**kept.body, "conversation": hall.summary(await hall.log.load(kept.body["conversation"]))}
            for kept in found
        ]
        return {"snoozes": shown}

    @api.put(path + "/draft")
    async def draft(id: str, body: DraftBody, me: me_of) -> dict[str, Any]:
        await hall.visible(id, me)
        return dict((await drafts.put(me.staff.id, body.model_dump(), f"{me.staff.id}:{id}")).body)

    @api.delete(path + "/draft", status_code=204)
    async def drop(id: str, me: me_of) -> None:
        await drafts.remove(f"{me.staff.id}:{id}")


def _view_routes(api: APIRouter, hall: Hall, me_of: Any) -> None:
    views = hall.tools.views

    def demand_view(shared: bool, owner: str, me: Me) -> None:
        if shared or owner != me.staff.id:
            demand(me.staff.role, "views.manage")

    async def note(me: Me, act: str, kept: Kept) -> None:
        if kept.body["shared"]:
            await hall.note(me, act, kept.id, {"name": kept.body["name"], "filter": kept.body["filter"]})

    @api.get("/views")
    async def mine(me: me_of, of: Literal["conversations", "tickets"] = "conversations") -> dict[str, Any]:
        found = [kept for kept in await views.all() if kept.body["shared"] or kept.owner == me.staff.id]
        return {"views": [kept.shown() for kept in found if kept.body["of"] == of]}

    @api.post("/views", status_code=201)
    async def add(body: ViewBody, me: me_of) -> dict[str, Any]:
        demand_view(body.shared, me.staff.id, me)
        kept = await views.put(me.staff.id, body.kept())
        await note(me, "view.added", kept)
        return kept.shown()

    @api.put("/views/{id}")
    async def change(id: str, body: ViewBody, me: me_of) -> dict[str, Any]:
        kept = await _kept(views, id)
        demand_view(kept.body["shared"] or body.shared, kept.owner, me)
        changed = await views.put(kept.owner, body.kept(), id)
        await note(me, "view.changed", changed)
        return changed.shown()

    @api.delete("/views/{id}", status_code=204)
    async def remove(id: str, me: me_of) -> None:
        kept = await _kept(views, id)
        demand_view(kept.body["shared"], kept.owner, me)
        await views.remove(id)
        await note(me, "view.removed", kept)

    _seen_route(api, hall, me_of)


def _seen_route(api: APIRouter, hall: Hall, me_of: Any) -> None:
    views = hall.tools.views

    @api.get("/views/{id}/conversations")
    async def seen(
        id: str, me: me_of, before: Seq | None = None, limit: Annotated[int, Query(ge=1, le=100)] = 50
    ) -> dict[str, Any]:
        kept = await _kept(views, id)
        if kept.owner != me.staff.id and not kept.body["shared"]:
            raise Refused("forbidden", "this view is somebody else's")
        if kept.body["of"] != "conversations":
            raise Refused("invalid", "this is a view of tickets", "id")
        found, more = await hall.matching(Filter(**kept.body["filter"]), me, before, limit)
        return {"conversations": [hall.summary(now) for now in found], "more": more}


def _search_routes(api: APIRouter, hall: Hall, me_of: Any) -> None:
    @api.get("/search")
    async def search(
        me: me_of,
        q: Annotated[str, Query(min_length=1, max_length=200)],
        before: Annotated[int | None, Query(ge=1, le=2**62)] = None,
        limit: Annotated[int, Query(ge=1, le=50)] = 20,
        by: Literal["customer", "bot", "agent"] | None = None,
        since: Annotated[datetime | None, Query(alias="from")] = None,
        until: Annotated[datetime | None, Query(alias="to")] = None,
    ) -> dict[str, Any]:
        terms = hall.tools.search.wanted(q)
        if not terms:
            return {"hits": [], "more": False}
        found = await hall.tools.search.find(Wanted(terms, by, since, until), before, limit)
        hits = []
        for hit in found:
            now = await hall.log.load(hit.event.conversation)
            if hall.may_see(now, me.staff):
                seen: Mapping[str, Any] = {"seq": hit.event.seq, "at": timestamp(hit.event.at), "by": hit.by}
                spans = hall.tools.search.spans(hit.text, terms)
                hits.append({**seen, "text": hit.text, "spans": spans, "conversation": hall.summary(now)})
        return {"hits": hits, "more": len(found) == limit}
