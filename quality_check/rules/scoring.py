"""From hits, readings and people's answers to an explained score.

score = 100 · Σ W·(Σ w·share / Σ w) / Σ W over sections (W) and their answered questions (w); what does not apply or is
still open is left out of both sums. Sums are exact (fsum) and taken in the card's order, so the score is the same on
every machine and whatever the order in which hits arrived.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import fsum
from typing import Final, Literal

from quality_check.rules.scorecard import ByModel, ByRules, Question, Scorecard, Section
from quality_check.rules.view import Hit, Place, Reading, Scalar

Source = Literal["rules", "model", "person", "condition", "unjudged", "nobody"]
DIGITS: Final = 2  # of a score from 0 to 100


@dataclass(frozen=True, slots=True)
class Known:
    """What the machine knows of a conversation: rules' hits, models' readings of the whole, attributes.

    `unjudged` are rules that ask a language model which has not answered; they neither hit nor not.
    """

    hits: tuple[Hit, ...] = ()
    readings: tuple[Reading, ...] = ()
    attributes: Mapping[str, Scalar] = field(default_factory=dict)
    unjudged: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Answer:
    """A question's answer and why. `share` is None while it is open or does not apply (`choice` tells which).

    `source` is who gave it; `machine` is the choice rules or model gave, also where a person decided otherwise.
    """

    question: str
    choice: str | None
    share: float | None
    source: Source
    machine: str | None = None
    confidence: float | None = None
    rules: tuple[str, ...] = ()
    evidence: tuple[Place, ...] = ()
    fails: Literal["card", "section"] | None = None


@dataclass(frozen=True, slots=True)
class SectionScore:
    """Of 100; None when no question of it was answered."""

    section: str
    score: float | None
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """Of 100; None when nothing was answered. `open` are the questions that wait for a person."""

    card: str
    version: int
    score: float | None
    band: str | None
    failed: tuple[str, ...]  # questions and fatal rules that failed the whole card
    sections: tuple[SectionScore, ...]
    open: tuple[str, ...]


def fill(card: Scorecard, known: Known, given: Mapping[str, str] | None = None) -> Result:
    """The filled card; `given` maps questions to people's choices.

    Raises ValueError for a question or choice the card does not have.
    """
    people = given or {}
    _check(card, people)
    hits: dict[str, list[Hit]] = {}  # by rule, rules in order
    for hit in sorted(known.hits, key=lambda hit: (hit.rule, hit.places)):
        hits.setdefault(hit.rule, []).append(hit)
    answers: dict[str, Answer] = {}
    for question in card.questions():
        answers[question.id] = _answer(question, hits, known, people, answers)
    sections = tuple(_section(section, [answers[q.id] for q in section.questions]) for section in card.sections)
    counted = {rule for one in answers.values() if not _overruled(one) for rule in one.rules}
    failed = [one.question for one in answers.values() if one.fails == "card"]
    failed += sorted({hit.rule for hit in known.hits if hit.fatal and hit.rule in counted})
    score = (
        0.0 if failed else _mean([(part.weight, got.score) for part, got in zip(card.sections, sections, strict=True)])
    )
    waiting = tuple(one.question for one in answers.values() if one.source == "nobody")
    band = None if score is None else card.band(score)
    return Result(card.id, card.version, score, band, tuple(failed), sections, waiting)


def _check(card: Scorecard, people: Mapping[str, str]) -> None:
    questions = {question.id: question for question in card.questions()} if people else {}
    for id, choice in people.items():
        if id not in questions:
            raise ValueError(f"the card has no question {id}")
        if questions[id].choice(choice) is None:
            raise ValueError(f"{id} has no choice {choice}")


def _answer(
    question: Question,
    hits: Mapping[str, Sequence[Hit]],
    known: Known,
    people: Mapping[str, str],
    before: Mapping[str, Answer],
) -> Answer:
    if not _asked(question, known, before):
        return Answer(question.id, None, None, "condition")
    machine = Answer(question.id, None, None, "nobody")
    if question.rules:
        machine = _by_rules(question, question.rules, hits, known.unjudged)
    elif question.model:
        machine = _by_model(question, question.model, known.readings)
    if question.id not in people:
        return machine
    return _chosen(
        question, people[question.id], "person", machine.machine, machine.confidence, machine.rules, machine.evidence
    )


def _asked(question: Question, known: Known, before: Mapping[str, Answer]) -> bool:
    when = question.when
    if when is None:
        return True
    value = before[when.question].choice if when.question else known.attributes.get(when.attribute or "")
    return value in when.one_of


def _by_rules(
    question: Question, asked: ByRules, hits: Mapping[str, Sequence[Hit]], unjudged: frozenset[str]
) -> Answer:
    """Not applicable where all of the rules ask a language model that has not answered."""
    if unjudged.issuperset(asked.rules):
        return Answer(question.id, None, None, "unjudged")
    rules = tuple(rule for rule in hits if rule in asked.rules)
    found = [hit for rule in rules for hit in hits[rule]]
    evidence = tuple(dict.fromkeys(place for hit in found for place in hit.places))
    if asked.points:
        share = 1 + fsum(hit.score for hit in found) / asked.points
        return Answer(question.id, None, max(0.0, min(1.0, share)), "rules", None, None, rules, evidence)
    choice = asked.then if found else asked.otherwise
    return _chosen(question, choice, "rules", choice, None, rules, evidence)


def _by_model(question: Question, asked: ByModel, readings: Iterable[Reading]) -> Answer:
    for reading in readings:
        if reading.model == asked.model and reading.label in asked.labels:
            choice = asked.labels[reading.label]
            if reading.confidence < asked.confidence:
                return Answer(question.id, None, None, "nobody", choice, reading.confidence, (), reading.places)
            return _chosen(question, choice, "model", choice, reading.confidence, (), reading.places)
    return Answer(question.id, None, None, "nobody")


def _chosen(
    question: Question,
    id: str,
    source: Source,
    machine: str | None,
    confidence: float | None,
    rules: tuple[str, ...],
    evidence: tuple[Place, ...],
) -> Answer:
    choice = question.choice(id)
    assert choice
    share = None if choice.not_applicable else choice.share
    return Answer(question.id, id, share, source, machine, confidence, rules, evidence, choice.fails)


def _overruled(answer: Answer) -> bool:
    """Did a person answer otherwise than the rules, so that their hits count no more?"""
    return answer.source == "person" and answer.choice != answer.machine


def _section(section: Section, answers: Sequence[Answer]) -> SectionScore:
    if any(answer.fails == "section" for answer in answers):
        return SectionScore(section.id, 0.0, tuple(answers))
    weighed = [(question.weight, answer.share) for question, answer in zip(section.questions, answers, strict=True)]
    mean = _mean([(weight, None if share is None else 100 * share) for weight, share in weighed])
    return SectionScore(section.id, mean, tuple(answers))


def _mean(parts: Sequence[tuple[float, float | None]]) -> float | None:
    counted = [(weight, value) for weight, value in parts if value is not None]
    if not counted:
        return None
    return round(fsum(weight * value for weight, value in counted) / fsum(weight for weight, _ in counted), DIGITS)
