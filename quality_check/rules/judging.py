"""Lines of a score, and the score they make: what the engine found, what people say of it, the card they fill."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from conversation.events import Spot
from quality_check.rules.document import Rule
from quality_check.rules.engine import score
from quality_check.rules.scorecard import Scorecard
from quality_check.rules.scoring import Known, Result, fill
from quality_check.rules.transcript import Said, numbered, placed, spots
from quality_check.rules.view import Hit, Reading, Scalar


@dataclass(frozen=True, slots=True)
class Line:
    """A rule that the engine `found` or, when not, that a person says it missed; `right` is a person's verdict."""

    rule: str
    points: float
    fatal: bool
    severity: str
    spots: tuple[Spot, ...] = ()
    found: bool = True
    right: bool | None = None

    @property
    def counts(self) -> bool:
        """Does it go into the score? What a person called wrong does not."""
        return self.right is not False


@dataclass(frozen=True, slots=True)
class Judgement:
    """A score from 0 to 100 (None when nothing could be judged), and the filled card behind it, if there is one."""

    score: float | None
    fatal: bool
    band: str
    result: Result | None = None


class BadVerdict(ValueError):
    """A person's verdict does not fit the score it is about; `field` says which."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field


def line(rule: Rule, hit: Hit, seqs: Sequence[int]) -> Line:
    """A hit with its places by seq."""
    return Line(hit.rule, hit.score, hit.fatal, rule.severity, spots(hit, seqs))


def judge(
    card: Scorecard | None,
    lines: Iterable[Line],
    messages: Sequence[Said],
    known: Mapping[str, Scalar],
    readings: tuple[Reading, ...] = (),
    answers: Mapping[str, str] | None = None,
    unjudged: Collection[str] = (),
) -> Judgement:
    """The score of the lines that count: by the card, or 100 with each hit's points when there is none.

    Raises BadVerdict for an answer the card does not have.
    """
    turns = numbered(messages)
    hits = tuple(Hit(one.rule, one.points, one.fatal, placed(one.spots, turns)) for one in lines if one.counts)
    fatal = any(hit.fatal for hit in hits)
    if card is None:
        if answers:
            raise BadVerdict("answers", "this score has no card")
        return Judgement(score(hits), fatal, "")
    try:
        result = fill(card, Known(hits, readings, known, frozenset(unjudged)), answers)
    except ValueError as error:
        raise BadVerdict("answers", str(error)) from error
    return Judgement(result.score, bool(result.failed), result.band or "", result)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a person says of a score: lines by number (from 0), answers by question, rules it missed and where."""

    lines: Mapping[int, bool] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    missed: Sequence[tuple[str, tuple[Spot, ...]]] = ()


def judged(lines: Sequence[Line], verdict: Verdict, rules: Mapping[str, Rule]) -> tuple[Line, ...]:
    """The engine's lines with the person's verdicts, and the rules they say it missed. Raises BadVerdict."""
    found = [replace(one, right=None) for one in lines if one.found]
    for number, right in verdict.lines.items():
        if not 0 <= number < len(found):
            raise BadVerdict("lines", f"there is no line {number}")
        found[number] = replace(found[number], right=right)
    for id, where in verdict.missed:
        if id not in rules:
            raise BadVerdict("missed", f"no rule is called {id}")
        rule = rules[id]
        found.append(Line(id, rule.score, rule.fatal, rule.severity, where, found=False, right=True))
    return tuple(found)


def verdict_of(lines: Sequence[Line], answers: Mapping[str, str]) -> Verdict:
    """What people have said so far."""
    said = {number: one.right for number, one in enumerate(lines) if one.found and one.right is not None}
    return Verdict(said, answers, [(one.rule, one.spots) for one in lines if not one.found])


def without(
    lines: Sequence[Line], answers: Mapping[str, str], disputed: Collection[int], card: Scorecard | None
) -> Verdict:
    """What people have said so far, but the disputed lines count no longer, nor what was answered because of them."""
    kept = verdict_of(lines, answers)
    gone = {number: False for number in disputed if lines[number].found}
    missed = [(one.rule, one.spots) for number, one in enumerate(lines) if not one.found and number not in disputed]
    about = {lines[number].rule for number in disputed}
    asked = {one.id for one in card.questions() if one.rules and about & set(one.rules.rules)} if card else set()
    left = {question: choice for question, choice in answers.items() if question not in asked}
    return Verdict({**kept.lines, **gone}, left, missed)
