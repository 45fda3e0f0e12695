"""People judge scores: review, acknowledgement, appeal, decision, coaching. Each step is a row and a fact."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from conversation.events import (
    AppealDecided,
    Coached,
    Event,
    Reviewed,
    ScoreAcknowledged,
    ScoreAppealed,
    Spot,
)
from conversation.log import Log
from quality_check.rules.judging import BadVerdict, Judgement, Line, Verdict, judge, judged, verdict_of, without
from quality_check.rules.opinions import opinions_of
from quality_check.rules.scorecard import Scorecard
from quality_check.rules.transcript import TURNS, reading_of, transcript
from quality_check.service.rulebook import Rulebook
from quality_check.store.inspections import Inspection, InspectionStore
from quality_check.store.rows import Rows
from quality_check.store.work import Appeal, Coaching, Outcome, Review, ReviewKind


class NotNow(Exception):
    """The step does not fit what has happened meanwhile; the message says why."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does it."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Days to review a score, to appeal against it, and to decide an appeal."""

    review_days: int = 3
    appeal_days: int = 7
    decide_days: int = 5


@dataclass(frozen=True, slots=True)
class Desks:
    """The rows that people's work is kept in."""

    reviews: Rows[Review]
    appeals: Rows[Appeal]
    coaching: Rows[Coaching]


