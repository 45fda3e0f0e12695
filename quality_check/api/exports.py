"""Scores to take away: a sheet of all that match, and a report to print."""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from fastapi.responses import StreamingResponse

from quality_check.api.bodies import ReportFilter, SheetFilter
from quality_check.api.hall import Quality, wanted
from quality_check.api.overview import overview_of, zone_of
from quality_check.api.sheet import sheet
from web.permissions import demand


def export_routes(api: APIRouter, quality: Quality, me_of: Any) -> None:
    """CSV and PDF; neither carries a customer's words."""

    @api.get("/inspections.csv")
    async def inspections(me: me_of, asked: Annotated[SheetFilter, Query()]) -> StreamingResponse:
        demand(me.role, "quality.read")
        zone, book = zone_of(asked.timezone), await quality.rulebook.active()
        found = quality.inspections.each(*wanted(me, asked, "limit", "offset", "words", "timezone"))
        rules = {rule.id: rule.name for rule in book.rubric.rules.values()}
        bands = {band.id: band.name for band in book.card.card.bands}
        rows = sheet(found, await quality.names(), rules, bands, asked.words, zone)
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
