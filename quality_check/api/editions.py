"""The rules in the console: read, drafted, tried on the past, activated."""

from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path

from quality_check.api.bodies import DraftBody, RuleBody, TrialBody
from quality_check.api.hall import Quality
from quality_check.api.shown import plain
from quality_check.api.work import found_or_404
from quality_check.rules.blocks import alone, blocks, drop, failed, lines, put
from quality_check.rules.document import Rule, read_rubric
from quality_check.rules.scorecard import read_scorecard
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


def _rules(edition: Edition) -> list[dict[str, Any]]:
    rules, _ = read_rubric(edition.text, "rubric")
    own, begins = blocks(edition.text), lines(edition.text)
    return [{**_rule(rule), "text": own.get(rule.id, ""), "line": begins.get(rule.id)} for rule in rules]


def _rule(rule: Rule) -> dict[str, Any]:
    told = rule.model_dump(include={"id", "name", "section", "severity", "score", "each", "fatal", "run"})
    return {**told, "examples": len(rule.hits) + len(rule.misses), "failed": failed(rule)}


def checked(kind: Kind, text: str, known_rules: set[str] | None = None) -> list[dict[str, Any]]:
    """What is wrong with a text: what cannot be read, and examples that come out otherwise. Nothing is kept then."""
    if kind == "card":
        _, problems = read_scorecard(text, "card", known_rules)
        return [asdict(one) for one in problems]
    rules, problems = read_rubric(text, "rubric")
    found = [asdict(one) for one in problems]
    if not found:
        begins = lines(text)
        for rule in rules:
            for example in failed(rule):
                reason = "this example comes out otherwise"
                found.append(
                    {"file": "rubric", "line": begins[rule.id], "field": f"{rule.id}.{example}", "reason": reason}
                )
    return found


def _reading_routes(api: APIRouter, quality: Quality, me_of: Any) -> None:
    @api.get("/rules")
    async def rules(me: me_of) -> dict[str, Any]:
        demand(me.role, "quality.read")
        await quality.rulebook.active()
        active, draft = await quality.editions.active("rubric"), await quality.editions.draft("rubric")
        assert active
        listed = [
            {name: value for name, value in plain(one).items() if name != "text"}
            for one in await quality.editions.all()
        ]
        return {
            "active": {"version": active.version, "rules": _rules(active)},
            "draft": {"version": draft.version, "note": draft.note, "rules": _rules(draft)} if draft else None,
            "editions": listed,
        }

    @api.get("/editions/{kind}/{version}")
    async def edition(kind: Literal["rubric", "card"], version: int, me: me_of) -> dict[str, Any]:
        demand(me.role, "quality.read")
        return plain(found_or_404(await quality.editions.version(kind, min(version, 2**31 - 1))))


def _writing_routes(api: APIRouter, quality: Quality, me_of: Any) -> None:
    editions = quality.editions

    async def known() -> set[str]:
        text = await present("rubric")
        return {rule.id for rule in read_rubric(text.text, "rubric")[0]}

    async def present(kind: Kind) -> Edition:
        await quality.rulebook.active()
        found = await editions.draft(kind) or await editions.active(kind)
        assert found
        return found

    async def write(kind: Kind, text: str, note: str, by: str) -> dict[str, Any]:
        wrong = checked(kind, text, await known() if kind == "card" else None)
        if wrong:
            return {"problems": wrong, "edition": None}
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
        return plain(await trials.start(rubric_of(draft), body.last, me.id))

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
