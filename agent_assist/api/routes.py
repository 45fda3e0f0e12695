"""Assist's routes: what is shown beside a conversation, help while writing, and what the agent made of it."""

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query, Request
from pydantic import AfterValidator

from agent_assist.api.bodies import Choice, Judgement, Polish, Refusal, Tick, Translate, Typed
from agent_assist.api.hall import Assist, Sees
from agent_assist.api.shown import account_of, briefing_of, draft_of, named, view_of
from conversation.codec import timestamp
from conversation.events import Fact, GuideChosen, StepMarked, Suggested, SuggestionJudged
from language.llm import LlmUnavailable
from web.errors import Refused
from web.hours import known_zone
from web.permissions import demand
from web.staff import Asks, Person

PATH: Final = "/conversations/{id}/assist"
Zone = Annotated[str, Query(max_length=64), AfterValidator(known_zone)]


def build(assist: Assist, asks: Asks, sees: Sees) -> APIRouter:
    """All of assist's routes."""
    api = APIRouter(prefix="/api", tags=["assist"])
    me_of: Any = Annotated[Person, Depends(asks)]
    _house_routes(api, assist, me_of)
    _view_routes(api, assist, me_of, sees)
    _act_routes(api, assist, me_of, sees)
    return api


def _house_routes(api: APIRouter, assist: Assist, me_of: Any) -> None:
    @api.get("/assist/status")
    async def status(me: me_of) -> dict[str, Any]:
        memory = assist.memory
        return {
            "ready": memory.ready,
            "answers": len(memory.past.lines),
            "trained": memory.models.trained or None,
            "articles": assist.suggest.has_articles,
            "llm": assist.write.has_llm,
        }

    @api.get("/assist/guides")
    async def guides(me: me_of) -> dict[str, Any]:
        return {"guides": [named(guide) for guide in assist.advise.guides.values()]}

    @api.get("/assist/report")
    async def report(
        me: me_of, days: Annotated[int, Query(ge=1, le=366)] = 30, timezone: Zone = "UTC"
    ) -> dict[str, Any]:
        demand(me.role, "reports.read")
        return await assist.advise.report(datetime.now(UTC) - timedelta(days=days), ZoneInfo(timezone))

    @api.get("/assist/proposals")
    async def proposals(me: me_of) -> dict[str, Any]:
        demand(me.role, "canned.manage")
        return {"proposals": [asdict(one) for one in await assist.propose.proposals()]}

    @api.post("/assist/proposals/refused", status_code=204)
    async def refuse(body: Refusal, me: me_of) -> None:
        demand(me.role, "canned.manage")
        await assist.propose.refuse(body.text, me.id)


def _view_routes(api: APIRouter, assist: Assist, me_of: Any, sees: Sees) -> None:
    @api.get(PATH)
    async def view(id: str, request: Request, me: me_of) -> dict[str, Any]:
        return {**view_of(await assist.advise.view(await sees(request, id))), "without": assist.suggest.without}

    @api.get(PATH + "/account")
    async def account(id: str, request: Request, me: me_of) -> dict[str, Any]:
        return account_of(await assist.advise.account(await sees(request, id)))

    @api.get(PATH + "/briefing")
    async def brief(id: str, request: Request, me: me_of) -> dict[str, Any]:
        return {"briefing": briefing_of(await assist.write.brief(await sees(request, id)))}

    @api.get(PATH + "/draft")
    async def draft(id: str, request: Request, me: me_of) -> dict[str, Any]:
        return draft_of(await assist.write.draft(await sees(request, id)))

    @api.post(PATH + "/complete")
    async def complete(id: str, body: Typed, request: Request, me: me_of) -> dict[str, Any]:
        return {"completions": await assist.write.complete(await sees(request, id), me.id, body.text)}

    @api.post(PATH + "/polish")
    async def polish(id: str, body: Polish, request: Request, me: me_of) -> dict[str, Any]:
        demand(me.role, "conversations.own")
        text, made_by = await assist.write.polish(await sees(request, id), body.text, body.way, body.language)
        return {"text": text, "made_by": made_by}

    @api.post(PATH + "/translate")
    async def translate(id: str, body: Translate, request: Request, me: me_of) -> dict[str, Any]:
        demand(me.role, "conversations.own")
        try:
            return {"text": await assist.write.translate(await sees(request, id), body.text, body.language)}
        except LlmUnavailable as error:
            raise Refused("unavailable", "nothing here can translate just now") from error


def _act_routes(api: APIRouter, assist: Assist, me_of: Any, sees: Sees) -> None:
    async def record(request: Request, me: Person, conversation: str, act: str, fact: Fact) -> dict[str, Any]:
        demand(me.role, "conversations.own")
        await sees(request, conversation)
        done = await assist.log.append(conversation, fact, cause=f"act:{act}")
        return {"seq": done.seq, "at": timestamp(done.events[0].at)}

    @api.post(PATH + "/judgements")
    async def judge(id: str, body: Judgement, request: Request, me: me_of) -> dict[str, Any]:
        await sees(request, id)
        event = await assist.log.event(body.suggested)
        if event is None or event.conversation != id or not isinstance(event.fact, Suggested):
            raise Refused("not_found", "nothing was suggested there", "suggested")
        if body.number >= len(event.fact.suggestions):
            raise Refused("invalid", "there are fewer suggestions", "number")
        fact = SuggestionJudged(me.id, body.suggested, body.number, body.verdict)
        return await record(request, me, id, body.id, fact)

    @api.post(PATH + "/guide")
    async def choose(id: str, body: Choice, request: Request, me: me_of) -> dict[str, Any]:
        if body.guide and body.guide not in assist.advise.guides:
            raise Refused("invalid", "there is no such guide", "guide")
        return await record(request, me, id, body.id, GuideChosen(me.id, body.guide))

    @api.post(PATH + "/steps")
    async def tick(id: str, body: Tick, request: Request, me: me_of) -> dict[str, Any]:
        guide = assist.advise.guides.get(body.guide)
        if guide is None or body.step not in {step.id for step in guide.steps}:
            raise Refused("invalid", "there is no such step", "step")
        return await record(request, me, id, body.id, StepMarked(me.id, body.guide, body.step, body.done))
