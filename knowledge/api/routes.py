"""The library's routes: entries and their versions, files coming in, search, and what is missing."""

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import asdict, replace
from datetime import timedelta
from typing import Annotated, Any, Final

import orjson
from fastapi import APIRouter, Depends, Form, Query, UploadFile
from fastapi.responses import StreamingResponse
from pydantic import ValidationError

from conversation.codec import timestamp
from knowledge.api.bodies import (
    Dismiss,
    EntryChange,
    Listing,
    Move,
    OptionsBody,
    PairBody,
    PairChange,
    Question,
    Restore,
    UseBody,
)
from knowledge.api.hall import KnowledgeHall, answer_of, entry_of, hit_of, source_of, taken_of, version_of
from knowledge.ports import Wish
from knowledge.rules.gaps import clusters
from knowledge.service.asking import propose_from
from knowledge.service.library import Options
from knowledge.service.likeness import likenesses
from knowledge.store.entries import STATES, Entry, EntryChanged, NameTaken
from knowledge.store.uses import Use, now
from web.errors import Refused
from web.permissions import demand
from web.staff import Asks, Person, Record

USAGE_DAYS: Final = 365
SHOWN_GAPS: Final = 200


def build(knowledge: KnowledgeHall, asks: Asks, record: Record) -> APIRouter:
    """All of the library's routes; each change is in the audit (`record`)."""
    api = APIRouter(prefix="/api/knowledge", tags=["knowledge"])
    me_of: Any = Annotated[Person, Depends(asks)]
    _read_routes(api, knowledge, me_of)
    _pair_routes(api, knowledge, me_of, record)
    _change_routes(api, knowledge, me_of, record)
    _file_routes(api, knowledge, me_of, record)
    _ask_routes(api, knowledge, me_of)
    _gap_routes(api, knowledge, me_of, record)
    return api


def _read_routes(api: APIRouter, knowledge: KnowledgeHall, me_of: Any) -> None:
    entries = knowledge.entries

    @api.get("/entries")
    async def listed(me: me_of, asked: Annotated[Listing, Query()]) -> dict[str, Any]:
        demand(me.role, "knowledge.read")
        states = [state for state in STATES if state != "removed"] if asked.state == "all" else [asked.state]
        found, total = await entries.page(
            states=states, folder=asked.folder, tag=asked.tag, text=asked.q, limit=asked.limit, offset=asked.offset
        )
        return {"entries": [entry_of(one) for one in found], "total": total, "folders": await entries.folders()}

    @api.get("/entries/{id}")
    async def one(id: str, me: me_of) -> dict[str, Any]:
        demand(me.role, "knowledge.read")
        entry = await _found(knowledge, id)
        pieces = await entries.pieces(id, entry.version)
        history = [version_of(version) for version in await entries.history(id)]
        alike = [
            {"number": one.number, "contradicts": one.contradicts, **source_of(one.passage)}
            for one in await likenesses(knowledge.search, id, pieces)
        ]
        return {**entry_of(entry), "pieces": [asdict(piece) for piece in pieces], "versions": history, "alike": alike}

    @api.get("/entries/{id}/versions/{version}")
    async def then(id: str, version: int, me: me_of) -> dict[str, Any]:
        demand(me.role, "knowledge.read")
        if not 1 <= version < 2**31 or not (pieces := await entries.pieces(id, version)):
            raise Refused("not_found", "there is no such version", "version")
        return {"pieces": [asdict(piece) for piece in pieces]}


