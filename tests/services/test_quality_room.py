"""Quality on the log: live flags once and in time, whatever process heard what; ended conversations scored once."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncEngine

from conversation.database import Transactions
from conversation.events import (
    AgentAssigned,
    AgentReplied,
    AlertRaised,
    Attribute,
    AttributesSet,
    BotFaulted,
    BotMessage,
    BotReplied,
    ConversationClosed,
    ConversationStarted,
    Event,
    Fact,
    Figure,
    Flagged,
    HandoffRequested,
    MessageReceived,
    Rated,
    Scored,
)
from conversation.memory import MemoryLog
from quality_check.models.panel import Panel
from quality_check.rules.document import read_rubric
from quality_check.rules.engine import Engine
from quality_check.rules.scorecard import read_scorecard
from quality_check.service.rulebook import KEPT, Book, Card, Rubric, Rulebook
from quality_check.service.scoring import Scoring, inspect
from quality_check.service.watch import Watch
from quality_check.store.editions import Editions, Kind
from quality_check.store.inspections import InspectionStore, matching

RUBRIC = """
rules:
  - id: rude
    name: {zh: 辱骂, en: Rude}
    severity: severe
    score: -20
    when:
      said: {role: staff, keyword: {words: [笨蛋, idiot]}}
  - id: again
    score: -5
    when:
      same: {role: customer, repeat: {}}
  - id: valuable
    when:
      complains: {role: customer, keyword: {words: [投诉]}}
      worth: {attribute: {name: order_value, more_than: 1000}}
  - id: warned
    run: live
    when:
      said: {role: staff, keyword: {words: [抱歉]}}
  - id: no_farewell
    score: -10
    run: after
    hit: not bye
    when:
      bye: {role: agent, last: 1, keyword: {words: [再见, goodbye]}}
"""
CARD = """
id: plain
bands: [{id: good, at_least: 80}, {id: bad, at_least: 0}]
sections:
  - id: all
    questions:
      - {id: manners, weight: 3, rules: {rules: [rude], points: 40}}
      - {id: farewell, rules: {rules: [no_farewell]}}
      - {id: solved}
