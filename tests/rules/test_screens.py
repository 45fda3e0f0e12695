"""Whom a change reaches at a desk, and what everybody is told together."""

import asyncio
from datetime import UTC, datetime

from conversation.events import AgentAssigned, Event, MessageReceived
from conversation.model import Conversation, Holder
from desk.api.screens import AT_ONCE, News, Rounds, Screen, Screens
from desk.store.staff import Staff

AT = datetime(2026, 1, 1, tzinfo=UTC)
HELD = Conversation("c1", seq=2, holder=Holder("agent", "mei"), participants=("bob",))


def _screen(staff: str) -> Screen:
    return Screen(Staff(staff, staff, staff, "agent", ("zh",), (), 5), "session", frozenset())


def test_a_change_reaches_who_shows_it_its_agent_and_the_participants_and_nobody_else() -> None:
    screens, mei, bob, ann, sue = Screens(), _screen("mei"), _screen("bob"), _screen("ann"), _screen("sue")
    for screen in (mei, bob, ann, sue):
        screens.add(screen)
    screens.show(sue, "c1", 2)
    assert screens.near(HELD) == {mei, bob, sue}
    screens.hide(sue, "c1")
    screens.discard(bob)
    assert screens.near(HELD) == {mei}
    screens.show(bob, "c1", 2)  # it went while it opened the conversation
    assert (screens.near(HELD), len(screens)) == ({mei}, 3)


def test_what_is_told_together_is_the_latest_and_says_who_took_it() -> None:
    news, given = News(), Event(2, "c1", "x", AT, AgentAssigned("Mei", "mei"))
    news.note(HELD._replace(seq=1, holder=Holder("queue")), [Event(1, "c1", "w", AT, MessageReceived("hi"))])
    news.note(HELD, [given])
    assert news.take() == ([HELD], [], {"c1": ["mei", "bob"]})
    assert news.take() == ([], [], {})
    news.note(HELD, [Event(3, "c1", "y", AT, MessageReceived("hi"))])
    assert news.take() == ([HELD], [], {})  # it was not in anybody's list before
    back = HELD._replace(seq=4, holder=Holder("queue"), participants=())
    news.note(HELD, [given])
    news.note(back, [Event(4, "c1", "z", AT, MessageReceived("hi"))])
    assert news.take() == ([back], [back], {})


def test_much_news_is_taken_in_portions_of_which_each_says_who_took_its_own() -> None:
    news, many = News(), [HELD._replace(id=f"c{n}") for n in range(AT_ONCE + 1)]
    for now in many:
        news.note(now, [Event(2, now.id, "x", AT, AgentAssigned("Mei", "mei"))])
    changed, _, gone = news.take()
    assert (changed, set(gone), bool(news)) == (many[:AT_ONCE], {now.id for now in many[:AT_ONCE]}, True)
    assert news.take() == (many[AT_ONCE:], [], {many[-1].id: ["mei", "bob"]})
    assert not news


async def test_a_round_lets_others_work_and_is_finished_before_what_must_come_after_it() -> None:
    rounds, screens = Rounds(), [_screen(f"s{n}") for n in range(2 * AT_ONCE + 1)]
    rounds.add(screens, "changes")
    going = asyncio.create_task(rounds.go())
    await asyncio.sleep(0)
    assert [screen.outbox.qsize() for screen in screens] == [1] * AT_ONCE + [0] * (AT_ONCE + 1)
    rounds.finish()
    screens[-1].send("gone")
    await going
    assert [screens[-1].outbox.get_nowait() for _ in range(2)] == ["changes", "gone"]
    assert [screen.outbox.qsize() for screen in screens] == [1] * (2 * AT_ONCE) + [0]
