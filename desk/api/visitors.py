"""Who is on the sites now without having written, and inviting them."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Path
from pydantic import StringConstraints

from desk.api.bodies import Body
from desk.api.hall import Hall
from desk.service.visitors import AlreadyInvited
from web.errors import Refused
from web.permissions import demand

SHOWN: Final = 200


class Invitation(Body):
    text: Annotated[str, StringConstraints(min_length=1, max_length=500, strip_whitespace=True)]


def visitor_routes(api: APIRouter, hall: Hall, me_of: Any) -> None:
    """Both need what talking to customers needs."""

    @api.get("/visitors")
    async def here(me: me_of) -> dict[str, Any]:
        demand(me.staff.role, "conversations.own")
        found = await hall.visitors.here()
        return {"visitors": found[:SHOWN], "count": len(found)}

    @api.post("/visitors/{id}/invite", status_code=202)
    async def invite(
        id: Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{8,64}$")], body: Invitation, me: me_of
    ) -> dict[str, Any]:
        demand(me.staff.role, "conversations.own")
        try:
            offer = await hall.visitors.invite(id, body.text, me.staff)
        except KeyError:
            raise Refused("not_found", "this visitor has left") from None
        except AlreadyInvited:
            raise Refused("conflict", "this visitor was invited within the last day") from None
        return {"id": offer.id}
