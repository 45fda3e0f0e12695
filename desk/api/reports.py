"""Numbers: the wallboard, reports, and one row per conversation."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Annotated, Any, Final, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from fastapi import APIRouter, Query, Response
from fastapi.responses import StreamingResponse

from desk.api.hall import Hall
from desk.rules.reports import Row
from web.errors import Refused
from web.permissions import demand
from web.sheets import line, safe

LONGEST: Final = timedelta(days=1100)
SHOWN: Final = tuple(
    name for name in Row._fields if name not in ("seq", "slot", "waiting_from", "asked_at", "taken_at")
)
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
    async def export(me: me_of, since: From, until: To) -> StreamingResponse:
        demand(me.staff.role, "reports.read")
        _check(since, until)
        rows = hall.tools.reports.each(since, until)
        headers = _saved_as("conversations.csv")
        return StreamingResponse(_lines(rows), media_type="text/csv; charset=utf-8", headers=headers)


def _figure_routes(api: APIRouter, hall: Hall, me_of: Any) -> None:
    @api.get("/reports")
    async def reports(me: me_of, since: From, until: To, by: By = "day", timezone: Zone = "UTC") -> dict[str, Any]:
        demand(me.staff.role, "reports.read")
        _check(since, until)
        return await hall.tools.reports.figures(since, until, by, zone_of(timezone))

    @api.get("/reports/figures.csv")
    async def table(me: me_of, since: From, until: To, by: By = "day", timezone: Zone = "UTC") -> Response:
        demand(me.staff.role, "reports.read")
        _check(since, until)
        report = await hall.tools.reports.figures(since, until, by, zone_of(timezone))
        names = ["key", *report["total"]]
        lines = [line(names), *(line([safe(row[name]) for name in names]) for row in report["rows"])]
        return Response("".join(lines), media_type="text/csv; charset=utf-8", headers=_saved_as(f"by-{by}.csv"))

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


async def _lines(rows: AsyncIterator[Row]) -> AsyncIterator[str]:
    yield line(SHOWN)
    async for row in rows:
        values = row._asdict()
        yield line([safe(values[name]) for name in SHOWN])
