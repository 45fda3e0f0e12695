"""The widget's door for apps without sockets (docs/protocol.md, REST beside it)."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Request, UploadFile
from fastapi.responses import FileResponse

from channels.api.door import Door, shown
from channels.api.frames import Hello, Leave, Rate, Read, Said, Send, Wish
from channels.api.visits import visit_routes
from channels.service import Visitor
from conversation.codec import timestamp
from conversation.log import Search
from web.errors import Refused
from web.fields import Seq
from web.files import serve


def build(door: Door) -> APIRouter:
    """All of the widget's routes."""
    api = APIRouter(prefix="/widget", tags=["widget"])
    _reading_routes(api, door)
    _saying_routes(api, door)
    _file_routes(api, door)
    visit_routes(api, door)
    return api


async def _visit(door: Door, token: str) -> tuple[str, Visitor]:
    """The conversation a token stands for."""
    known = door.tokens.read(token)
    for now in await door.log.find(Search(contact=known.contact, site=known.site), limit=1):
        return now.id, Visitor(known.contact, known.site, now.language)
    raise Refused("not_found", "this token has no conversation; begin with POST /widget/session")


def _bearer(authorization: Annotated[str, Header()] = "") -> str:
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Refused("unauthenticated", "the header Authorization: Bearer <token> is missing")
    return token


Token = Annotated[str, Depends(_bearer)]


def _reading_routes(api: APIRouter, door: Door) -> None:
    @api.get("/config")
    async def config(site: str) -> dict[str, Any]:
        found = door.site(site)
        return {
            "site": site,
            "title": found.title,
            "greeting": found.greeting,
            "languages": found.languages,
            "color": found.color,
            "quick_replies": found.quick_replies,
            "invitations": [asdict(one) for one in found.invitations],
        }

    @api.post("/session")
    async def session(body: Hello, request: Request) -> dict[str, Any]:
        visitor, conversation = await door.enter(body, request)
        return await door.snapshot(conversation.id, visitor, body.since)

    @api.get("/history")
    async def history(
        token: Token, after: Seq = 0, before: Seq | None = None, limit: Annotated[int, Query(ge=1, le=100)] = 50
    ) -> dict[str, Any]:
        conversation, _ = await _visit(door, token)
        events = await door.log.history(conversation, after=after, before=before, limit=limit)
        return {
            "events": [seen for event in events if (seen := shown(event)) is not None],
            "more": len(events) == limit,
        }


def _saying_routes(api: APIRouter, door: Door) -> None:
    async def act(token: str, said: Said) -> dict[str, Any]:
        conversation, visitor = await _visit(door, token)
        done = await door.act(conversation, visitor, said)
        id = getattr(said, "id", None)
        return {"id": id, "seq": done.seq, "at": timestamp(done.events[0].at)} if done else {}

    @api.post("/messages")
    async def send(body: Send, token: Token) -> dict[str, Any]:
        return await act(token, body)

    @api.post("/wishes")
    async def wish(body: Wish, token: Token) -> dict[str, Any]:
        return await act(token, body)

    @api.post("/left-messages")
    async def leave(body: Leave, token: Token) -> dict[str, Any]:
        return await act(token, body)

    @api.post("/rating")
    async def rate(body: Rate, token: Token) -> dict[str, Any]:
        return await act(token, body)

    @api.post("/read")
    async def read(body: Read, token: Token) -> dict[str, Any]:
        return await act(token, body)


def _file_routes(api: APIRouter, door: Door) -> None:
    @api.post("/files", status_code=201)
    async def upload(file: UploadFile, token: Token) -> dict[str, Any]:
        _, visitor = await _visit(door, token)
        if await door.signals.count(f"files:{visitor.contact}", 60) > 20:
            raise Refused("too_many", "more than 20 files in a minute; slow down", "file", retry_after=60)
        kept = await door.files.save(file.filename or "", await file.read(), visitor.contact)
        return {
            "id": kept.id,
            "name": kept.name,
            "media_type": kept.media_type,
            "size": kept.size,
            "url": f"/widget/files/{kept.id}",
        }

    @api.get("/files/{id}")
    async def download(id: str, token: str) -> FileResponse:
        known = door.tokens.read(token)
        stored = await door.files.find(id)
        if stored is None or stored.owner not in ("", known.contact):
            raise Refused("not_found", "there is no such file")
        return serve(stored)
