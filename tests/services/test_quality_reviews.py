"""People's work on a score: who may do what, when, and how often; and words that are erased."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from conversation.database import Transactions
from conversation.events import (
    AgentAssigned,
    AgentReplied,
    ConversationClosed,
    ConversationStarted,
    HandoffRequested,
    MessageReceived,
    Redacted,
    Reviewed,
    ScoreAppealed,
)
from conversation.memory import MemoryLog
from quality_check.rules.judging import BadVerdict, Verdict
from quality_check.service.calibration import Calibration
from quality_check.service.plans import Plans
from quality_check.service.reviews import Actor, Deadlines, Desks, NotNow, Reviews
from quality_check.service.rulebook import Rulebook
from quality_check.service.scoring import Scoring
from quality_check.store import work
from quality_check.store.editions import Editions, Kind
from quality_check.store.inspections import Inspection, InspectionStore
from quality_check.store.rows import Rows
from quality_check.store.work import Plan, Session

RUBRIC = """
rules:
  - id: rude
    score: -20
    when: {said: {role: staff, keyword: {words: [idiot]}}}
"""
CARD = """
id: plain
sections: [{id: all, questions: [{id: manners, rules: {rules: [rude]}}, {id: solved}]}]
"""
MEI, SUE, IAN = Actor("a1", "Mei"), Actor("s1", "Sue"), Actor("i1", "Ian")


@dataclass
class Office:
    log: MemoryLog
    store: InspectionStore
    scoring: Scoring
    reviews: Reviews
    calibration: Calibration
    plans: Plans
    now: list[datetime] = field(default_factory=lambda: [datetime.now(UTC)])

    async def score(self, id: str = "c", agent: str = "a1", said: str = "you idiot") -> Inspection:
        start = ConversationStarted("k", "widget", "demo", "en")
        held = HandoffRequested("asked"), AgentAssigned("Mei", agent), AgentReplied("Mei", agent, said)
        for n, fact in enumerate((start, MessageReceived("hi"), *held, ConversationClosed(agent))):
            done = await self.log.append(id, fact, cause=f"f{n}")
        await self.scoring.score(done.events[0])
        return (await self.store.of(id))[0]

    async def again(self, found: Inspection) -> Inspection:
        newer = await self.store.find(found.id)
        assert newer
        return newer


@pytest.fixture
async def office(tmp_path: Path, engine: AsyncEngine) -> AsyncIterator[Office]:
    seeds: dict[Kind, Path] = {"rubric": tmp_path / "r.yml", "card": tmp_path / "c.yml"}
    seeds["rubric"].write_text(RUBRIC)
    seeds["card"].write_text(CARD)
    log, now = MemoryLog(), [datetime.now(UTC)]
    transactions = Transactions(engine)
    store, rulebook = InspectionStore(transactions), Rulebook(Editions(engine), seeds)
    desks = Desks(
        Rows(engine, work.reviews, work.Review),
        Rows(engine, work.appeals, work.Appeal),
        Rows(engine, work.coaching, work.Coaching),
    )
    reviews = Reviews(log, rulebook, store, desks, Deadlines(), clock=lambda: now[0])
    calibration = Calibration(Rows(engine, work.sessions, work.Session), store, reviews)
    plans = Plans(Rows(engine, work.plans, work.Plan), store, reviews, clock=lambda: now[0])
    yield Office(log, store, Scoring(log, rulebook, store), reviews, calibration, plans, now)
    transactions.close()


async def test_a_review_counts_once_and_by_whom_it_was_given_to(office: Office) -> None:
    found = await office.score()
    with pytest.raises(NotNow, match="own"):
        await office.reviews.assign(found, "a1")
    task = await office.reviews.assign(found, "s1")
    assert (await office.reviews.assign(found, "s1")).id == task.id
    with pytest.raises(NotNow, match="colleague"):
        await office.reviews.submit(task, IAN, Verdict(), "")
    with pytest.raises(BadVerdict):
        await office.reviews.submit(task, SUE, Verdict({4: True}), "")
    told = await office.reviews.submit(task, SUE, Verdict({0: False}, {"solved": "met"}), "well done")
    now = await office.again(found)
    assert (told.score, now.score, now.machine, now.standing) == (100.0, 100.0, 0.0, "reviewed")
    with pytest.raises(NotNow, match="already"):
        await office.reviews.submit(task, SUE, Verdict(), "")
    assert len([event for event in await office.log.history("c") if isinstance(event.fact, Reviewed)]) == 1


async def test_an_appeal_has_its_days_is_one_and_ends_open_tasks(office: Office) -> None:
    found = await office.score()
    with pytest.raises(NotNow, match="colleague"):
        await office.reviews.appeal(found, IAN, "x", [0], "no")
    task = await office.reviews.assign(found, "s1")
    office.now[0] += timedelta(days=8)
    with pytest.raises(NotNow, match="7 days"):
        await office.reviews.appeal(found, MEI, "x", [0], "no")
    office.now[0] -= timedelta(days=2)
    with pytest.raises(BadVerdict):
        await office.reviews.appeal(found, MEI, "x", [3], "no")
    appeal = await office.reviews.appeal(found, MEI, "x", [0], "the customer said it first")
    gone = await office.reviews.desks.reviews.find(task.id)
    assert gone
    assert gone.state == "gone"
    with pytest.raises(NotNow, match="own"):
        await office.reviews.decide(appeal, MEI, "accepted", "", None)
    with pytest.raises(BadVerdict):
        await office.reviews.decide(appeal, SUE, "partly", "", None)
    await office.reviews.decide(appeal, SUE, "rejected", "it was said", None)
    now = await office.again(found)
    assert (now.score, now.standing) == (0.0, "decided")
    with pytest.raises(NotNow, match="already"):
        await office.reviews.decide(appeal, SUE, "accepted", "", None)
    with pytest.raises(NotNow, match="final"):
        await office.reviews.appeal(now, MEI, "y", [0], "again")
    with pytest.raises(NotNow, match="final"):
        await office.reviews.submit(await office.reviews.assign(now, "i1"), IAN, Verdict(), "")


async def test_calibrations_change_no_score_and_tell_how_far_people_agree(office: Office) -> None:
    found = [await office.score(f"c{n}") for n in range(3)]
    session = Session("cal", "July", "s1", "s1", ["s1", "i1", "a1"], [one.id for one in found], office.now[0])
    await office.calibration.open(session)
    await office.calibration.open(session)
    tasks = await office.calibration.tasks(session)
    assert sorted({task.reviewer for task in tasks}) == ["i1", "s1"]  # nobody judges their own
    for task in tasks:
        who = SUE if task.reviewer == "s1" else IAN
        right = task.reviewer == "s1" or task.inspection == found[0].id
        verdict = Verdict({0: right}, {"solved": "met" if task.inspection == found[0].id else "missed"})
        await office.reviews.submit(task, who, verdict, "")
    told = await office.calibration.results(session)
    assert (told["items"], told["agreement"], told["reviewers"]) == (6, pytest.approx(4 / 6), ["i1", "s1"])
    assert told["kappa"] == pytest.approx(4 / 7)
    solved = next(one for one in told["by_item"] if one["item"] == "question:solved")
    assert (solved["agreement"], solved["kappa"]) == (1.0, 1.0)
    assert told["distance"] == {"i1": pytest.approx(100 / 3)}
    assert (await office.again(found[0])).standing == "machine"


async def test_plans_give_each_score_out_once_a_round(office: Office) -> None:
    for n in range(6):
        await office.score(f"c{n}", agent=f"a{n % 2}")
    body = {"how": "per_agent", "count": 2, "every": "week", "reviewers": ["s1", "i1"], "second": 1.0}
    plan, _ = await office.plans.plans.add(Plan("p", "weekly", True, body, "s1", office.now[0]))
    office.now[0] += timedelta(minutes=1)
    await office.plans.watch(office.now[0])
    await office.plans.watch(office.now[0])
    open_tasks = await office.reviews.desks.reviews.select()
    assert len(open_tasks) == 8
    assert {task.kind for task in open_tasks} == {"review", "second"}
    assert len({task.inspection for task in open_tasks}) == 4
    by_score: dict[str, set[str]] = {}
    for task in open_tasks:
        by_score.setdefault(task.inspection, set()).add(task.reviewer)
    assert all(people == {"s1", "i1"} for people in by_score.values())
    assert plan.run_at is None


async def test_a_plan_for_new_hires_knows_who_is_new(office: Office) -> None:
    await office.score("long ago", agent="old")
    office.now[0] += timedelta(days=90)
    old = await office.store.of("long ago")
    await office.store.record([replace(old[0], id="then", conversation="x", ended_at=office.now[0])])
    await office.store.record([replace(old[0], id="now", conversation="y", subject="new", ended_at=office.now[0])])
    body = {"how": "new", "count": 5, "every": "week", "reviewers": ["s1"], "new_days": 30}
    plan, _ = await office.plans.plans.add(Plan("p", "new hires", True, body, "s1", office.now[0]))
    office.now[0] += timedelta(minutes=1)
    assert [task.subject for task in await office.plans.run(plan)] == ["new"]


async def test_erased_words_are_erased_here_too(office: Office) -> None:
    found = await office.score()
    task = await office.reviews.assign(found, "s1")
    await office.reviews.submit(task, SUE, Verdict(), "Ann of Elm Street was right")
    appeal = await office.reviews.appeal(await office.again(found), MEI, "x", [0], "Ann said it")
    card = await office.reviews.coach(found, SUE, "k", "rude", "mind Ann")
    await office.reviews.learn(card, MEI, "I will mind Ann")
    for event in await office.log.history("c"):
        if isinstance(event.fact, Reviewed | ScoreAppealed) or event.kind == "Coached":
            await office.log.redact(event.seq, by="s1")
    for event in await office.log.history("c"):
        if isinstance(event.fact, Redacted):
            await office.reviews.forget(event)
    desks = office.reviews.desks
    kept = [await desks.reviews.find(task.id), await desks.appeals.find(appeal.id), await desks.coaching.find(card.id)]
    assert "Ann" not in str(kept)
