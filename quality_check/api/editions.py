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
    drafts = Drafts(quality)
    _rule_routes(api, drafts, me_of)
    _edition_routes(api, drafts, quality, me_of)
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


class Drafts:
    """Where changes of the rules and of the card are written down until they are activated."""

    def __init__(self, quality: Quality) -> None:
        self._rulebook = quality.rulebook
        self._editions = quality.editions

    async def present(self, kind: Kind) -> Edition:
        """The draft, or what is active when nobody has begun one."""
        await self._rulebook.active()
        found = await self._editions.draft(kind) or await self._editions.active(kind)
        assert found
        return found

    async def write(self, kind: Kind, text: str, note: str, by: str) -> dict[str, Any]:
        """The draft as it is kept, or what is wrong with the text."""
        if kind == "card":
            wrong = await asyncio.to_thread(wrong_with_card, text, (await self.present("rubric")).text)
        else:
            wrong = await asyncio.to_thread(wrong_with_rubric, text)
        if wrong:
            return {"problems": [asdict(one) for one in wrong], "edition": None}
        return {"problems": [], "edition": plain(await self._editions.write(kind, text, note, by))}

    async def change_rules(self, now: Edition, text: str, by: str) -> dict[str, Any]:
        """The rubric `now` with another text; a draft's note stays."""
        return await self.write("rubric", text, now.note if now.state == "draft" else "", by)


def _rule_routes(api: APIRouter, drafts: Drafts, me_of: Any) -> None:
    @api.put("/rules/{id}")
    async def keep(id: RuleId, body: RuleBody, me: me_of) -> dict[str, Any]:
        demand(me.role, "quality.manage")
        now = await drafts.present("rubric")
        read, problems = read_rubric(alone(body.text, now.text), "rule", blocks(now.text).keys())
        if problems:
            return {"problems": [{**asdict(one), "line": max(1, one.line - 1)} for one in problems], "edition": None}
        if [rule.id for rule in read] != [id]:
            raise Refused("invalid", f"this is one rule, and its id is {id}", "text")
        return await drafts.change_rules(now, put(now.text, id, body.text), me.id)

    @api.delete("/rules/{id}")
    async def remove(id: RuleId, me: me_of) -> dict[str, Any]:
        demand(me.role, "quality.manage")
        now = await drafts.present("rubric")
        if id not in blocks(now.text):
            raise Refused("not_found", "there is no such rule", "id")
        return await drafts.change_rules(now, drop(now.text, id), me.id)


def _edition_routes(api: APIRouter, drafts: Drafts, quality: Quality, me_of: Any) -> None:
    editions = quality.editions

    @api.put("/editions/{kind}/draft")
    async def draft(kind: Literal["rubric", "card"], body: DraftBody, me: me_of) -> dict[str, Any]:
        demand(me.role, "quality.manage")
        return await drafts.write(kind, body.text, body.note, me.id)

    @api.post("/editions/{kind}/activate")
    async def activate(kind: Literal["rubric", "card"], me: me_of) -> dict[str, Any]:
        demand(me.role, "quality.manage")
        try:
            await quality.rulebook.turn_to(kind)
        except NotADraft as error:
            raise Refused("conflict", "there is no draft to activate") from error
        active = found_or_404(await editions.active(kind))
        told = {"version": active.version, "note": active.note}
        await quality.records(me.id, me.name, "edition.activated", kind, told)
        return {"version": active.version}

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