class Reviews:
    """Raises BadVerdict for what does not fit the score, NotNow for what comes too late or twice."""

    def __init__(
        self,
        log: Log,
        rulebook: Rulebook,
        inspections: InspectionStore,
        desks: Desks,
        deadlines: Deadlines,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._log = log
        self._rulebook = rulebook
        self._inspections = inspections
        self.desks = desks
        self.deadlines = deadlines
        self._clock = clock

    async def judge(self, found: Inspection, verdict: Verdict) -> tuple[tuple[Line, ...], Judgement]:
        """What the score would be with these verdicts, by the rubric and the card it was made with."""
        rubric = await self._rulebook.rubric(found.rubric)
        lines = judged(found.hits, verdict, rubric.rules)
        messages = transcript(await self._log.history(found.conversation, before=found.upto + 1))
        readings = tuple(reading_of(one, messages) for one in found.readings)
        unjudged = rubric.engine.unjudged(opinions_of(found.opinions, messages))
        card = await self._card(found)
        return lines, judge(card, lines, messages, found.attributes, readings, verdict.answers, unjudged)

    async def assign(
        self, found: Inspection, reviewer: str, kind: ReviewKind = "review", origin: str = "", days: int | None = None
    ) -> Review:
        """A task; the same task given again is the one there is. Nobody reviews themselves (NotNow)."""
        if reviewer == found.subject:
            raise NotNow("nobody reviews their own conversation")
        now = self._clock()
        id = uuid5(NAMESPACE_URL, f"{found.id}/{reviewer}/{kind}/{origin}").hex
        due = now + timedelta(days=self.deadlines.review_days if days is None else days)
        task = Review(id, found.id, found.conversation, found.subject, reviewer, kind, origin, now, due)
        return (await self.desks.reviews.add(task))[0]

    async def submit(self, task: Review, by: Actor, verdict: Verdict, comment: str) -> Judgement:
        """The task is done, and the score is the reviewer's; in a calibration the score stays as it is."""
        if task.reviewer != by.id:
            raise NotNow("this task is a colleague's")
        found = await self._found(task.inspection)
        lines, result = await self.judge(found, verdict)
        still = self.desks.reviews.table.c.state == "open"
        kept: dict[str, Any] = {
            "lines": {str(number): right for number, right in verdict.lines.items()},
            "answers": dict(verdict.answers),
            "missed": [{"rule": rule, "spots": [_plain(one) for one in spots]} for rule, spots in verdict.missed],
        }
        done = {"state": "done", "done_at": self._clock(), "comment": comment, "score": result.score}
        if task.kind != "calibration" and found.standing in ("appealed", "decided"):
            raise NotNow("this score has been appealed against; the decision is final")
        claim = self.desks.reviews.claim(task.id, still, **kept, **done)
        changes = _changes(lines, result, verdict, "reviewed") if task.kind != "calibration" else {}
        if not await self._inspections.judge(found.id, claim, **changes):
            raise NotNow("this task is done already")
        if changes:
            fact = Reviewed(found.id, task.id, by.id, by.name, result.score, comment)
            await self._log.append(found.conversation, fact, cause=f"review:{task.id}")
        return result

    async def acknowledge(self, found: Inspection, by: Actor, comment: str) -> None:
        """The agent has read it; once."""
        if found.subject != by.id:
            raise NotNow("this is a colleague's score")
        if found.seen_at is None:
            await self._inspections.judge(found.id, seen_at=self._clock())
            fact = ScoreAcknowledged(found.id, by.id, comment)
            await self._log.append(found.conversation, fact, cause=f"seen:{found.id}")

    async def appeal(
        self, found: Inspection, by: Actor, id: str, lines: Sequence[int], reason: str, turns: Sequence[int] = ()
    ) -> Appeal:
        """The agent disagrees, within the days there are for it, once for each score."""
        now = self._clock()
        if found.subject != by.id:
            raise NotNow("this is a colleague's score")
        if not found.current:
            raise NotNow("there is a newer score of this conversation")
        if wrong := [number for number in lines if not 0 <= number < len(found.hits)]:
            raise BadVerdict("lines", f"there is no line {wrong[0]}")
        if turns:
            said = {one.seq for one in transcript(await self._log.history(found.conversation, before=found.upto + 1))}
            if gone := [seq for seq in turns if seq not in said]:
                raise BadVerdict("turns", f"there is no message {gone[0]} in this conversation")
        since = max([found.at, *(one.done_at for one in await self._done(found) if one.done_at)])
        if now > since + timedelta(days=self.deadlines.appeal_days):
            raise NotNow(f"the {self.deadlines.appeal_days} days to appeal are over")
        due = now + timedelta(days=self.deadlines.decide_days)
        key = uuid5(NAMESPACE_URL, f"appeal/{found.id}").hex
        wish = Appeal(
            key, found.id, found.conversation, by.id, list(lines), reason, now, due, found.score, turns=list(turns)
        )
        kept, fresh = await self.desks.appeals.add(wish)
        if not fresh:
            raise NotNow("there has been an appeal against this score; what is decided is final")
        await self._inspections.judge(found.id, standing="appealed")
        await self._withdraw(found)
        rules = tuple(dict.fromkeys(found.hits[number].rule for number in lines))
        fact = ScoreAppealed(found.id, key, by.id, rules, reason)
        await self._log.append(found.conversation, fact, cause=f"appeal:{by.id}:{id}")
        return kept

    async def decide(
        self, appeal: Appeal, by: Actor, outcome: Outcome, decision: str, verdict: Verdict | None
    ) -> Judgement:
        """The final word. Accepted without further verdicts, the disputed lines count no longer."""
        if appeal.agent == by.id:
            raise NotNow("nobody decides their own appeal")
        found = await self._found(appeal.inspection)
        if outcome == "rejected":
            verdict = verdict_of(found.hits, found.answers)
        elif verdict is None:
            if outcome == "partly":
                raise BadVerdict("verdict", "say which lines and answers change")
            verdict = without(found.hits, found.answers, appeal.lines, await self._card(found))
        lines, result = await self.judge(found, verdict)
        still = self.desks.appeals.table.c.state == "open"
        done = {"state": outcome, "decided_at": self._clock(), "decided_by": by.id, "decision": decision}
        claim = self.desks.appeals.claim(appeal.id, still, **done, after=result.score)
        if not await self._inspections.judge(found.id, claim, **_changes(lines, result, verdict, "decided")):
            raise NotNow("this appeal is decided already")
        fact = AppealDecided(found.id, appeal.id, by.id, outcome, result.score, decision)
        await self._log.append(found.conversation, fact, cause=f"decided:{appeal.id}")
        return result

    async def coach(self, found: Inspection, by: Actor, id: str, rule: str, text: str) -> Coaching:
        """A card for the agent; the same id again is the same card."""
        if found.subject == "bot":
            raise NotNow("the bot is taught by its trainer, not by a card")
        key = uuid5(NAMESPACE_URL, f"coach/{by.id}/{id}").hex
        card = Coaching(
            key, found.id, found.conversation, found.subject, by.id, by.name, rule, text, self._clock()
        )  # fmt: skip
        kept, _ = await self.desks.coaching.add(card)
        fact = Coached(key, found.subject, by.id, by.name, text)
        await self._log.append(found.conversation, fact, cause=f"coach:{key}")
        return kept

    async def learn(self, card: Coaching, by: Actor, comment: str) -> None:
        """The agent has seen their card; once."""
        if card.agent != by.id:
            raise NotNow("this card is a colleague's")
        unseen = self.desks.coaching.table.c.seen_at.is_(None)
        await self.desks.coaching.change(card.id, unseen, seen_at=self._clock(), comment=comment)

    async def forget(self, event: Event) -> None:
        """Words were erased from the log: the same words are erased here."""
        target = await self._log.event(getattr(event.fact, "target", 0))
        match target.fact if target else None:
            case Reviewed(review=id):
                await self.desks.reviews.change(id, comment="")
            case ScoreAppealed(appeal=id):
                await self.desks.appeals.change(id, reason="")
            case AppealDecided(appeal=id):
                await self.desks.appeals.change(id, decision="")
            case Coached(card=id):
                await self.desks.coaching.change(id, text="", comment="")
            case fact if isinstance(fact, TURNS):
                await self._inspections.forget_reasons(event.conversation)

    async def _withdraw(self, found: Inspection) -> None:
        """Tasks that nobody may do any more: the decision of the appeal is final."""
        c = self.desks.reviews.table.c
        for task in await self.desks.reviews.select(c.inspection == found.id, c.state == "open"):
            if task.kind != "calibration":
                await self.desks.reviews.change(task.id, c.state == "open", state="gone")

    async def _card(self, found: Inspection) -> Scorecard | None:
        return (await self._rulebook.card(found.card)).card if found.card else None

    async def _found(self, id: str) -> Inspection:
        found = await self._inspections.find(id)
        assert found, "rows about an inspection outlive none"
        return found

    async def _done(self, found: Inspection) -> list[Review]:
        table = self.desks.reviews.table.c
        mine = (table.inspection == found.id, table.state == "done", table.kind != "calibration")
        return await self.desks.reviews.select(*mine)


def _changes(lines: Sequence[Line], result: Judgement, verdict: Verdict, standing: str) -> dict[str, Any]:
    """How the score is from here on; the agent has to read it anew."""
    given = {"hits": lines, "answers": dict(verdict.answers), "standing": standing, "seen_at": None}
    return {**given, "score": result.score, "fatal": result.fatal, "band": result.band}


def _plain(spot: Spot) -> dict[str, int]:
    return {"seq": spot.seq, "start": spot.start, "end": spot.end}
