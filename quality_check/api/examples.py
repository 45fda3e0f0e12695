"""Marked messages, and rules proposed for them."""

from typing import Any

from fastapi import APIRouter

from quality_check.api.bodies import ExampleBody, ProposalBody
from quality_check.api.hall import Quality
from quality_check.api.shown import covered, plain
from web.errors import Refused
from web.permissions import demand, may
from web.staff import Person


def example_routes(api: APIRouter, quality: Quality, me_of: Any) -> None:
    """For those who review; who manages rules gets proposals."""
    examples = quality.examples

    async def listed(me: Person, name: str) -> dict[str, Any]:
        found = await examples.listed(examples.examples.table.c.name == name) if name else []
        unmasked = may(me.role, "quality.unmask")
        shown = [
            {**plain(one), "role": told.role, "text": told.text if unmasked else covered(told.text)}
            for one, told in found
        ]
        return {"names": dict(await examples.names()), "examples": shown}

    @api.get("/examples")
    async def lists(me: me_of, name: str = "") -> dict[str, Any]:
        demand(me.role, "quality.review")
        return await listed(me, name[:60])

    @api.post("/examples", status_code=201)
    async def mark(body: ExampleBody, me: me_of) -> dict[str, Any]:
        demand(me.role, "quality.review")
        try:
            return plain(await examples.mark(body.name.strip(), body.seq, me.id))
        except LookupError as error:
            raise Refused("invalid", str(error), "seq") from None

    @api.delete("/examples/{id}", status_code=204)
    async def unmark(id: str, me: me_of) -> None:
        demand(me.role, "quality.review")
        if not await examples.examples.remove(id):
            raise Refused("not_found", "there is no such example")

    @api.post("/proposals")
    async def propose(body: ProposalBody, me: me_of) -> dict[str, Any]:
        demand(me.role, "quality.manage")
        found, marked, others = await examples.find(body.name.strip(), body.last)
        told = [{**plain(one.proposal), "rule": one.rule} for one in found]
        return {"marked": marked, "others": others, "proposals": told}
