"""The clock of a promise: office hours, pauses, clock changes."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.rules.sla import AROUND_THE_CLOCK, Clock, Policy, meet, next_tick, pause, policy_for, resume, tick
from web.hours import DAYS, Hours, after_open, open_seconds

OFFICE = Hours(
    "Europe/Berlin", {day: ((time(9), time(12)), (time(13), time(18))) for day in DAYS[:5]}, (date(2026, 12, 25),)
)
NIGHT = Hours("Europe/Berlin", {day: ((time(1), time(4)),) for day in DAYS})
BERLIN = ZoneInfo("Europe/Berlin")
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))
hours = st.sampled_from([OFFICE, NIGHT, AROUND_THE_CLOCK])


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=BERLIN)  # type: ignore[arg-type,misc]


def test_nights_lunches_weekends_and_holidays_do_not_count() -> None:
    assert open_seconds(OFFICE, at(2026, 12, 24, 17), at(2026, 12, 28, 10)) == 2 * 3600
    assert after_open(OFFICE, at(2026, 12, 24, 17), 2 * 3600) == at(2026, 12, 28, 10)
    assert after_open(OFFICE, at(2026, 12, 23, 11, 30), 3600) == at(2026, 12, 23, 13, 30)


def test_the_hour_that_a_clock_change_leaves_out_or_repeats() -> None:
    assert open_seconds(NIGHT, at(2026, 3, 29, 0), at(2026, 3, 29, 6)) == 2 * 3600
    assert open_seconds(NIGHT, at(2026, 10, 25, 0), at(2026, 10, 25, 6)) == 4 * 3600


@given(hours, moments, st.floats(1, 400_000))
def test_the_due_time_is_when_the_seconds_are_used(office: Hours, start: datetime, seconds: float) -> None:
    due = after_open(office, start, seconds)
    assert due is not None
    assert open_seconds(office, start, due) == pytest.approx(seconds, abs=0.001)


@given(hours, moments, st.lists(st.floats(0, 200_000), min_size=3, max_size=3))
def test_open_time_adds_up(office: Hours, start: datetime, steps: list[float]) -> None:
    first = start + timedelta(seconds=steps[0])
    last = first + timedelta(seconds=steps[1])
    whole = open_seconds(office, start, last)
    assert whole == pytest.approx(open_seconds(office, start, first) + open_seconds(office, first, last), abs=0.001)
    assert 0 <= whole <= (last - start).total_seconds() + 0.001


@given(hours, moments, st.lists(st.tuples(st.booleans(), st.floats(0, 90_000)), max_size=12))
def test_only_running_time_is_used(office: Hours, start: datetime, steps: list[tuple[bool, float]]) -> None:
    clock, now, expected = Clock("resolution", 10**6, start), start, 0.0
    for runs, seconds in steps:
        clock = resume(clock, now) if runs else pause(clock, now, office)
        later = now + timedelta(seconds=seconds)
        expected += open_seconds(office, now, later) if runs else 0.0
        now = later
    if not steps:
        return
    assert clock.used(now, office) == pytest.approx(expected, abs=0.01)
    assert (clock.due_at(office) is None) == clock.paused


@given(hours, moments, st.integers(60, 100_000))
def test_a_clock_warns_then_breaks_exactly_when_it_says(office: Hours, start: datetime, seconds: int) -> None:
    clock = Clock("first_response", seconds, start)
    warning = next_tick([clock], office, 0.8)
    assert warning is not None
    assert tick(clock, warning - timedelta(seconds=1), office, 0.8).state == "running" or warning <= start
    warned = tick(clock, warning + timedelta(milliseconds=1), office, 0.8)
    assert warned.state in ("warned", "running")
    due = clock.due_at(office)
    assert due is not None
    assert tick(warned, due + timedelta(seconds=1), office, 0.8).state == "breached"
    assert meet(warned, due - timedelta(milliseconds=1), office).state == "met"


def test_what_is_broken_stays_broken_and_what_is_met_can_begin_again() -> None:
    start = at(2026, 3, 2, 10)
    clock = Clock("resolution", 60, start)
    late = meet(clock, start + timedelta(minutes=2), AROUND_THE_CLOCK)
    assert late.state == "breached"
    kept = meet(clock, start + timedelta(seconds=30), AROUND_THE_CLOCK)
    again = resume(kept, start + timedelta(hours=1))
    assert (again.state, again.used(start + timedelta(hours=1, seconds=20), AROUND_THE_CLOCK)) == ("running", 50)


def test_a_wall_clock_that_is_set_back_takes_nothing_away() -> None:
    start = at(2026, 3, 2, 10)
    assert Clock("resolution", 60, start, spent=10).used(start - timedelta(hours=1), OFFICE) == 10


def test_the_first_policy_that_covers_it_counts() -> None:
    policies = (Policy("urgent", priorities=("urgent",)), Policy("refunds", types=("refund",)))
    assert policy_for(policies, "refund", "urgent").id == "urgent"
    assert policy_for(policies, "refund", "low").id == "refunds"
    assert policy_for(policies, "other", "low") == Policy("")
