"""How quality's things look on the wire."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from conversation.codec import timestamp
from language import pii
from quality_check.models.text import TextModel
from quality_check.rules.judging import Judgement, Line
from quality_check.rules.scorecard import Scorecard
from quality_check.rules.scoring import Answer
from quality_check.rules.transcript import Said
from quality_check.store.inspections import Inspection


def moment(at: datetime | None) -> str | None:
    """A time on the wire."""
    return timestamp(at) if at else None


def plain(row: Any) -> dict[str, Any]:
    """A dataclass's fields, with times as on all wires."""
    return {name: moment(value) if isinstance(value, datetime) else value for name, value in asdict(row).items()}


def shown(one: Inspection) -> dict[str, Any]:
    """An inspection in a list."""
    left = {"hits", "answers", "readings", "opinions", "attributes", "upto"}
    told = {name: getattr(one, name) for name in Inspection.__slots__ if name not in left}
    moments = {name: moment(getattr(one, name)) for name in ("at", "ended_at", "seen_at")}
    rules = dict.fromkeys(line.rule for line in one.hits if line.counts)
    return {**told, **moments, "rules": list(rules)}


def line_of(line: Line) -> dict[str, Any]:
    """One hit with its places."""
    return {**asdict(line), "spots": [asdict(spot) for spot in line.spots]}


def said_of(one: Said, unmasked: bool) -> dict[str, Any]:
    """A message; personal numbers are covered, sign for sign, so that places stay true."""
    text = one.text if unmasked else covered(one.text)
    told = {"seq": one.seq, "role": one.role, "by": one.by, "name": one.name, "at": moment(one.at), "text": text}
    return {**told, "redacted": one.redacted}


def covered(text: str) -> str:
    """Every personal number and address as dots of the same length."""
    for span in pii.find(text):
        text = text[: span.start] + "•" * (span.end - span.start) + text[span.end :]
    return text


def model_of(one: TextModel) -> dict[str, Any]:
    """A model, and its figures on messages that were held out (models/figures.py)."""
    return {"task": one.task.name, "labels": one.labels, "digest": one.digest, "held_out": one.held_out}


def judgement_of(judged: Judgement, card: Scorecard | None) -> dict[str, Any]:
    """A score and, with a card, each section and question: what it asks, what was answered, by whom."""
    told: dict[str, Any] = {"score": judged.score, "fatal": judged.fatal, "band": judged.band, "sections": []}
    if card is None or judged.result is None:
        return told
    told["failed"] = list(judged.result.failed)
    told["open"] = list(judged.result.open)
    for section, got in zip(card.sections, judged.result.sections, strict=True):
        questions = [
            {**question.model_dump(include={"id", "name", "guidance", "weight"}), **_answered(answer)}
            | {"choices": [choice.model_dump(include={"id", "name", "share", "fails"}) for choice in question.choices]}
            for question, answer in zip(section.questions, got.answers, strict=True)
        ]
        told["sections"].append(
            {
                "id": section.id,
                "name": section.name,
                "weight": section.weight,
                "score": got.score,
                "questions": questions,
            }
        )
    return told


def _answered(answer: Answer) -> dict[str, Any]:
    names = ("choice", "share", "source", "machine", "confidence", "fails")
    return {**{name: getattr(answer, name) for name in names}, "rules": list(answer.rules)}
