"""What people do about scores: reviews, appeals, coaching."""

from typing import Annotated, Any, Literal, TypeVar
from uuid import uuid4

from fastapi import APIRouter, Query

from quality_check.api.bodies import (
    AppealBody,
    AssignBody,
    CoachBody,
    Comment,
    DecisionBody,
    ReviewBody,
    VerdictBody,
)
from quality_check.api.hall import Quality, actor, refused
from quality_check.api.shown import judgement_of, plain
from quality_check.rules.judging import BadVerdict, Judgement
from quality_check.service.reviews import NotNow
from quality_check.store.inspections import Inspection
from web.errors import Refused
from web.permissions import demand, may

T = TypeVar("T")


def found_or_404(found: T | None) -> T:
    """Raises Refused when there is none."""
    if found is None:
        raise Refused("not_found", "there is nothing with this id")
    return found


def work_routes(api: APIRouter, quality: Quality, me_of: Any) -> None:
    """All that people do about a score."""
    _verdict_routes(api, quality, me_of)
    _task_routes(api, quality, me_of)
    _appeal_routes(api, quality, me_of)
    _coaching_routes(api, quality, me_of)


async def _told(quality: Quality, found: Inspection, judged: Judgement) -> dict[str, Any]:
    card = (await quality.rulebook.card(found.card)).card if found.card else None
    return judgement_of(judged, card)


def _verdict_routes(api: APIRouter, quality: Quality, me_of: Any) -> None:
    reviews = quality.reviews.desks.reviews
    c = reviews.table.c

    @api.post("/inspections/{id}/preview")
    async def preview(id: str, body: VerdictBody, me: me_of) -> dict[str, Any]:
        demand(me.role, "quality.review")
        found = await quality.visible(id, me)
        try:
            _, judged = await quality.reviews.judge(found, body.verdict())
        except BadVerdict as error:
            raise refused(error) from error
        return await _told(quality, found, judged)

    @api.post("/inspections/{id}/reviews")
    async def review(id: str, body: ReviewBody, me: me_of) -> dict[str, Any]:
        demand(me.role, "quality.review")
        found = await quality.visible(id, me)
        mine = (c.inspection == found.id, c.reviewer == me.id, c.state == "open", c.kind != "calibration")
        try:
            open_ones = await reviews.select(*mine)
            task = open_ones[0] if open_ones else await quality.reviews.assign(found, me.id, origin=uuid4().hex)
            judged = await quality.reviews.submit(task, actor(me), body.verdict(), body.comment)
        except (BadVerdict, NotNow) as error:
            raise refused(error) from error
        return await _told(quality, found, judged)

    @api.post("/reviews/{id}")
    async def submit(id: str, body: ReviewBody, me: me_of) -> dict[str, Any]:
        demand(me.role, "quality.review")
        task = found_or_404(await reviews.find(id))
        try:
            judged = await quality.reviews.submit(task, actor(me), body.verdict(), body.comment)
        except (BadVerdict, NotNow) as error:
            raise refused(error) from error
        return await _told(quality, await quality.visible(task.inspection, me), judged)


def _task_routes(api: APIRouter, quality: Quality, me_of: Any) -> None:
    reviews = quality.reviews.desks.reviews
    c = reviews.table.c

    @api.get("/reviews")
    async def tasks(
        me: me_of,
        reviewer: Annotated[str, Query(max_length=64)] = "me",
        state: Literal["open", "done"] | None = None,
        limit: Annotated[int, Query(ge=1, le=500)] = 100,
    ) -> dict[str, Any]:
        demand(me.role, "quality.review")
        conditions = [c.state == state] if state else []
        if reviewer != "all":
            conditions.append(c.reviewer == (me.id if reviewer == "me" else reviewer))
        found = await reviews.select(*conditions, limit=limit)
        hidden = {"lines", "answers", "missed"}
        return {"reviews": [{k: v for k, v in plain(one).items() if k not in hidden} for one in found]}

    @api.post("/reviews", status_code=201)
    async def assign(body: AssignBody, me: me_of) -> dict[str, Any]:
        demand(me.role, "quality.manage")
        if body.reviewer not in await quality.names():
            raise Refused("invalid", "nobody here has this id", "reviewer")
        given, left = [], []
        for id in dict.fromkeys(body.inspections):
            try:
                task = await quality.reviews.assign(await quality.visible(id, me), body.reviewer, days=body.days)
                given.append(plain(task))
            except (NotNow, Refused) as error:
                left.append({"inspection": id, "message": str(error)})
        return {"reviews": given, "refused": left}


