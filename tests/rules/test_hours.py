"""Office hours."""

from datetime import UTC, date, datetime, time

import pytest

from web.hours import Hours, opens_at

HOURS = Hours(
    "Asia/Shanghai",
    {"mon": ((time(9), time(12)), (time(13), time(18))), "tue": ((time(9), time(18)),)},
    (date(2026, 11, 24),),
)


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        (datetime(2026, 11, 23, 2, tzinfo=UTC), None),  # Monday 10:00 in Shanghai
        (datetime(2026, 11, 23, 4, 30, tzinfo=UTC), datetime(2026, 11, 23, 5, tzinfo=UTC)),  # lunch
        (datetime(2026, 11, 23, 10, tzinfo=UTC), datetime(2026, 11, 30, 1, tzinfo=UTC)),  # Tuesday is a holiday
        (datetime(2026, 11, 28, 10, tzinfo=UTC), datetime(2026, 11, 30, 1, tzinfo=UTC)),
    ],
)
def test_the_next_opening(now: datetime, opens: datetime | None) -> None:
    assert opens_at(HOURS, now) == opens


def test_without_a_week_it_is_always_open() -> None:
    assert opens_at(Hours(), datetime(2026, 1, 1, tzinfo=UTC)) is None
