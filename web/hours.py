"""Office hours in a place's own time: the company's, and a site's."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any, Final, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, field_validator

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: Final[tuple[Day, ...]] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
AHEAD: Final = 60  # days in which an opening is looked for
YEARS: Final = 4 * 366  # days in which a due time must lie


@dataclass(frozen=True, slots=True)
class Hours:
    """Office hours in a place's own time; no week at all means around the clock."""

    timezone: str = "UTC"
    week: Mapping[Day, tuple[tuple[time, time], ...]] = field(default_factory=dict)
    holidays: tuple[date, ...] = ()

    def spans(self, start: datetime, days: int) -> Iterator[tuple[datetime, datetime]]:
        """When the office is open, in UTC, from the day of `start` on; a span may begin before `start`."""
        zone = ZoneInfo(self.timezone)
        today = start.astimezone(zone).date()
        for day in (today + timedelta(n) for n in range(days)):
            for opens, closes in () if day in self.holidays else self.week.get(DAYS[day.weekday()], ()):
                begin = datetime.combine(day, opens, zone).astimezone(UTC)
                end = datetime.combine(day, closes, zone).astimezone(UTC)
                if begin < end:  # a span inside the hour that a clock change leaves out is none
                    yield begin, end


@dataclass(frozen=True, slots=True)
class Absence:
    """Nobody is at the desk; `opens_at` is when office hours begin again, None while they last. Or somebody is, but it
    is `crowded`: more wait than the group takes."""

    opens_at: datetime | None
    crowded: bool = False


def is_open(hours: Hours, now: datetime) -> bool:
    """Is the office open at this moment?"""
    return not hours.week or any(opens <= now < closes for opens, closes in hours.spans(now, 1))


def opens_at(hours: Hours, now: datetime) -> datetime | None:
    """When the desk opens next; None when it is open at `now`, or does not open within 60 days."""
    if is_open(hours, now):
        return None
    return next((opens for opens, _ in hours.spans(now, AHEAD) if opens > now), None)


def open_seconds(hours: Hours, start: datetime, end: datetime) -> float:
    """Seconds between two moments during which the office is open; 0 when `end` is not later."""
    if not hours.week:
        return max(0.0, (end - start).total_seconds())
    days = max(0, (end - start).days) + 3
    shares = (min(end, closes) - max(start, opens) for opens, closes in hours.spans(start - timedelta(1), days + 1))
    return sum(max(0.0, share.total_seconds()) for share in shares)


def after_open(hours: Hours, start: datetime, seconds: float) -> datetime | None:
    """The moment when the office will have been open for `seconds` since `start`; None when not within four years."""
    if not hours.week:
        return start + timedelta(seconds=seconds)
    left = seconds
    for opens, closes in hours.spans(start - timedelta(1), YEARS):
        begin = max(start, opens)
        share = (closes - begin).total_seconds()
        if share <= 0:
            continue
        if left <= share:
            return begin + timedelta(seconds=left)
        left -= share
    return None


def known_zone(name: str) -> str:
    """Raises ValueError when no time zone has this name."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("no time zone has this name") from None
    return name


Clock = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


class HoursBody(BaseModel):
    """Office hours as they are sent and kept: times are "HH:MM", holidays "YYYY-MM-DD"."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    timezone: Annotated[str, StringConstraints(min_length=1, max_length=64), AfterValidator(known_zone)]
    week: dict[Day, Annotated[tuple[tuple[Clock, Clock], ...], Field(max_length=6)]]
    holidays: Annotated[tuple[date, ...], Field(max_length=400)] = ()

    @field_validator("week")
    @classmethod
    def _in_order(cls, week: dict[Day, tuple[tuple[str, str], ...]]) -> dict[Day, tuple[tuple[str, str], ...]]:
        for day, spans in week.items():
            times = [time for span in spans for time in span]
            if times != sorted(set(times)):
                raise ValueError(f"{day}: spans open before they close, and one after the other")
        return week


def hours_of(body: Mapping[str, Any]) -> Hours:
    """From JSON as HoursBody has it."""
    week = {
        day: tuple((time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in spans)
        for day, spans in body["week"].items()
    }
    return Hours(body["timezone"], week, tuple(date.fromisoformat(one) for one in body["holidays"]))


def shown_hours(hours: Hours) -> dict[str, Any]:
    """As `hours_of` reads it."""
    week = {
        day: [[f"{opens:%H:%M}", f"{closes:%H:%M}"] for opens, closes in spans] for day, spans in hours.week.items()
    }
    return {"timezone": hours.timezone, "week": week, "holidays": [one.isoformat() for one in hours.holidays]}
