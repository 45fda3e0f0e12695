"""A page with the widget tells of a visitor who has not written (docs/protocol.md, Visitors)."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from pydantic import Field, StringConstraints

from channels.api.door import Door
from channels.api.frames import Frame, Site


class Visit(Frame):
    visitor: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{8,64}$")]
    site: Site
    language: Literal["zh", "en"]
    page: Annotated[str, StringConstraints(max_length=2000)] = ""
    seconds: Annotated[int, Field(ge=0, le=86_400)] = 0
    returning: bool = False


def visit_routes(api: APIRouter, door: Door) -> None:
    """Without a token: nobody is recognised and nothing is kept."""

    @api.post("/visit")
    async def visit(body: Visit, request: Request) -> dict[str, Any]:
        await door.admit("visited", request.client)
        door.site(body.site, request.headers.get("origin"), request.headers.get("host", ""))
        about = body.model_dump(include={"language", "page", "seconds", "returning"})
        offer = await door.visitors.seen(body.visitor, body.site, about)
        return {"invitation": {"id": offer.id, "text": offer.text} if offer else None}