"""
START = ConversationStarted("k", "widget", "demo", "zh")


@dataclass
class Room:
    log: MemoryLog
    rulebook: Rulebook
    watch: Watch
    scoring: Scoring
    store: InspectionStore

    async def say(self, *facts: Fact) -> list[Event]:
        """Into the log and past the tail, as a house does."""
        added = []
        for fact in facts:
            count = len(await self.log.history("c"))
            added += (await self.log.append("c", fact, cause=f"f{count}")).events
        for event in added:
            self.watch.notice(event)
        return added

    async def found(self, kind: type[Fact]) -> list[Fact]:
        return [event.fact for event in await self.log.history("c") if isinstance(event.fact, kind)]


@pytest.fixture
async def room(tmp_path: Path, engine: AsyncEngine) -> AsyncIterator[Room]:
    seeds: dict[Kind, Path] = {"rubric": tmp_path / "rubric.yml", "card": tmp_path / "card.yml"}
    seeds["rubric"].write_text(RUBRIC, "utf-8")
    seeds["card"].write_text(CARD, "utf-8")
    transactions, log = Transactions(engine), MemoryLog()
    rulebook, store = Rulebook(Editions(engine), seeds), InspectionStore(transactions)
    yield Room(log, rulebook, Watch(log, rulebook), Scoring(log, rulebook, store), store)
    transactions.close()


async def test_a_hit_is_flagged_once_with_its_place_and_a_severe_one_alerts(room: Room) -> None:
    events = await room.say(START, MessageReceived("在吗"), AgentReplied("Mei", "a1", "你是不是笨蛋"))
    await room.watch.take(events[1:])
    (flagged,) = await room.found(Flagged)
    assert isinstance(flagged, Flagged)
    (hit,) = flagged.hits
    assert (hit.rule, hit.zh, hit.severity, flagged.message) == ("rude", "辱骂", "severe", events[2].seq)
    assert [(spot.seq, spot.start, spot.end) for spot in hit.spots] == [(events[2].seq, 4, 6)]
    assert await room.found(AlertRaised) == [AlertRaised("quality", "辱骂 · Rude")]
    await room.watch.take(events[2:])  # read again after a crash
    assert len(await room.found(Flagged)) == 1


async def test_what_an_agent_would_break_is_foreseen_and_nothing_is_kept_of_it(room: Room) -> None:
    events = await room.say(START, MessageReceived("在吗"))
    await room.watch.take(events[1:])

    async def foreseen(text: str) -> list[str]:
        return [hit.rule for hit in await room.watch.foresee("c", text)]

    assert await foreseen("你是不是笨蛋") == await foreseen("你是不是笨蛋") == ["rude"]
    assert await foreseen("抱歉") == []  # a rule without points: nothing to be warned of
    said = await room.say(AgentReplied("Mei", "a1", "你是不是笨蛋"))
    await room.watch.take(said)
    assert len(await room.found(Flagged)) == 1
    assert await foreseen("还是笨蛋") == ["rude"]  # a rule hits once, and is told each time
    assert await foreseen("请稍等") == []


async def test_what_another_process_heard_counts_for_what_is_foreseen(room: Room) -> None:
    await room.watch.take((await room.say(START, MessageReceived("在吗")))[1:])
    await room.say(AgentReplied("Mei", "a1", "笨蛋"))  # taken elsewhere
    assert [hit.rule for hit in await room.watch.foresee("c", "还是笨蛋")] == ["rude"]
    assert await room.watch.foresee("c", "请稍等") == []


async def test_what_another_process_heard_is_not_forgotten(room: Room) -> None:
    first = await room.say(START, MessageReceived("我的包裹在哪里呀"))
    await room.watch.take(first[1:])
    await room.say(BotReplied((BotMessage("请稍等"),), "zh"))  # taken elsewhere
    last = await room.say(MessageReceived("我的包裹在哪里呀"))
    await room.watch.take(last)
    (flagged,) = await room.found(Flagged)
    assert isinstance(flagged, Flagged)
    assert [hit.rule for hit in flagged.hits] == ["again"]
    assert flagged.hits[0].spots[0].seq == last[0].seq


async def test_what_others_know_is_heard_at_once_and_scored_even_after_the_end(room: Room) -> None:
    events = await room.say(START, MessageReceived("我要投诉"))
    await room.watch.take(events[1:])
    assert not await room.found(Flagged)
    told = await room.say(AttributesSet("erp", (Attribute("order_value", 1299.0),)))
    await room.watch.take(told)
    (flagged,) = await room.found(Flagged)
    assert isinstance(flagged, Flagged)
    assert [(hit.rule, hit.spots[0].seq) for hit in flagged.hits] == [("valuable", events[1].seq)]
    assert flagged.message == events[1].seq
    events = await room.say(ConversationClosed("a1"), AttributesSet("erp", (Attribute("urgent", value=True),)))
    for event in events:
        await room.scoring.score(event)
    first, last = sorted(await room.store.of("c"), key=lambda one: one.upto)
    assert ("urgent" in first.attributes, last.attributes["urgent"], last.current) == (False, True, True)
    assert [line.rule for line in last.hits] == ["valuable", "no_farewell"]


async def test_live_rules_are_flagged_and_left_out_of_the_score(room: Room) -> None:
    events = await room.say(
        START, MessageReceived("hello"), AgentReplied("Mei", "a1", "抱歉"), ConversationClosed("a1")
    )
    await room.watch.take(events)
    await room.scoring.score(events[-1])
    (flagged,) = await room.found(Flagged)
    assert isinstance(flagged, Flagged)
    assert [hit.rule for hit in flagged.hits] == ["warned"]
    (scored,) = await room.store.of("c")
    assert [line.rule for line in scored.hits] == ["no_farewell"]


async def test_an_ended_conversation_is_scored_once_and_again_with_its_rating(room: Room) -> None:
    looked_up = BotReplied((BotMessage("KF10002345"),), "zh", figures=(Figure("order_value", 299.0),))
    facts = (START, MessageReceived("hi"), looked_up, HandoffRequested("asked", "sales"), AgentAssigned("Mei", "a1"))
    events = await room.say(*facts, AgentReplied("Mei", "a1", "you idiot"), ConversationClosed("a1"))
    await room.scoring.score(events[-1])
    await room.scoring.score(events[-1])
    (scored,) = await room.found(Scored)
    assert isinstance(scored, Scored)
    assert (scored.subject, scored.score, scored.rules) == ("a1", 37.5, ("rude", "no_farewell"))
    (rated,) = await room.say(Rated(2))
    await room.scoring.score(rated)
    found = await room.store.of("c")
    assert sorted((one.csat, one.current) for one in found if one.csat) == [(2, True)]
    assert len(found) == 2
    (current,) = await room.store.select(*matching({"subject": "a1", "rule": "rude", "below": 80.0}))
    assert (current.group, current.attributes["handed_over"], current.hits[0].spots[0].seq) == ("sales", True, 6)
    assert current.attributes["order_value"] == 299.0


async def test_a_judged_score_stays_and_nobody_scores_silence(room: Room) -> None:
    events = await room.say(START, MessageReceived("hi"), BotReplied((BotMessage("hello"),), "en"))
    (closed,) = await room.say(ConversationClosed("bot"))
    await room.scoring.score(closed)
    (found,) = await room.store.of("c")
    assert found.subject == "bot"
    await room.store.judge(found.id, standing="reviewed", score=50.0)
    (rated,) = await room.say(Rated(5))
    await room.scoring.score(rated)
    (current,) = await room.store.select(*matching({}))
    assert (current.id, current.score) == (found.id, 50.0)
    assert len(await room.store.of("c")) == 2
    book = await room.rulebook.active()
    assert inspect(book, events, datetime.now(UTC)) is None
    assert inspect(book, [events[0], closed], datetime.now(UTC)) is None


LINES = st.sampled_from(["你好呀", "我的包裹在哪里呀", "笨蛋", "idiot", "再见", ""])


@given(st.lists(st.tuples(st.sampled_from(["customer", "agent", "bot"]), LINES), max_size=12), st.integers(0, 12))
async def test_live_hits_are_the_beginning_of_the_score_wherever_a_process_takes_over(
    talk: list[tuple[str, str]], cut: int
) -> None:
    rules, _ = read_rubric(RUBRIC, "r.yml")
    card, _ = read_scorecard(CARD, "c.yml")
    assert card
    book = Book(Rubric(1, {rule.id: rule for rule in rules}, Engine(rules)), Card(1, card))

    class Fixed(Rulebook):
        def __init__(self) -> None: ...

        async def active(self) -> Book:
            return book

    log = MemoryLog()
    made = {"customer": MessageReceived, "agent": lambda text: AgentReplied("Mei", "a1", text)}
    made["bot"] = lambda text: BotReplied((BotMessage(text),), "zh")
    await log.append("c", START, cause="s")
    first, second = Watch(log, Fixed()), Watch(log, Fixed())
    for n, (role, text) in enumerate(talk):
        (event,) = (await log.append("c", made[role](text), cause=f"f{n}")).events
        for watch in (first, second):
            watch.notice(event)
        await (first if n < cut else second).take([event])
    await log.append("c", ConversationClosed("a1"), cause="end")
    events = await log.history("c")
    live = [hit for event in events if isinstance(event.fact, Flagged) for hit in event.fact.hits]
    whole = inspect(book, events, datetime.now(UTC))
    lines = [(line.rule, line.spots) for line in whole.hits] if whole else []
    assert [(hit.rule, hit.spots) for hit in live] == lines[: len(live)]
    assert {rule for rule, _ in lines[len(live) :]} <= {"no_farewell"}


async def test_new_models_reach_the_rules_without_a_restart(room: Room) -> None:
    now, panels = 0.0, [Panel(())]
    rulebook = Rulebook(room.rulebook._editions, room.rulebook._seeds, lambda: now, lambda: panels[-1])
    first = await rulebook.active()
    panels.append(Panel(()))
    assert await rulebook.active() is first  # nobody looks again so soon
    now = 10.0
    second = await rulebook.active()
    assert (second.rubric.panel, second.rubric.engine) == (panels[-1], first.rubric.engine)
    assert await rulebook.active() is second


async def test_a_version_counts_at_once_where_it_is_activated_though_somebody_looks_meanwhile(room: Room) -> None:
    editions, before = room.rulebook._editions, await room.rulebook.active()
    await editions.write("rubric", "rules: []\n", "", "")
    rulebook = Rulebook(editions, room.rulebook._seeds, lambda: 0.0)
    await asyncio.gather(rulebook.active(), rulebook.turn_to("rubric"))
    assert (await rulebook.active()).rubric.version == before.rubric.version + 1


async def test_of_old_versions_a_few_stay_ready(room: Room) -> None:
    editions, rulebook = room.rulebook._editions, room.rulebook
    first = await rulebook.active()
    for number in range(2, KEPT + 10):
        await editions.write("rubric", f"rules: []  # {number}\n", "", "")
        await editions.activate("rubric")
        assert (await rulebook.rubric(number)).version == number
    assert len(rulebook._rubrics) == KEPT
    again = await rulebook.rubric(first.rubric.version)
    assert again.rules.keys() == first.rubric.rules.keys()


async def test_what_the_bot_lost_points_for_is_told_to_its_trainer(room: Room) -> None:
    events = await room.say(START, MessageReceived("hi"), BotReplied((BotMessage("you idiot"),), "en"))
    (closed,) = await room.say(ConversationClosed("bot"))
    await room.scoring.score(closed)
    await room.scoring.score(closed)
    assert await room.found(BotFaulted) == [BotFaulted(events[2].seq, "rude")]
