"""Tickets at the desk, and a customer's own in the widget."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.responses import StreamingResponse

from conversation.codec import timestamp
from desk.api.bodies import Write
from desk.api.hall import Hall, Me
from desk.api.reports import zone_of
from desk.api.ticket_bodies import (
    BulkBody,
    Comment,
    LinkBody,
    MergeBody,
    NewTicketBody,
    TicketChanges,
    TicketFilter,
    TicketSheet,
)
from desk.api.ticket_sheet import sheet
from desk.rules.tickets import MERGED, BadTicket, Ticket
from desk.service.tickets import Actor, NewTicket, Tickets
from desk.store.tickets import TicketChanged, matching
from web.errors import Refused
from web.files import with_urls
from web.permissions import demand
from web.tokens import Tokens

EXPORTED: Final = 10_000
MAILED_BYTES: Final = 15 * 1024 * 1024  # a third more in base64, and many servers take 25 MB
NOT_COMPARED: Final = {"view", "q", "before", "limit", "words", "timezone"}


def _wanted(me: Me, asked: TicketFilter) -> list[Any]:
    """Conditions of a list's filters; assignee "me" is whoever looks."""
    filters = asked.model_dump(exclude=NOT_COMPARED)
    if asked.assignee == "me":
        filters["assignee"] = me.staff.id
    return matching(asked.view, me.staff.id, filters, asked.q)


def _refused(error: Exception) -> Refused:
    if isinstance(error, BadTicket):
        return Refused("invalid", str(error), error.field)
    return Refused("conflict", "somebody changed this ticket meanwhile; read it again", "version")


def ticket_routes(api: APIRouter, hall: Hall, me_of: Any) -> None:
    """Lists, new ones, one ticket, and what is done to it."""
    _list_routes(api, hall, me_of)
    _new_routes(api, hall, me_of)
    _bulk_route(api, hall.tickets, me_of)
    _one_ticket_routes(api, hall.tickets, me_of)
    _comment_route(api, hall, me_of)
    _tie_routes(api, hall.tickets, me_of)


def _list_routes(api: APIRouter, hall: Hall, me_of: Any) -> None:
    tickets = hall.tickets

    @api.get("/ticket-types")
    async def types(me: me_of) -> dict[str, Any]:
        return asdict(tickets.book)

    @api.get("/tickets")
    async def lists(me: me_of, asked: Annotated[TicketFilter, Query()]) -> dict[str, Any]:
        found = await tickets.select(*_wanted(me, asked), before=asked.before, limit=asked.limit)
        return {"tickets": [tickets.shown(one) for one in found], "more": len(found) == asked.limit}

    @api.get("/tickets.csv")
    async def export(me: me_of, asked: Annotated[TicketSheet, Query()]) -> StreamingResponse:
        zone = zone_of(asked.timezone)
        found = await tickets.select(*_wanted(me, asked), before=asked.before, limit=EXPORTED)
        people = {one.id: one.name for one in await hall.roster.all(gone=True)}
        lines = sheet(found, tickets.book, hall.setup.premises.groups, people, asked.words, zone)
        return StreamingResponse(lines, media_type="text/csv; charset=utf-8")


def _new_routes(api: APIRouter, hall: Hall, me_of: Any) -> None:
    tickets = hall.tickets

    @api.post("/tickets", status_code=201)
    async def add(body: NewTicketBody, me: me_of) -> dict[str, Any]:
        contact = body.contact
        if body.conversation:
            contact = (await hall.visible(body.conversation, me)).contact
        told = body.model_dump(exclude={"id", "contact"})
        try:
            return tickets.shown(await tickets.open(NewTicket(**told, contact=contact), _actor(me), body.id))
        except BadTicket as error:
            raise _refused(error) from error


def mail_route(api: APIRouter, hall: Hall, me_of: Any) -> None:
    """Where a mail server brings its mail."""

    @api.post("/tickets/mail")
    async def deliver(me: me_of, request: Request) -> dict[str, Any]:
        demand(me.staff.role, "mail.deliver")
        try:
            return asdict(await hall.postman.letters.receive(await request.body()))
        except (BadTicket, TicketChanged) as error:
            raise _refused(error) from error


def _bulk_route(api: APIRouter, tickets: Tickets, me_of: Any) -> None:
    @api.post("/tickets/bulk")
    async def bulk(body: BulkBody, me: me_of) -> dict[str, Any]:
        changes = body.model_dump(exclude={"tickets"}, exclude_none=True)
        done, refused = [], []
        for id in dict.fromkeys(body.tickets):
            try:
                await tickets.change(await _found(tickets, id), changes, _actor(me))
                done.append(id)
            except (BadTicket, TicketChanged, Refused) as error:
                reason = error if isinstance(error, Refused) else _refused(error)
                refused.append({"ticket": id, "message": reason.message})
        return {"done": done, "refused": refused}


def _one_ticket_routes(api: APIRouter, tickets: Tickets, me_of: Any) -> None:
    path = "/tickets/{id}"

    @api.get(path)
    async def one(id: str, me: me_of) -> dict[str, Any]:
        return await _whole(tickets, await _found(tickets, id))

    @api.patch(path)
    async def change(id: str, body: TicketChanges, me: me_of) -> dict[str, Any]:
        ticket = await _found(tickets, id)
        try:
            if ticket.version != body.version:
                raise TicketChanged(id)
            changes = body.model_dump(exclude={"version"}, exclude_none=True)
            return await _whole(tickets, await tickets.change(ticket, changes, _actor(me)))
        except (BadTicket, TicketChanged) as error:
            raise _refused(error) from error


