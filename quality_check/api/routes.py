"""Quality's routes: scores in lists and figures, one conversation with its hits beside the words."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from quality_check.api.bodies import ListFilter, OverviewFilter
from quality_check.api.editions import edition_routes
from quality_check.api.examples import example_routes
from quality_check.api.exports import export_routes
from quality_check.api.hall import Quality, wanted
from quality_check.api.overview import overview_of, rule_over_time
from quality_check.api.plans import plan_routes
from quality_check.api.shown import judgement_of, line_of, plain, said_of, shown
from quality_check.api.work import work_routes
from quality_check.rules.judging import verdict_of
from quality_check.rules.transcript import transcript
from quality_check.store.inspections import Inspection
from web.permissions import demand, may
from web.staff import Asks, Person


def build(quality: Quality, asks: Asks) -> APIRouter:
    """All of quality's routes."""
    api = APIRouter(prefix="/api/quality", tags=["quality"])
    me_of: Any = Annotated[Person, Depends(asks)]
    _score_routes(api, quality, me_of)
    export_routes(api, quality, me_of)
    work_routes(api, quality, me_of)
    plan_routes(api, quality, me_of)
    edition_routes(api, quality, me_of)
    example_routes(api, quality, me_of)
    return api


def _score_routes(api: APIRouter, quality: Quality, me_of: Any) -> None:
    @api.get("/overview")
    async def overview(me: me_of, asked: Annotated[OverviewFilter, Query()]) -> dict[str, Any]:
        return await overview_of(quality, me, asked)

    @api.get("/overview/rules/{rule}")
    async def rule_rows(rule: str, me: me_of, asked: Annotated[OverviewFilter, Query()]) -> dict[str, Any]:
        return {"rows": await rule_over_time(quality, me, rule[:60], asked)}

    @api.get("/inspections")
    async def inspections(me: me_of, asked: Annotated[ListFilter, Query()]) -> dict[str, Any]:
        conditions = wanted(me, asked, "limit", "offset")
        found = await quality.inspections.select(*conditions, limit=asked.limit + 1, offset=asked.offset)
        rules = (await quality.rulebook.active()).rubric.rules.values()
        return {
            "inspections": [shown(one) for one in found[: asked.limit]],
            "more": len(found) > asked.limit,
            "rule_names": {rule.id: rule.name for rule in rules},
        }

    @api.get("/inspections/{id}")
    async def inspection(id: str, me: me_of) -> dict[str, Any]:
        return await whole(quality, await quality.visible(id, me), me)

    @api.post("/inspections/{id}/again")
    async def again(id: str, me: me_of) -> dict[str, Any]:
        demand(me.role, "quality.manage")
        found = await quality.visible(id, me)
        newer = await quality.scoring.again(found)
        return await whole(quality, newer, me)


async def whole(quality: Quality, found: Inspection, me: Person) -> dict[str, Any]:
    """One inspection with its messages, lines, filled card, reviews, appeal and coaching."""
    events = await quality.log.history(found.conversation, before=found.upto + 1)
    card = (await quality.rulebook.card(found.card)).card if found.card else None
    rubric = await quality.rulebook.rubric(found.rubric)
    _, judged = await quality.reviews.judge(found, verdict_of(found.hits, found.answers))
    desks, reads = quality.reviews.desks, may(me.role, "quality.read")
    reviews = await desks.reviews.select(desks.reviews.table.c.inspection == found.id)
    seen = [
        one for one in reviews if one.kind != "calibration" and one.state != "gone" and (reads or one.state == "done")
    ]
    appeals = await desks.appeals.select(desks.appeals.table.c.inspection == found.id)
    cards = await desks.coaching.select(desks.coaching.table.c.inspection == found.id)
    unmasked = may(me.role, "quality.unmask")
    named = {rule.id: rule.name for rule in rubric.rules.values()}
    return {
        **shown(found),
        "lines": [{**line_of(line), "name": named.get(line.rule, {})} for line in found.hits],
        "answers": dict(found.answers),
        "attributes": dict(found.attributes),
        "card_filled": judgement_of(judged, card),
        "opinions": [dict(one) for one in found.opinions],
        "messages": [said_of(one, unmasked) for one in transcript(events)],
        "reviews": [plain(one) for one in seen],
        "appeal": plain(appeals[0]) if appeals else None,
        "coaching": [plain(one) for one in cards],
        "rule_names": named,
        "others": [shown(one) for one in await quality.inspections.of(found.conversation) if one.id != found.id],
    }