def _pair_routes(api: APIRouter, knowledge: KnowledgeHall, me_of: Any, record: Record) -> None:
    library = knowledge.library

    @api.post("/entries", status_code=201)
    async def add(body: PairBody, me: me_of) -> dict[str, Any]:
        demand(me.role, "knowledge.manage")
        kept = await library.put_pair(body.question, body.answer, _options(body), me.id)
        await knowledge.uses.settle(body.gaps, "answered")
        await _note(record, me, "added", kept)
        return entry_of(kept)

    @api.put("/entries/{id}")
    async def rewrite(id: str, body: PairChange, me: me_of) -> dict[str, Any]:
        entry = await _mine(knowledge, id, body.version, me)
        if entry.kind != "pair":
            raise Refused("conflict", "a document changes by being imported again")
        try:
            kept = await library.put_pair(body.question, body.answer, _options(body), me.id, known=entry)
        except EntryChanged as error:
            raise _changed() from error
        await knowledge.uses.settle(body.gaps, "answered")
        await _note(record, me, "changed", kept)
        return entry_of(kept)

    @api.post("/entries/{id}/pairs")
    async def pairs(id: str, me: me_of) -> dict[str, Any]:
        """Propose the questions that a document answers, for a person to accept."""
        demand(me.role, "knowledge.manage")
        entry = await _found(knowledge, id)
        made = await propose_from(library, knowledge.search, entry)
        await _note(record, me, "proposed", entry, count=len(made))
        return {"entries": [entry_of(one) for one in made]}


def _change_routes(api: APIRouter, knowledge: KnowledgeHall, me_of: Any, record: Record) -> None:
    library, entries = knowledge.library, knowledge.entries

    @api.patch("/entries/{id}")
    async def describe(id: str, body: EntryChange, me: me_of) -> dict[str, Any]:
        entry = await _mine(knowledge, id, body.version, me)
        told = {**body.model_dump(exclude={"version"}), "tags": tuple(body.tags)}
        kept = await _kept(replace(entry, **told, by=me.id))
        await _note(record, me, "changed", kept)
        return entry_of(kept)

    @api.post("/entries/{id}/state")
    async def move(id: str, body: Move, me: me_of) -> dict[str, Any]:
        entry = await _mine(knowledge, id, body.version, me)
        kept = await _kept(replace(entry, state=body.state, by=me.id))
        await _note(record, me, "moved", kept, state=kept.state)
        return entry_of(kept)

    @api.post("/entries/{id}/restore")
    async def restore(id: str, body: Restore, me: me_of) -> dict[str, Any]:
        entry = await _mine(knowledge, id, body.version, me)
        try:
            kept = await library.restore(entry, body.to, me.id)
        except EntryChanged as error:
            raise Refused("not_found", "there is no such version", "to") from error
        await _note(record, me, "restored", kept, to=body.to)
        return entry_of(kept)

    async def _kept(entry: Entry) -> Entry:
        try:
            return await entries.put(entry, was=entry.version)
        except EntryChanged as error:
            raise _changed() from error
        except NameTaken as error:
            raise Refused("conflict", "the folder already has a document of this name", "folder") from error


def _file_routes(api: APIRouter, knowledge: KnowledgeHall, me_of: Any, record: Record) -> None:
    @api.post("/files")
    async def take(me: me_of, file: UploadFile, options: Annotated[str, Form()] = "{}") -> StreamingResponse:
        """A document, or a zip of them; answers one line of JSON for each file as soon as it is in."""
        demand(me.role, "knowledge.manage")
        try:
            wanted = _options(OptionsBody.model_validate_json(options))
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            raise Refused("invalid", first["msg"], ".".join(("options", *map(str, first["loc"])))) from error
        name, content = (file.filename or "").replace("\\", "/").rsplit("/", 1)[-1][:300], await file.read()

        async def told() -> AsyncIterator[bytes]:
            async for one in knowledge.library.take(name, content, wanted, me.id):
                if one.entry and one.outcome in ("new", "changed"):
                    await _note(record, me, "imported", one.entry)
                yield orjson.dumps(taken_of(one)) + b"\n"

        return StreamingResponse(told(), media_type="application/x-ndjson")


