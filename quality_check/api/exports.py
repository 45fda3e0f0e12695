"""Scores to take away: a sheet of all that match, and a report to print."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Response
from fastapi.responses import StreamingResponse

from quality_check.api.bodies import ListFilter, ReportFilter
from quality_check.api.hall import Quality, wanted
from quality_check.api.overview import overview_of
from quality_check.store.inspections import Inspection
from web.permissions import demand
from web.sheets import line, safe

CELLS: Final = (
    *("conversation", "ended_at", "subject", "name", "group", "channel", "language", "messages", "csat"),
    *("machine", "score", "fatal", "band", "standing", "seen_at", "rubric", "card", "rules"),
)


def export_routes(api: APIRouter, quality: Quality, me_of: Any) -> None:
    """CSV and PDF; neither carries a customer's words."""

    @api.get("/inspections.csv")
    async def sheet(me: me_of, asked: Annotated[ListFilter, Query()]) -> StreamingResponse:
        demand(me.role, "quality.read")
        rows = _lines(quality.inspections.each(*wanted(me, asked, "limit", "offset")), await quality.names())
        name = {"Content-Disposition": 'attachment; filename="quality.csv"'}
        return StreamingResponse(rows, media_type="text/csv; charset=utf-8", headers=name)

    @api.get("/report.pdf")
    async def report(me: me_of, asked: Annotated[ReportFilter, Query()]) -> Response:
        demand(me.role, "quality.read")
        told = await overview_of(quality, me, asked)
        names = await quality.names()
        made = await asyncio.to_thread(quality.prints, told, names, asked.words, asked.since, asked.until)
        name = {"Content-Disposition": 'attachment; filename="quality.pdf"'}
        return Response(made, media_type="application/pdf", headers=name)


async def _lines(found: AsyncIterator[Inspection], names: Mapping[str, str]) -> AsyncIterator[str]:
    yield "\ufeff" + line(CELLS)  # a mark by which spreadsheets know UTF-8
    async for one in found:
        rules = " ".join(dict.fromkeys(hit.rule for hit in one.hits if hit.counts))
        told = {"name": names.get(one.subject, one.subject), "rules": rules}
        yield line([safe(told[name] if name in told else getattr(one, name)) for name in CELLS])
