"""Calibration: several people judge the same scores, and see how far they agree."""

from collections.abc import Mapping, Sequence
from typing import Any

from quality_check.rules.agreement import complete, kappa, observed, spread
from quality_check.rules.judging import Line
from quality_check.service.reviews import NotNow, Reviews
from quality_check.store.inspections import Inspection, InspectionStore
from quality_check.store.rows import Rows
from quality_check.store.work import Review, Session


class Calibration:
    """Nobody sees what others said before the session is closed."""

    def __init__(self, sessions: Rows[Session], inspections: InspectionStore, reviews: Reviews) -> None:
        self.sessions = sessions
        self._inspections = inspections
        self._reviews = reviews

    async def open(self, session: Session) -> Session:
        """Give every reviewer a task for every score; the same id again changes nothing."""
        kept, _ = await self.sessions.add(session)
        for id in kept.inspections:
            found = await self._inspections.find(id)
            for reviewer in kept.reviewers if found else ():
                assert found
                try:
                    await self._reviews.assign(found, reviewer, "calibration", kept.id)
                except NotNow:
                    continue  # nobody calibrates on their own conversation
        return kept

    async def close(self, session: Session) -> None:
        """The results are there for all who took part."""
        await self.sessions.change(session.id, state="closed")

    async def tasks(self, session: Session) -> list[Review]:
        """All of its tasks."""
        return await self._reviews.desks.reviews.select(self._reviews.desks.reviews.table.c.origin == session.id)

    async def results(self, session: Session) -> dict[str, Any]:
        """Agreement over all lines and answers and for each of them, and each reviewer's distance in points.

        `kappa` is Cohen's for two reviewers, Fleiss' for more (rules/agreement.py), over what all of them judged.
        """
        done = [task for task in await self.tasks(session) if task.state == "done"]
        reviewers = sorted({task.reviewer for task in done})
        found = {id: await self._inspections.find(id) for id in session.inspections}
        items: dict[str, dict[str, str]] = {}
        scores: dict[str, dict[str, float]] = {}
        for task in done:
            one = found[task.inspection]
            assert one
            for item, category in _said(one, task).items():
                items.setdefault(item, {})[task.reviewer] = category
            if task.score is not None:
                scores.setdefault(task.inspection, {})[task.reviewer] = task.score
        whole = complete(items, reviewers)
        by_item: dict[str, list[list[str]]] = {}
        for item, said in items.items():
            by_item.setdefault(item.split("/", 1)[1], []).extend(complete({item: said}, reviewers))
        return {
            "reviewers": reviewers,
            "items": len(whole),
            "agreement": observed(whole),
            "kappa": kappa(whole),
            "by_item": [
                {"item": item, "rated": len(rows), "agreement": observed(rows), "kappa": kappa(rows)}
                for item, rows in sorted(by_item.items())
                if rows
            ],
            "distance": spread(scores, session.expert),
            "scores": [
                {"inspection": id, "conversation": one.conversation, "machine": one.machine, "by": scores.get(id, {})}
                for id, one in found.items()
                if one
            ],
        }


def _said(found: Inspection, task: Review) -> Mapping[str, str]:
    """What a reviewer decided, as categories: each rule right or wrong, each question's choice."""
    told = {
        f"{found.id}/rule:{_named(found.hits, n)}": "right" if right else "wrong" for n, right in task.lines.items()
    }
    return told | {f"{found.id}/question:{question}": choice for question, choice in task.answers.items()}


def _named(lines: Sequence[Line], number: str) -> str:
    return lines[int(number)].rule
