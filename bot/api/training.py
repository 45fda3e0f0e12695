"""Training over HTTP: the inbox, what is taught, and versions of the model."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel, ConfigDict, Field

from bot.service.review import BadExamples, Review, Shown
from bot.service.training import NotNow, Training, TrainingFailed
from bot.store.examples import Taught
from bot.store.versions import Version
from conversation.codec import timestamp
from web.errors import Refused
from web.permissions import demand
from web.staff import Asks, Person

LONGEST_FILE = 2_000_000
Seqs = Annotated[list[Annotated[int, Field(ge=1, lt=2**63)]], Field(min_length=1, max_length=300)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Label(_Body):
    """These messages should have been taken for this intent."""

    seqs: Seqs
    intent: Annotated[str, Field(min_length=1, max_length=64)]


class PartLabel(_Body):
    """Part number `part` (from 0) of a message that was taken for several wishes should have been this one."""

    seq: Annotated[int, Field(ge=1, lt=2**63)]
    part: Annotated[int, Field(ge=0, le=20)]
    intent: Annotated[str, Field(min_length=1, max_length=64)]


class Dismissal(_Body):
    """Nothing is to be learned from these messages."""

    seqs: Seqs


class Import(_Body):
    """A training file of Rasa's."""

    name: Annotated[str, Field(min_length=1, max_length=200)] = "import.yml"
    text: Annotated[str, Field(max_length=LONGEST_FILE)]


def build(review: Review, training: Training, asks: Asks) -> APIRouter:
    """All of training's routes; each needs the permission bot.train."""

    async def trains(me: Annotated[Person, Depends(asks)]) -> Person:
        demand(me.role, "bot.train")
        return me

    api = APIRouter(prefix="/api/training", tags=["training"])
    me_of: Any = Annotated[Person, Depends(trains)]
    _inbox_routes(api, review, me_of)
    _example_routes(api, review, me_of)
    _version_routes(api, training, me_of)
    return api


def _inbox_routes(api: APIRouter, review: Review, me_of: Any) -> None:
    @api.get("/inbox")
    async def inbox(me: me_of) -> dict[str, Any]:
        groups = await review.groups()
        return {"groups": [[_message(one) for one in group] for group in groups], "waiting": await review.waiting()}

    @api.get("/intents")
    async def intents(me: me_of) -> dict[str, Any]:
        return {"intents": [{"id": id, "examples": count} for id, count in sorted((await review.intents()).items())]}

    @api.post("/labels")
    async def label(body: Label, me: me_of) -> dict[str, Any]:
        with _teaching(review, body.intent):
            return {"taught": await review.label(body.seqs, body.intent, me.id)}

    @api.post("/labels/part")
    async def label_part(body: PartLabel, me: me_of) -> dict[str, Any]:
        with _teaching(review, body.intent):
            if not await review.label_part(body.seq, body.part, body.intent, me.id):
                raise Refused("not_found", "the message has no such part", "part")
            return {"taught": 1}

    @api.post("/dismissals", status_code=204)
    async def dismiss(body: Dismissal, me: me_of) -> None:
        await review.dismiss(body.seqs)


@contextmanager
def _teaching(review: Review, intent: str) -> Iterator[None]:
    """Only intents that there are, and only what contradicts nothing."""
    if intent not in review.corpus().intents:
        raise Refused("invalid", f"no intent is called {intent}", "intent")
    try:
        yield
    except BadExamples as error:
        raise Refused("conflict", str(error.problems[0].message), "intent") from None


def _example_routes(api: APIRouter, review: Review, me_of: Any) -> None:
    @api.get("/examples")
    async def examples(me: me_of) -> dict[str, Any]:
        return {"examples": [_example(one) for one in await review.taught()]}

    @api.delete("/examples/{id}", status_code=204)
    async def unlearn(id: int, me: me_of) -> None:
        if not 0 < id < 2**31 or not await review.unlearn(id):
            raise Refused("not_found", "there is no such example")

    @api.get("/examples.yml", response_class=PlainTextResponse)
    async def export(me: me_of) -> PlainTextResponse:
        name = {"Content-Disposition": 'attachment; filename="labelled.yml"'}
        return PlainTextResponse(await review.exported(), headers=name, media_type="application/yaml")

    @api.post("/examples")
    async def bring_in(body: Import, me: me_of) -> dict[str, Any]:
        try:
            brought = await review.bring_in(body.name, body.text, me.id)
        except BadExamples as error:
            raise Refused("invalid", "; ".join(map(str, error.problems[:5])), "text") from None
        left = [{"kind": kind, "count": count, "line": line} for kind, count, line in brought.left_out]
        return {"taught": brought.taught, "left_out": left}


def _version_routes(api: APIRouter, training: Training, me_of: Any) -> None:
    @api.get("/versions")
    async def versions(me: me_of) -> dict[str, Any]:
        return {"versions": [_version(one) for one in await training.all()]}

    @api.post("/versions", status_code=202)
    async def start(me: me_of) -> dict[str, Any]:
        try:
            return _version(await training.start(me.id))
        except NotNow as error:
            raise Refused("conflict", str(error)) from None

    @api.post("/versions/{number}/work", status_code=204)
    async def put_to_work(number: int, me: me_of) -> None:
        if not 0 < number < 2**31:
            raise Refused("not_found", "there is no such version")
        try:
            await training.put_to_work(number, me.id)
        except (NotNow, TrainingFailed) as error:
            raise Refused("conflict", str(error)) from None


def _message(one: Shown) -> dict[str, Any]:
    item = one.item
    return {
        "seq": item.seq,
        "conversation": item.conversation,
        "at": timestamp(item.at),
        "language": item.language,
        "why": item.why,
        "text": one.text,
        "intent": item.intent,
        "confidence": item.confidence,
        "guesses": [{"intent": intent, "confidence": confidence} for intent, confidence in item.guesses],
        "parts": [{"text": text, "intent": part.intent, "confidence": part.confidence} for text, part in one.parts],
    }


def _example(one: Taught) -> dict[str, Any]:
    return {
        "id": one.id,
        "text": one.text,
        "intent": one.intent,
        "heldout": one.heldout,
        "by": one.by,
        "at": timestamp(one.at),
    }


def _version(one: Version) -> dict[str, Any]:
    return {
        "number": one.number,
        "made_at": timestamp(one.made_at),
        "by": one.by,
        "state": one.state,
        "stage": one.stage,
        "share": one.share,
        "examples": one.examples,
        "figures": dict(one.figures),
        "error": one.error,
    }
