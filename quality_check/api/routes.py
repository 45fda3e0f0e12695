"""Quality's routes: scores in lists, one conversation with its hits beside the words."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from language import pii
from quality_check.api.bodies import ListFilter
from quality_check.api.hall import Asks, Person, Quality, line_of, moment, shown
from quality_check.rules.transcript import Said, transcript
from quality_check.store.inspections import Inspection, matching
from web.errors import Refused
from web.permissions import demand, may


def build(quality: Quality, asks: Asks) -> APIRouter:
    """All of quality's routes."""
    api = APIRouter(prefix="/api/quality", tags=["quality"])
    me_of: Any = Annotated[Person, Depends(asks)]
    _score_routes(api, quality, me_of)
    return api


def wanted(me: Person, asked: ListFilter) -> list[Any]:
    """Conditions of a list's filters. Who reads only their own sees nothing else."""
    filters = asked.model_dump(exclude={"limit", "offset"})
    if not may(me.role, "quality.read"):
        demand(me.role, "quality.own")
        filters["subject"] = me.id
    elif asked.subject == "me":
        filters["subject"] = me.id
    return matching(filters)


async def visible(quality: Quality, id: str, me: Person) -> Inspection:
    """An inspection this person may see: all with permission, else their own. Raises Refused."""
    found = await quality.inspections.find(id)
    if found is None:
        raise Refused("not_found", "there is no such inspection")
    if not may(me.role, "quality.read") and found.subject != me.id:
        raise Refused("forbidden", "this is a colleague's score")
    return found


def _score_routes(api: APIRouter, quality: Quality, me_of: Any) -> None:
    @api.get("/inspections")
    async def inspections(me: me_of, asked: Annotated[ListFilter, Query()]) -> dict[str, Any]:
        conditions = wanted(me, asked)
        found = await quality.inspections.select(*conditions, limit=asked.limit + 1, offset=asked.offset)
        return {"inspections": [shown(one) for one in found[: asked.limit]], "more": len(found) > asked.limit}

    @api.get("/inspections/{id}")
    async def inspection(id: str, me: me_of) -> dict[str, Any]:
        found = await visible(quality, id, me)
        events = await quality.log.history(found.conversation, before=found.upto + 1)
        others = [shown(one) for one in await quality.inspections.of(found.conversation) if one.id != found.id]
        unmasked = may(me.role, "quality.unmask")
        return {
            **shown(found),
            "hits": [line_of(line) for line in found.hits],
            "answers": dict(found.answers),
            "attributes": dict(found.attributes),
            "messages": [said_of(one, unmasked) for one in transcript(events)],
            "others": others,
        }


def said_of(one: Said, unmasked: bool) -> dict[str, Any]:
    """A message; personal numbers are covered, sign for sign, so that places stay true."""
    text = one.text if unmasked else covered(one.text)
    told = {"seq": one.seq, "role": one.role, "by": one.by, "name": one.name, "at": moment(one.at), "text": text}
    return {**told, "redacted": one.redacted}


def covered(text: str) -> str:
    """Every personal number and address as dots of the same length."""
    for span in pii.find(text):
        text = text[: span.start] + "•" * (span.end - span.start) + text[span.end :]
    return text
