"""`kefu demo`: four weeks to look at, the same ones however often it is run."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from agent_assist.rules.report import report
from app.config import Settings
from app.demo import PLACES, fill
from app.welcome import first_person
from app.wiring.channels import open_sites
from app.wiring.desk import open_desk
from app.wiring.ground import open_ground, open_log, open_roster
from conversation.events import AgentReplied, MessageReceived, Rated, Suggested, SuggestionSettled
from conversation.log import Search
from conversation.sql.tables import events
from desk.store.staff import Staff
from web.sessions import Passwords


@pytest.fixture
def shop(tmp_path: Path, kefu_db: str) -> Settings:
    """The demo's own company, empty."""
    return Settings(var=tmp_path, database_url=kefu_db)


async def test_the_demo_lies_over_four_weeks_its_people_answered_and_a_second_time_adds_nothing(shop: Settings) -> None:
    async with open_ground(shop) as ground, open_sites(ground) as sites, open_desk(ground, "", sites, routes=True):
        await fill(shop)
    first = await _told(shop)
    await fill(shop)
    assert await _told(shop) == first
    count, oldest = first
    assert count > 3000
    assert timedelta(days=27) < datetime.now(UTC) - oldest < timedelta(days=29)
    async with open_log(shop) as log:
        facts = [event.fact for event in await log.of_kinds(["Rated"], limit=1000)]
        scores = [fact.score for fact in facts if isinstance(fact, Rated)]
        assert len(scores) > 100
        assert 3.5 < sum(scores) / len(scores) < 5
        assert await log.count(Search(status="open")) < 30  # the past ones have ended
        held = await log.count(Search(status="open", holder="agent"))
        waiting = await log.count(Search(status="open", holder="queue"))
        assert waiting > 0
        assert waiting + held <= PLACES / 2  # whoever tries it with one agent online gets them at once
        assert not await log.of_kinds(["AlertRaised"], limit=10)  # by the desk that was open meanwhile
    await _its_suggestions_are_as_the_room_makes_them(shop)


async def _its_suggestions_are_as_the_room_makes_them(shop: Settings) -> None:
    async with open_log(shop) as log:
        kinds = ["MessageReceived", "AgentReplied", "Suggested", "SuggestionJudged", "SuggestionSettled"]
        told = await log.of_kinds(kinds, limit=10_000)
        facts = {event.seq: event for event in told}
        for event in told:
            match event.fact:
                case Suggested(message=seq, suggestions=given):
                    assert isinstance(facts[seq].fact, MessageReceived)
                    assert facts[seq].conversation == event.conversation
                    for one in given:
                        said = facts[int(one.ref)] if one.source == "past" else None
                        assert said is None or (isinstance(said.fact, AgentReplied) and said.fact.text == one.text)
                case SuggestionSettled(suggested=seq, reply=reply):
                    assert event.cause == f"settled:{reply}"  # as the room's own: it settles nothing again
                    assert isinstance(facts[seq].fact, Suggested)
                    assert isinstance(facts[reply].fact, AgentReplied)
                    assert {facts[seq].conversation, facts[reply].conversation} == {event.conversation}
        total = report(told)["total"]
        assert all(total[one] for one in ("shown", "used", "edited", "ignored", "dismissed"))
        assert total["seconds_saved_an_answer"] > 0


async def test_a_house_with_people_but_no_admin_gets_one_admin_with_a_password_to_read(shop: Settings) -> None:
    async with open_roster(shop) as roster:
        await roster.add(Staff("a1", "mei", "Mei", "agent", ("zh",), (), 5), "hash")
        await first_person(shop)
        await first_person(shop)
        admin, kept = await roster.by_login("admin") or (None, "")
        assert admin is not None
        assert admin.role == "admin"
        assert await Passwords().match(kept, (shop.var / "first-password").read_text())
        assert len(await roster.all()) == 2


async def _told(settings: Settings) -> tuple[int, datetime]:
    async with open_log(settings) as log:
        query = select(func.count(), func.min(events.c.at))
        count, oldest = await log.transactions.ask(lambda connection: connection.execute(query).one())
        return int(count), oldest
