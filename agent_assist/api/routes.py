"""Assist's routes: what is suggested now, and what the agent made of it."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request

from agent_assist.api.bodies import Judgement
from agent_assist.api.hall import Asks, Assist, Person, Sees
from conversation.codec import timestamp
from conversation.events import Suggested, SuggestionJudged
from web.errors import Refused
from web.permissions import demand


def build(assist: Assist, asks: Asks, sees: Sees) -> APIRouter:
    """All of assist's routes."""
    api = APIRouter(prefix="/api", tags=["assist"])
    me_of: Any = Annotated[Person, Depends(asks)]
    _status_route(api, assist, me_of)
    _judge_route(api, assist, me_of, sees)
    return api


def _status_route(api: APIRouter, assist: Assist, me_of: Any) -> None:
    @api.get("/assist/status")
    async def status(me: me_of) -> dict[str, Any]:
        memory = assist.memory
        return {
            "ready": memory.ready,
            "answers": len(memory.past.lines),
            "trained": memory.models.trained or None,
            "articles": assist.suggest.has_articles,
        }


def _judge_route(api: APIRouter, assist: Assist, me_of: Any, sees: Sees) -> None:
    @api.post("/conversations/{id}/assist/judgements")
    async def judge(id: str, body: Judgement, request: Request, me: me_of) -> dict[str, Any]:
        demand(me.role, "conversations.own")
        await sees(request, id)
        event = await assist.log.event(body.suggested)
        if event is None or event.conversation != id or not isinstance(event.fact, Suggested):
            raise Refused("not_found", "nothing was suggested there", "suggested")
        if body.number >= len(event.fact.suggestions):
            raise Refused("invalid", "there are fewer suggestions", "number")
        fact = SuggestionJudged(me.id, body.suggested, body.number, body.verdict)
        done = await assist.log.append(id, fact, cause=f"act:{body.id}")
        return {"seq": done.seq, "at": timestamp(done.events[0].at)}
