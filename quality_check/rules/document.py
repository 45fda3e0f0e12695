"""A rubric as people write it (docs/quality.md), read strictly: what is wrong is named with file, line and field."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import Annotated, Any, Final, Literal, Self

import re2
import yaml
from pydantic import Field, ValidationError, model_validator

from quality_check.rules import expression, tokens
from quality_check.rules.shorthand import BadLists, Shared, written_out
from quality_check.rules.source import Problem, Strict, Unreadable, Words, at, child, compose, problems_of
from quality_check.rules.view import Role, Scalar

OPERATORS: Final = (
    "keyword", "regex", "tokens", "similar", "entity", "repeat", "gap", "silence", "rate", "interruption", "length",
    "messages", "in_a_row", "speakers", "mark", "attribute", "judge",
)  # fmt: skip
QUIET: Final = re2.Options()
QUIET.log_errors = False
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]


class Keyword(Strict):
    """Any of the words, all of them, or at least so many different ones, in one message or `across` all.

    A word of a group of synonyms stands for the whole group. With `negated` False a word after "not" is left out.
    """

    words: Words
    at_least: Annotated[int, Field(ge=1)] | Literal["any", "all"] = "any"
    across: bool = False
    negated: bool = True
    synonyms: tuple[Words, ...] = ()

    @model_validator(mode="after")
    def _enough(self) -> Self:
        senses = {next((group[0] for group in self.synonyms if word in group), word) for word in self.words}
        if isinstance(self.at_least, int) and self.at_least > len(senses):
            raise ValueError(f"at_least is {self.at_least}, and there are only {len(senses)} different words")
        return self


class Regex(Strict):
    """RE2 syntax, over folded text (half width, simplified, lower case)."""

    match: str
    must_not: str = ""

    @model_validator(mode="after")
    def _linear(self) -> Self:
        for pattern in (self.match, self.must_not):
            try:
                re2.compile(pattern, QUIET)
            except re2.error as error:
                raise ValueError(f"not a regular expression that runs in linear time: {pattern!r}") from error
        return self


class Similar(Strict):
    """Close to one of the phrases; `score` from 0 to 100 (rapidfuzz's partial ratio)."""

    phrases: Words
    score: float = Field(80, ge=0, le=100)


class Repeat(Strict):
    """The same again from the same side among its last `within` messages; `score` from 0 to 100."""

    score: float = Field(90, ge=0, le=100)
    within: int = Field(5, ge=1, le=50)
    min_length: int = Field(4, ge=1)


def _ordered(low: Any, high: Any, reason: str) -> None:
    """Raises ValueError when nothing lies between."""
    if low is not None and high is not None and low >= high:
        raise ValueError(reason)


class Measure(Strict):
    """Seconds for a gap since the other side spoke or a silence of all, characters for a length."""

    more_than: float | None = None
    less_than: float | None = None

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        if self.more_than is None and self.less_than is None:
            raise ValueError("more_than or less_than is missing")
        _ordered(self.more_than, self.less_than, "more_than must be below less_than")
        return self

    def holds(self, value: float) -> bool:
        """Is it within the bounds?"""
        above = self.more_than is None or value > self.more_than
        return above and (self.less_than is None or value < self.less_than)


class Gap(Measure):
    """Of the first answer, of the later ones, or of any."""

    which: Literal["any", "first", "later"] = "any"


class Rate(Measure):
    """Characters a minute, blanks apart, of turns that have so many and say when they ended."""

    min_length: int = Field(10, ge=1)


class Interruption(Strict):
    """Begun more than so many seconds before the other side had ended."""

    more_than: float = Field(0.3, ge=0)


class Marked(Strict):
    """What a model says of the message; `turned` only when it said something else of the last one before."""

    model: Name
    one_of: Words
    confidence: float = Field(0, ge=0, le=1)
    turned: bool = False


class Attribute(Strict):
    """What is known of the whole conversation."""

    name: str
    one_of: tuple[Scalar, ...] = ()
    more_than: float | None = None
    less_than: float | None = None

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        _ordered(self.more_than, self.less_than, "more_than must be below less_than")
        return self


class Asked(Strict):
    """A question that a language model answers with yes or no of the whole conversation, once it has ended."""

    asks: str = Field(min_length=8, max_length=600)


class Anchor(Strict):
    """Relative to hits of another condition: within so many turns and seconds of its `nth` hit, or of any when None."""

    condition: Name
    within: int = Field(1000, ge=1)
    seconds: float | None = Field(None, gt=0)
    nth: int | None = Field(None, ge=1)


Pattern = Annotated[tuple[dict[str, Any], ...], Field(min_length=1, max_length=50)]


class Condition(Strict):
    """One operator and its check range."""

    role: Role | Literal["staff", "any"] = "any"
    first: int | None = Field(None, ge=1)
    last: int | None = Field(None, ge=1)
    turns: tuple[int, int] | None = None
    seconds: tuple[float, float] | None = None
    after: Anchor | None = None
    before: Anchor | None = None
    around: Anchor | None = None
    times: int = Field(1, ge=1)
    keyword: Keyword | None = None
    regex: Regex | None = None
    tokens: Annotated[tuple[Pattern, ...], Field(min_length=1, max_length=100)] | None = None
    similar: Similar | None = None
    entity: Literal["order_number", "amount", "phone", "email", "id_card", "bank_card"] | None = None
    repeat: Repeat | None = None
    gap: Gap | None = None
    silence: Measure | None = None
    rate: Rate | None = None
    interruption: Interruption | None = None
    length: Measure | None = None
    messages: Measure | None = None
    in_a_row: int | None = Field(None, ge=2)
    speakers: Annotated[tuple[Role, ...], Field(min_length=1, max_length=20)] | None = None
    mark: Marked | None = None
    attribute: Attribute | None = None
    judge: Asked | None = None

    @property
    def later(self) -> Anchor | None:
        """What may still come and make an earlier hit count."""
        return self.before or self.around

    @model_validator(mode="after")
    def _one_operator(self) -> Self:
        given = [name for name in OPERATORS if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(f"a condition has one operator of {', '.join(OPERATORS)}; here: {given or 'none'}")
        if sum(one is not None for one in (self.after, self.before, self.around)) > 1:
            raise ValueError("a condition stands after, before or around one other, not two")
        if self.turns and not 1 <= self.turns[0] <= self.turns[1]:
            raise ValueError("turns are [from, to], counted from 1")
        if self.seconds:
            _ordered(*self.seconds, "seconds are [from, to]")
        if self.judge and self.model_fields_set != {"judge"}:
            raise ValueError("judge is of the whole conversation: nothing stands beside it")
        if self.tokens:
            tokens.ready(self.tokens)
        return self


class Effective(Strict):
    """The days on which conversations must begin, both included."""

    since: date | None = None
    until: date | None = None

    @model_validator(mode="after")
    def _some_day(self) -> Self:
        if self.since and self.until and self.since > self.until:
            raise ValueError("since is after until")
        return self


class Known(Strict):
    """A line of an example that says what is known of the conversation."""

    attributes: dict[str, Scalar]


Example = tuple[dict[Role, str] | Known, ...]


class Rule(Strict):
    """Conditions, how they combine, and what it costs. A negative `score` deducts.

    It hits only where the rules it `requires` hit, in conversations whose attributes are `only` those.
    """

    id: Name
    name: dict[Literal["zh", "en"], str] = Field(default_factory=dict)
    section: str = ""
    severity: Literal["minor", "moderate", "severe"] = "minor"
    score: float = Field(0, ge=-100, le=100)
    each: bool = False
    fatal: bool = False
    run: Literal["live", "after", "both"] = "both"
    requires: tuple[Name, ...] = ()
    only: dict[str, tuple[Scalar, ...]] = Field(default_factory=dict)
    effective: Effective = Effective()
    when: dict[Name, Condition] = Field(min_length=1)
    hit: str = ""
    hits: tuple[Example, ...] = ()
    misses: tuple[Example, ...] = ()

    @model_validator(mode="after")
    def _known_and_acyclic(self) -> Self:
        unknown = set(expression.names(expression.parse(self.expression))) - self.when.keys()
        if unknown:
            raise ValueError(f"hit names conditions that are not there: {', '.join(sorted(unknown))}")
        self.ordered()
        return self

    @property
    def expression(self) -> str:
        """All conditions must hold unless `hit` says otherwise."""
        return self.hit or " and ".join(self.when)

    def ordered(self) -> list[str]:
        """Conditions after those they are anchored to. Raises ValueError for a circle or an unknown anchor."""
        done: list[str] = []
        while len(done) < len(self.when):
            ready = [name for name, one in self.when.items() if name not in done and anchors(one) <= set(done)]
            if not ready:
                raise ValueError("anchors go in a circle, or name a condition that is not there")
            done += ready
        return done


def anchors(condition: Condition) -> set[str]:
    """Conditions this one stands relative to."""
    return {one.condition for one in (condition.after, condition.before, condition.around) if one}


def read_rubric(text: str, file: str, elsewhere: Collection[str] = ()) -> tuple[list[Rule], list[Problem]]:
    """The good rules in order, and what is wrong with the others. They may require rules that are `elsewhere`."""
    try:
        root, values = compose(text, file)
    except Unreadable as error:
        return [], [error.problem]
    listed = child(root, "rules")
    if not isinstance(root, yaml.MappingNode) or not isinstance(listed, yaml.SequenceNode) or not listed.value:
        return [], [Problem(file, 1, "rules", "a rubric needs a list of rules that is not empty")]
    try:
        shared = Shared.model_validate({name: value for name, value in values.items() if name != "rules"})
    except ValidationError as error:
        return [], list(problems_of(file, root, error))
    rules: dict[str, tuple[Rule, yaml.Node]] = {}
    problems: list[Problem] = []
    for node, value in zip(listed.value, values["rules"], strict=True):
        try:
            rule = Rule.model_validate(written_out(value, shared))
        except ValidationError as error:
            problems += problems_of(file, node, error)
            continue
        except BadLists as error:
            problems.append(at(file, node, error.path, str(error)))
            continue
        if rule.id in rules:
            problems.append(at(file, node, ("id",), f"{rule.id} is there twice"))
            continue
        rules[rule.id] = rule, node
    problems += _unready(rules, set(elsewhere), file)
    return [rule for rule, _ in rules.values()], sorted(problems, key=lambda one: one.line)


def _unready(rules: dict[str, tuple[Rule, yaml.Node]], ready: set[str], file: str) -> Iterator[Problem]:
    """Take out the rules that require what is not there, or each other."""
    ready = ready - rules.keys()
    while fit := {id for id, (rule, _) in rules.items() if id not in ready and set(rule.requires) <= ready}:
        ready |= fit
    for id in sorted(rules.keys() - ready):
        reason = "it requires a rule that is not there, or that requires it"
        yield at(file, rules.pop(id)[1], ("requires",), reason)
