"""Numbers: the wallboard, reports, and one row per conversation."""

import csv
from collections.abc import AsyncIterator
from dataclasses import asdict
from datetime import datetime, timedelta
from io import StringIO
from typing import Annotated, Any, Final, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from desk.api.hall import Hall
from desk.rules.reports import Row
from web.errors import Refused
from web.permissions import demand

LONGEST: Final = timedelta(days=1100)
SHOWN: Final = tuple(
    name for name in Row.__slots__ if name not in ("seq", "slot", "waiting_from", "asked_at", "taken_at")
)
From = Annotated[datetime, Query(alias="from")]
To = Annotated[datetime, Query(alias="to")]


def report_routes(api: APIRouter, hall: Hall, me_of: Any) -> None:
    """Wallboard, reports, export."""

    @api.get("/wallboard")
    async def wallboard(me: me_of) -> dict[str, Any]:
        demand(me.staff.role, "wallboard.read")
        return dict(await hall.tools.wallboard.now())

    @api.get("/reports")
    async def reports(
        me: me_of,
        since: From,
        until: To,
        by: Literal["hour", "day", "agent", "group", "channel"] = "day",
        timezone: Annotated[str, Query(max_length=64)] = "UTC",
    ) -> dict[str, Any]:
        demand(me.staff.role, "reports.read")
        _check(since, until)
        try:
            zone = ZoneInfo(timezone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise Refused("invalid", "no time zone has this name", "timezone") from None
        return await hall.tools.reports.figures(since, until, by, zone)

    @api.get("/reports/conversations.csv")
    async def export(me: me_of, since: From, until: To) -> StreamingResponse:
        demand(me.staff.role, "reports.read")
        _check(since, until)
        rows = hall.tools.reports.each(since, until)
        name = {"Content-Disposition": 'attachment; filename="conversations.csv"'}
        return StreamingResponse(_lines(rows), media_type="text/csv; charset=utf-8", headers=name)


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
        values = asdict(row)
        yield line([safe(values[name]) for name in SHOWN])


def safe(value: Any) -> Any:
    """A cell that a spreadsheet does not take for a formula (OWASP: CSV injection)."""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + value
    return value.isoformat() if isinstance(value, datetime) else value


def line(values: Any) -> str:
    """One line of CSV."""
    text = StringIO()
    csv.writer(text).writerow(values)
    return text.getvalue()
