"""The rules in the console: read, drafted, tried on the past, activated."""

import asyncio
from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path

from quality_check.api.bodies import DraftBody, RuleBody, TrialBody
from quality_check.api.hall import Quality
from quality_check.api.shown import model_of, plain
from quality_check.api.work import found_or_404
from quality_check.rules.blocks import alone, blocks, drop, put
from quality_check.rules.document import read_rubric
from quality_check.rules.drafts import listed, wrong_with_card, wrong_with_rubric
from quality_check.service.rulebook import rubric_of
from quality_check.store.editions import Edition, Kind, NotADraft
from web.errors import Refused
from web.permissions import demand

RuleId = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]


def edition_routes(api: APIRouter, quality: Quality, me_of: Any) -> None:
    """Rubric and scorecard in versions; back-tests."""
    _reading_routes(api, quality, me_of)
    _writing_routes(api, quality, me_of)
    _trial_routes(api, quality, me_of)


def _reading_routes(api: APIRouter, quality: Quality, me_of: Any) -> None:
    async def drafted(draft: Edition) -> dict[str, Any]:
        rules = await asyncio.to_thread(listed, draft.text)
        return {"version": draft.version, "note": draft.note, "rules": rules}

    @api.get("/rules")
    async def rules(me: me_of) -> dict[str, Any]:
        demand(me.role, "quality.read")
        await quality.rulebook.active()
        active, draft = await quality.editions.active("rubric"), await quality.editions.draft("rubric")
        assert active
        editions = [
            {name: value for name, value in plain(one).items() if name != "text"}
            for one in await quality.editions.all()
        ]
        return {
            "active": {"version": active.version, "rules": await asyncio.to_thread(listed, active.text)},
            "draft": await drafted(draft) if draft else None,
            "editions": editions,
        }

    @api.get("/models")
    async def models(me: me_of) -> dict[str, Any]:
        demand(me.role, "quality.read")
        await quality.rulebook.active()
        return {"models": [model_of(one) for one in quality.rulebook.panel.models]}

    @api.get("/editions/{kind}/{version}")
    async def edition(kind: Literal["rubric", "card"], version: int, me: me_of) -> dict[str, Any]:
        demand(me.role, "quality.read")
        return plain(found_or_404(await quality.editions.version(kind, min(version, 2**31 - 1))))


def _writing_routes(api: APIRouter, quality: Quality, me_of: Any) -> None:
    editions = quality.editions

    async def present(kind: Kind) -> Edition:
        await quality.rulebook.active()
        found = await editions.draft(kind) or await editions.active(kind)
        assert found
        return found

    async def write(kind: Kind, text: str, note: str, by: str) -> dict[str, Any]:
        if kind == "card":
            wrong = await asyncio.to_thread(wrong_with_card, text, (await present("rubric")).text)
        else:
            wrong = await asyncio.to_thread(wrong_with_rubric, text)
        if wrong:
            return {"problems": [asdict(one) for one in wrong], "edition": None}
        return {"problems": [], "edition": plain(await editions.write(kind, text, note, by))}

    @api.put("/editions/{kind}/draft")
    async def draft(kind: Literal["rubric", "card"], body: DraftBody, me: me_of) -> dict[str, Any]:
        demand(me.role, "quality.manage")
        return await write(kind, body.text, body.note, me.id)

    @api.put("/rules/{id}")
    async def keep(id: RuleId, body: RuleBody, me: me_of) -> dict[str, Any]:
        demand(me.role, "quality.manage")
        now = await present("rubric")
        read, problems = read_rubric(alone(body.text, now.text), "rule", blocks(now.text).keys())
        if problems:
            return {"problems": [{**asdict(one), "line": max(1, one.line - 1)} for one in problems], "edition": None}
        if [rule.id for rule in read] != [id]:
            raise Refused("invalid", f"this is one rule, and its id is {id}", "text")
        return await write("rubric", put(now.text, id, body.text), now.note if now.state == "draft" else "", me.id)

    @api.delete("/rules/{id}")
    async def remove(id: RuleId, me: me_of) -> dict[str, Any]:
        demand(me.role, "quality.manage")
        now = await present("rubric")
        if id not in blocks(now.text):
            raise Refused("not_found", "there is no such rule", "id")
        return await write("rubric", drop(now.text, id), now.note if now.state == "draft" else "", me.id)

    @api.post("/editions/{kind}/activate")
    async def activate(kind: Literal["rubric", "card"], me: me_of) -> dict[str, Any]:
        demand(me.role, "quality.manage")
        try:
            await editions.activate(kind)
        except NotADraft as error:
            raise Refused("conflict", "there is no draft to activate") from error
        return {"version": (await present(kind)).version}

    @api.delete("/editions/{kind}/draft", status_code=204)
    async def discard(kind: Literal["rubric", "card"], me: me_of) -> None:
        demand(me.role, "quality.manage")
        await editions.discard(kind)


def _trial_routes(api: APIRouter, quality: Quality, me_of: Any) -> None:
    trials = quality.trials

    @api.post("/trials", status_code=201)
    async def start(body: TrialBody, me: me_of) -> dict[str, Any]:
        demand(me.role, "quality.manage")
        draft = await quality.editions.draft("rubric")
        if draft is None:
            raise Refused("conflict", "there is no draft to try: change a rule first")
        return plain(await trials.start(rubric_of(draft, quality.rulebook.panel), body.last, me.id))

    @api.get("/trials")
    async def lists(me: me_of) -> dict[str, Any]:
        demand(me.role, "quality.read")
        found = [plain(one) for one in await trials.trials.select(limit=20)]
        return {"trials": [{name: value for name, value in one.items() if name != "result"} for one in found]}

    @api.get("/trials/{id}")
    async def one(id: str, me: me_of) -> dict[str, Any]:
        demand(me.role, "quality.read")
        return plain(found_or_404(await trials.trials.find(id)))

    @api.post("/trials/{id}/stop")
    async def stop(id: str, me: me_of) -> dict[str, Any]:
        demand(me.role, "quality.manage")
        trial = found_or_404(await trials.trials.find(id))
        await trials.stop(trial)
        return {"id": id}
