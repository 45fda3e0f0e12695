"""Numbers: the wallboard, reports, and one row per conversation."""

from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from typing import Annotated, Any, Final, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from fastapi import APIRouter, Query, Response
from fastapi.responses import StreamingResponse

from desk.api.hall import Hall
from desk.api.report_sheet import COLUMNS, Names, heading, reader, table, told
from desk.rules.reports import Row
from web.errors import Refused
from web.permissions import demand
from web.sheets import Language, line, safe

CSV: Final = "text/csv; charset=utf-8"
LONGEST: Final = timedelta(days=1100)
From = Annotated[datetime, Query(alias="from")]
To = Annotated[datetime, Query(alias="to")]
Zone = Annotated[str, Query(max_length=64)]
By = Literal["hour", "day", "agent", "group", "channel"]
Measure = Literal["wait", "first_response", "handling"]
TicketsBy = Literal["day", "type", "group", "assignee", "priority"]


def report_routes(api: APIRouter, hall: Hall, me_of: Any) -> None:
    """Wallboard, reports, export."""
    _figure_routes(api, hall, me_of)
    _people_routes(api, hall, me_of)

    @api.get("/wallboard")
    async def wallboard(me: me_of) -> dict[str, Any]:
        demand(me.staff.role, "wallboard.read")
        return dict(await hall.tools.wallboard.now())

    @api.get("/reports/conversations.csv")
    async def export(
        me: me_of, since: From, until: To, words: Language | None = None, timezone: Zone = "UTC"
    ) -> StreamingResponse:
        demand(me.staff.role, "reports.read")
        _check(since, until)
        rows = hall.tools.reports.each(since, until)
        reads = reader(await _names(hall), words, zone_of(timezone)) if words else _as_it_is
        lines = _lines(rows, heading(COLUMNS, words) if words else line(COLUMNS), reads)
        return StreamingResponse(lines, media_type=CSV, headers=_saved_as("conversations.csv"))


def _figure_routes(api: APIRouter, hall: Hall, me_of: Any) -> None:
    @api.get("/reports")
    async def reports(me: me_of, since: From, until: To, by: By = "day", timezone: Zone = "UTC") -> dict[str, Any]:
        demand(me.staff.role, "reports.read")
        _check(since, until)
        return await hall.tools.reports.figures(since, until, by, zone_of(timezone))

    @api.get("/reports/figures.csv")
    async def sheet(
        me: me_of,
        since: From,
        until: To,
        by: By = "day",
        timezone: Zone = "UTC",
        words: Language | None = None,
    ) -> Response:
        demand(me.staff.role, "reports.read")
        _check(since, until)
        zone = zone_of(timezone)
        report = await hall.tools.reports.figures(since, until, by, zone)
        if words:
            lines = list(table(report, by, words, reader(await _names(hall), words, zone)))
        else:
            names = ["key", *report["total"]]
            lines = [line(names), *(line([safe(row[name]) for name in names]) for row in report["rows"])]
        return Response("".join(lines), media_type=CSV, headers=_saved_as(f"by-{by}.csv"))

    @api.get("/reports/percentiles")
    async def percentiles(
        me: me_of, since: From, until: To, measure: Measure, by: By = "day", timezone: Zone = "UTC"
    ) -> dict[str, Any]:
        demand(me.staff.role, "reports.read")
        _check(since, until)
        return await hall.tools.reports.spread(since, until, by, zone_of(timezone), f"{measure}_seconds")


def _people_routes(api: APIRouter, hall: Hall, me_of: Any) -> None:
    @api.get("/reports/agents")
    async def agents(me: me_of, since: From, until: To) -> dict[str, Any]:
        demand(me.staff.role, "reports.read")
        _check(since, until)
        return {"rows": await hall.tools.agent_time.figures(since, until)}

    @api.get("/reports/tickets")
    async def promises(
        me: me_of, since: From, until: To, by: TicketsBy = "day", timezone: Zone = "UTC"
    ) -> dict[str, Any]:
        demand(me.staff.role, "reports.read")
        _check(since, until)
        return await hall.tickets.kept(since, until, by, zone_of(timezone))


def _saved_as(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}


def zone_of(name: str) -> ZoneInfo:
    """Raises Refused when there is none of this name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Refused("invalid", "no time zone has this name", "timezone") from None


def _check(since: datetime, until: datetime) -> None:
    if since.tzinfo is None or until.tzinfo is None:
        raise Refused("invalid", "a time needs its offset, such as Z", "from" if since.tzinfo is None else "to")
    if not timedelta(0) < until - since <= LONGEST:
        raise Refused("invalid", f"after `from`, and at most {LONGEST.days} days", "to")
    if not 2000 <= since.year <= until.year <= 2200:
        raise Refused("invalid", "between the years 2000 and 2200", "from")


async def _names(hall: Hall) -> Names:
    return Names(
        {id: group.name for id, group in hall.setup.premises.groups.items()},
        {one.id: one.name for one in await hall.roster.all(gone=True)},
        {reason.id: reason.name for reason in hall.tools.reasons},
    )


def _as_it_is(_name: str, value: Any) -> Any:
    return value


async def _lines(rows: AsyncIterator[Row], head: str, reads: Callable[[str, Any], Any]) -> AsyncIterator[str]:
    yield head
    async for row in rows:
        yield told(row, reads)