def _appeal_routes(api: APIRouter, quality: Quality, me_of: Any) -> None:
    appeals = quality.reviews.desks.appeals

    @api.post("/inspections/{id}/acknowledge")
    async def acknowledge(id: str, body: Comment, me: me_of) -> dict[str, Any]:
        try:
            await quality.reviews.acknowledge(await quality.visible(id, me), actor(me), body.comment)
        except NotNow as error:
            raise refused(error) from error
        return {"id": id}

    @api.post("/inspections/{id}/appeals", status_code=201)
    async def appeal(id: str, body: AppealBody, me: me_of) -> dict[str, Any]:
        found = await quality.visible(id, me)
        try:
            return plain(await quality.reviews.appeal(found, actor(me), body.id, body.lines, body.reason, body.turns))
        except (BadVerdict, NotNow) as error:
            raise refused(error) from error

    @api.get("/appeals")
    async def lists(
        me: me_of,
        state: Literal["open", "accepted", "partly", "rejected"] | None = None,
        limit: Annotated[int, Query(ge=1, le=500)] = 100,
    ) -> dict[str, Any]:
        conditions = [appeals.table.c.state == state] if state else []
        if not may(me.role, "quality.read"):
            demand(me.role, "quality.own")
            conditions.append(appeals.table.c.agent == me.id)
        return {"appeals": [plain(one) for one in await appeals.select(*conditions, limit=limit)]}

    @api.post("/appeals/{id}/decision")
    async def decide(id: str, body: DecisionBody, me: me_of) -> dict[str, Any]:
        demand(me.role, "quality.decide")
        found = found_or_404(await appeals.find(id))
        verdict = body.verdict.verdict() if body.verdict else None
        try:
            judged = await quality.reviews.decide(found, actor(me), body.outcome, body.decision, verdict)
        except (BadVerdict, NotNow) as error:
            raise refused(error) from error
        return await _told(quality, await quality.visible(found.inspection, me), judged)


def _coaching_routes(api: APIRouter, quality: Quality, me_of: Any) -> None:
    coaching = quality.reviews.desks.coaching

    @api.post("/inspections/{id}/coaching", status_code=201)
    async def coach(id: str, body: CoachBody, me: me_of) -> dict[str, Any]:
        demand(me.role, "quality.review")
        found = await quality.visible(id, me)
        try:
            return plain(await quality.reviews.coach(found, actor(me), body.id, body.rule, body.text))
        except NotNow as error:
            raise refused(error) from error

    @api.get("/coaching")
    async def cards(me: me_of, seen: bool | None = None) -> dict[str, Any]:
        c = coaching.table.c
        conditions: list[Any] = [] if seen is None else [c.seen_at.is_not(None) if seen else c.seen_at.is_(None)]
        if not may(me.role, "quality.read"):
            demand(me.role, "quality.own")
            conditions.append(c.agent == me.id)
        return {"coaching": [plain(one) for one in await coaching.select(*conditions, limit=200)]}

    @api.post("/coaching/{id}/acknowledge")
    async def learn(id: str, body: Comment, me: me_of) -> dict[str, Any]:
        card = found_or_404(await coaching.find(id))
        try:
            await quality.reviews.learn(card, actor(me), body.comment)
        except NotNow as error:
            raise refused(error) from error
        return {"id": id}
