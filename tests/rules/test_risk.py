"""Who is about to wait too long."""

from datetime import UTC, datetime, timedelta

from conversation.model import Conversation
from desk.rules.risk import at_risk

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)


def waited(id: str, seconds: float, *, on_hold: bool = False) -> tuple[Conversation, datetime]:
    return Conversation(id, on_hold=on_hold), NOW - timedelta(seconds=seconds)


def test_from_half_of_the_limit_on_and_the_most_urgent_first() -> None:
    waits = [waited("early", 14), waited("near", 15), waited("late", 60)]
    replies = [waited("silent", 170), waited("held", 400, on_hold=True)]
    found = at_risk(waits, replies, (30, 180), NOW)
    assert [(one.conversation, one.what) for one in found] == [("late", "wait"), ("silent", "reply"), ("near", "wait")]


def test_no_limit_is_no_risk() -> None:
    assert at_risk([waited("a", 1e6)], [waited("b", 1e6)], (0, 0), NOW) == []
