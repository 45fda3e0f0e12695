"""Sampling plans and calibration sessions."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from fastapi import APIRouter

from quality_check.api.bodies import PlanBody, SessionBody
from quality_check.api.hall import Quality
from quality_check.api.shown import plain
from quality_check.api.work import found_or_404
from quality_check.store.work import Plan, Session
from web.errors import Refused
from web.permissions import demand, may
from web.staff import Person


def plan_routes(api: APIRouter, quality: Quality, me_of: Any) -> None:
    """Plans, their rounds, and calibration."""
    _sampling_routes(api, quality, me_of)
    _session_routes(api, quality, me_of)


async def _known(quality: Quality, people: list[str], field: str) -> None:
    """Raises Refused for somebody who does not work here."""
    names = await quality.names()
    if strangers := [one for one in people if one not in names]:
        raise Refused("invalid", f"nobody here has the id {strangers[0]}", field)


def _sampling_routes(api: APIRouter, quality: Quality, me_of: Any) -> None:
    plans = quality.plans.plans

    async def kept(body: PlanBody) -> dict[str, Any]:
        await _known(quality, body.reviewers, "reviewers")
        await _known(quality, body.agents, "agents")
        return {"name": body.name, "active": body.active, "body": body.model_dump(exclude={"name", "active"})}

    @api.get("/plans")
    async def lists(me: me_of) -> dict[str, Any]:
        demand(me.role, "quality.manage")
        return {"plans": [plain(one) for one in await plans.select()]}

    @api.post("/plans", status_code=201)
    async def add(body: PlanBody, me: me_of) -> dict[str, Any]:
        demand(me.role, "quality.manage")
        plan = Plan(uuid4().hex, by=me.id, at=datetime.now(UTC), **await kept(body))
        added = (await plans.add(plan))[0]
        await quality.records(me.id, me.name, "plan.added", plan.id, {"name": plan.name, **plan.body})
        return plain(added)

    @api.put("/plans/{id}")
    async def change(id: str, body: PlanBody, me: me_of) -> dict[str, Any]:
        demand(me.role, "quality.manage")
        found_or_404(await plans.find(id))
        await plans.change(id, **await kept(body))
        await quality.records(me.id, me.name, "plan.changed", id, body.model_dump(mode="json"))
        return plain(found_or_404(await plans.find(id)))

    @api.delete("/plans/{id}", status_code=204)
    async def remove(id: str, me: me_of) -> None:
        demand(me.role, "quality.manage")
        plan = found_or_404(await plans.find(id))
        await plans.remove(id)
        await quality.records(me.id, me.name, "plan.removed", id, {"name": plan.name})

    @api.post("/plans/{id}/run")
    async def run(id: str, me: me_of) -> dict[str, Any]:
        demand(me.role, "quality.manage")
        given = await quality.plans.run(found_or_404(await plans.find(id)))
        return {"given": len(given)}


def _session_routes(api: APIRouter, quality: Quality, me_of: Any) -> None:
    calibration = quality.calibration

    @api.get("/calibrations")
    async def lists(me: me_of) -> dict[str, Any]:
        demand(me.role, "quality.review")
        found = [one for one in await calibration.sessions.select() if _takes_part(one, me)]
        return {"calibrations": [plain(one) for one in found]}

    @api.post("/calibrations", status_code=201)
    async def add(body: SessionBody, me: me_of) -> dict[str, Any]:
        demand(me.role, "quality.manage")
        await _known(quality, [*body.reviewers, *([body.expert] if body.expert else [])], "reviewers")
        if body.expert and body.expert not in body.reviewers:
            raise Refused("invalid", "the expert is one of the reviewers", "expert")
        for id in body.inspections:
            await quality.visible(id, me)
        told = body.model_dump()
        return plain(await calibration.open(Session(by=me.id, at=datetime.now(UTC), **told)))

    @api.get("/calibrations/{id}")
    async def one(id: str, me: me_of) -> dict[str, Any]:
        demand(me.role, "quality.review")
        session = found_or_404(await calibration.sessions.find(id))
        if not _takes_part(session, me):
            raise Refused("forbidden", "you do not take part in this session")
        tasks = await calibration.tasks(session)
        progress = [{"reviewer": task.reviewer, "inspection": task.inspection, "state": task.state} for task in tasks]
        mine = [plain(task) for task in tasks if task.reviewer == me.id]
        shows = session.state == "closed" or may(me.role, "quality.manage")
        results = await calibration.results(session) if shows else None
        told = {**plain(session), "progress": progress, "mine": mine, "results": results}
        return told | {"item_names": await _item_names(quality)}

    @api.post("/calibrations/{id}/close")
    async def close(id: str, me: me_of) -> dict[str, Any]:
        demand(me.role, "quality.manage")
        session = found_or_404(await calibration.sessions.find(id))
        await calibration.close(session)
        return {"id": id}


async def _item_names(quality: Quality) -> dict[str, Any]:
    """Names of what people may differ on, as `by_item` calls them; what is no longer in force has none."""
    book = await quality.rulebook.active()
    names = {f"rule:{rule.id}": rule.name for rule in book.rubric.rules.values()}
    return names | {f"question:{one.id}": one.name for section in book.card.card.sections for one in section.questions}


def _takes_part(session: Session, me: Person) -> bool:
    return me.id in session.reviewers or may(me.role, "quality.manage")