def _comment_route(api: APIRouter, hall: Hall, me_of: Any) -> None:
    tickets = hall.tickets

    @api.post("/tickets/{id}/comments")
    async def comment(id: str, body: Comment, me: me_of) -> dict[str, Any]:
        ticket, files = await _found(tickets, id), await hall.attached(body.attachments)
        if body.public and sum(file.size for file in files) > MAILED_BYTES:
            raise Refused("too_large", f"files of an answer have at most {MAILED_BYTES} bytes together", "attachments")
        try:
            done = await tickets.comment(ticket, _actor(me), body.id, body.text, public=body.public, files=files)
            return await _whole(tickets, done)
        except TicketChanged as error:
            raise _refused(error) from error


def _tie_routes(api: APIRouter, tickets: Tickets, me_of: Any) -> None:
    path = "/tickets/{id}"

    async def link(id: str, body: LinkBody, me: Me, on: bool) -> dict[str, Any]:
        ticket = await _found(tickets, id)
        try:
            return await _whole(tickets, await tickets.link(ticket, _actor(me), body.kind, body.to, on=on))
        except (BadTicket, TicketChanged) as error:
            raise _refused(error) from error

    @api.post(path + "/links")
    async def tie(id: str, body: LinkBody, me: me_of) -> dict[str, Any]:
        return await link(id, body, me, True)

    @api.delete(path + "/links")
    async def untie(id: str, body: LinkBody, me: me_of) -> dict[str, Any]:
        return await link(id, body, me, False)

    @api.post(path + "/merge")
    async def merge(id: str, body: MergeBody, me: me_of) -> dict[str, Any]:
        try:
            both = await _found(tickets, id), await _found(tickets, body.into)
            return await _whole(tickets, await tickets.merge(*both, _actor(me)))
        except (BadTicket, TicketChanged) as error:
            raise _refused(error) from error

    async def watch(id: str, me: Me, on: bool) -> dict[str, Any]:
        try:
            return await _whole(tickets, await tickets.watch(await _found(tickets, id), _actor(me), on=on))
        except TicketChanged as error:
            raise _refused(error) from error

    @api.put(path + "/watch")
    async def look(id: str, me: me_of) -> dict[str, Any]:
        return await watch(id, me, True)

    @api.delete(path + "/watch")
    async def look_away(id: str, me: me_of) -> dict[str, Any]:
        return await watch(id, me, False)


async def _whole(tickets: Tickets, ticket: Ticket) -> dict[str, Any]:
    changes = []
    for one in await tickets.history(ticket.id):
        body = with_urls(dict(one.body), "/api/files")
        changes.append({**asdict(one), "at": timestamp(one.at), "body": body})
    return {**tickets.shown(ticket), "changes": changes}


async def _found(tickets: Tickets, id: str) -> Ticket:
    ticket = await tickets.find(id)
    if ticket is None:
        raise Refused("not_found", "there is no such ticket")
    return ticket


def _actor(me: Me) -> Actor:
    return Actor(me.staff.id, me.staff.name)


def build_widget(tickets: Tickets, tokens: Tokens, allow: Callable[[str], Awaitable[None]]) -> APIRouter:
    """A customer's own tickets, by the widget's token; `allow` raises Refused for who may not write just now."""
    api = APIRouter(prefix="/widget/tickets", tags=["widget"])

    def contact_of(authorization: Annotated[str, Header()] = "") -> str:
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Refused("unauthenticated", "the header Authorization: Bearer <token> is missing")
        return tokens.read(token).contact

    Contact = Annotated[str, Depends(contact_of)]  # noqa: N806

    async def shown(ticket: Ticket) -> dict[str, Any]:
        state = tickets.book.type(ticket.type).state(ticket.state)
        name = MERGED if ticket.merged_into else state.name
        said = [one for one in await tickets.history(ticket.id) if one.public and one.kind == "commented"]
        comments = [
            {
                "at": timestamp(one.at),
                "by": "customer" if one.by == "customer" else one.name,
                "text": one.body["text"],
                "attachments": with_urls(dict(one.body), "/widget/files").get("attachments", []),
            }
            for one in said
        ]
        told = {"number": ticket.number, "title": ticket.title, "state": name, "kind": ticket.state_kind}
        return {**told, "updated_at": timestamp(ticket.updated_at), "comments": comments}

    @api.get("")
    async def own(contact: Contact) -> dict[str, Any]:
        found = await tickets.select(*matching("all", "", {"contact": contact}, ""))
        return {"tickets": [await shown(one) for one in found]}

    @api.post("/{number}/comments")
    async def comment(number: int, body: Write, contact: Contact) -> dict[str, Any]:
        await allow(contact)
        found = await tickets.select(*matching("all", "", {"contact": contact}, ""), limit=200)
        mine = [one for one in found if one.number == number]
        if not mine:
            raise Refused("not_found", "you have no ticket of this number", "number")
        try:
            going_on = await tickets.surviving(mine[0])
            done = await tickets.comment(going_on, Actor("customer", ""), body.id, body.text, public=True)
        except TicketChanged as error:
            raise _refused(error) from error
        return await shown(done if done.contact == contact else mine[0])

    return api
