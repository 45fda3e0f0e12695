"""Figures over time, by whom and by rule."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from conversation.log import Search
from quality_check.api.bodies import OverviewFilter
from quality_check.api.hall import Quality, wanted
from quality_check.api.shown import moment
from web.errors import Refused
from web.permissions import may
from web.staff import Person


async def rule_over_time(quality: Quality, me: Person, rule: str, asked: OverviewFilter) -> list[dict[str, Any]]:
    """How often one rule hit and how right it was found, by day or week."""
    here = wanted(me, asked, "by", "timezone", "words")
    return await quality.figures.of_rule(rule, asked.by, zone_of(asked.timezone), *here)


def zone_of(name: str) -> ZoneInfo:
    """Raises Refused for a name that no zone has."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Refused("invalid", "no time zone has this name", "timezone") from None


async def overview_of(quality: Quality, me: Person, asked: OverviewFilter) -> dict[str, Any]:
    """Figures over time, by whom and by rule, with what changed when."""
    zone = zone_of(asked.timezone)
    here = wanted(me, asked, "by", "timezone", "words")
    figures, reads = quality.figures, may(me.role, "quality.read")
    editions = [one for one in await quality.editions.all() if one.activated_at]
    told = {
        "rows": await figures.by(asked.by, zone, *here),
        "total": await figures.total(*here),
        "distribution": await figures.distribution(*here),
        "rules": await figures.by_rule(*here),
        "rule_names": {rule.id: rule.name for rule in (await quality.rulebook.active()).rubric.rules.values()},
        "changes": [
            {"kind": one.kind, "version": one.version, "note": one.note, "at": moment(one.activated_at)}
            for one in editions
            if one.by and one.activated_at and asked.since <= one.activated_at < asked.until
        ],
    }
    if not reads:
        return told
    for name in ("subject", "group", "channel", "language", "rubric"):
        told[f"by_{name}"] = await figures.by(name, zone, *here)
    closed = await quality.log.count(Search(status="closed"))
    told["heat"] = await figures.heat(*here)
    told["appeals"] = await figures.appeals(asked.since, asked.until, datetime.now(UTC))
    told["coverage"] = {"closed": closed, "inspected": await quality.inspections.count()}
    return told