def _ask_routes(api: APIRouter, knowledge: KnowledgeHall, me_of: Any) -> None:
    def wish(asked: Question) -> Wish:
        return Wish(asked.q, asked.audience, asked.language, asked.folder, asked.tag, asked.limit)

    @api.get("/search")
    async def search(me: me_of, asked: Annotated[Question, Query()]) -> dict[str, Any]:
        demand(me.role, "knowledge.read")
        return {"hits": [hit_of(hit) for hit in await knowledge.search.search(wish(asked))]}

    @api.get("/answer")
    async def answer(me: me_of, asked: Annotated[Question, Query()]) -> dict[str, Any]:
        demand(me.role, "knowledge.read")
        return answer_of(await knowledge.answers.answer(wish(asked)))

    @api.get("/answer/stream")
    async def stream(me: me_of, asked: Annotated[Question, Query()]) -> StreamingResponse:
        """The answer as far as it is checked, one line of JSON after the other; the last one counts."""
        demand(me.role, "knowledge.read")

        async def told() -> AsyncIterator[bytes]:
            async for answer in knowledge.answers.stream(wish(asked)):
                yield orjson.dumps(answer_of(answer)) + b"\n"

        return StreamingResponse(told(), media_type="application/x-ndjson")

    @api.post("/uses", status_code=204)
    async def use(body: UseBody, me: me_of) -> None:
        demand(me.role, "knowledge.read")
        await knowledge.uses.keep([Use(f"{me.id}:{body.id}", body.entry, body.kind, now())])


def _gap_routes(api: APIRouter, knowledge: KnowledgeHall, me_of: Any, record: Record) -> None:
    @api.get("/gaps")
    async def missing(me: me_of) -> dict[str, Any]:
        """Unanswered questions, those that ask for the same together, most frequent first."""
        demand(me.role, "knowledge.read")
        found = await knowledge.uses.open_gaps()
        groups = [[found[place] for place in group] for group in clusters([gap.question for gap in found])]
        told = [
            {
                "question": group[0].question,
                "count": len(group),
                "language": group[0].language,
                "last": timestamp(group[0].at),
                "seqs": [gap.seq for gap in group],
                "asked": [{"question": gap.question, "conversation": gap.conversation} for gap in group[:10]],
            }
            for group in groups[:SHOWN_GAPS]
        ]
        return {"gaps": told, "questions": len(found)}

    @api.post("/gaps/dismiss", status_code=204)
    async def dismiss(body: Dismiss, me: me_of) -> None:
        demand(me.role, "knowledge.manage")
        await knowledge.uses.settle(body.seqs, "dismissed")
        await record(me.id, me.name, "knowledge.dismissed", "", {"count": len(body.seqs)})

    @api.get("/usage")
    async def usage(me: me_of, days: Annotated[int, Query(ge=1, le=USAGE_DAYS)] = 30) -> dict[str, Any]:
        """By day and by entry: answers given, found helpful or not, used and opened by agents."""
        demand(me.role, "knowledge.read")
        since = now() - timedelta(days=days)
        by_day: dict[str, Counter[str]] = {}
        for at, kind in await knowledge.uses.times(since):
            by_day.setdefault(at.date().isoformat(), Counter())[kind] += 1
        counts = await knowledge.uses.counts(since)
        most = sorted(counts, key=lambda id: -sum(counts[id].values()))[:100]
        found = [(id, await knowledge.entries.find(id)) for id in most]
        by_entry = [{"entry": id, "title": entry.title, **counts[id]} for id, entry in found if entry]
        return {"days": [{"day": day, **count} for day, count in sorted(by_day.items())], "entries": by_entry}


async def _found(knowledge: KnowledgeHall, id: str) -> Entry:
    entry = await knowledge.entries.find(id)
    if entry is None or entry.state == "removed":
        raise Refused("not_found", "there is no such entry")
    return entry


async def _mine(knowledge: KnowledgeHall, id: str, version: int, me: Person) -> Entry:
    """The entry as this person last saw it, to be changed."""
    demand(me.role, "knowledge.manage")
    entry = await _found(knowledge, id)
    if entry.version != version:
        raise _changed()
    return entry


async def _note(record: Record, me: Person, act: str, entry: Entry, **more: Any) -> None:
    """In the audit, by the entry's title and never with its words."""
    told = {"name": entry.title, "version": entry.version, **more}
    await record(me.id, me.name, f"knowledge.{act}", entry.id, told)


def _changed() -> Refused:
    return Refused("conflict", "somebody changed this entry meanwhile; read it again", "version")


def _options(body: OptionsBody) -> Options:
    told = body.model_dump(include=set(OptionsBody.model_fields))
    return Options(**{**told, "tags": tuple(body.tags)})
