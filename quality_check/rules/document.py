"""A rubric as people write it (docs/quality.md), read strictly: what is wrong is named with file, line and field."""

from typing import Annotated, Final, Literal, Self

import re2
import yaml
from pydantic import Field, ValidationError, model_validator

from quality_check.rules import expression
from quality_check.rules.source import Problem, Strict, Unreadable, at, child, compose, problems_of
from quality_check.rules.view import Role, Scalar

OPERATORS: Final = ("keyword", "regex", "similar", "entity", "repeat", "gap", "length", "in_a_row", "attribute")
QUIET: Final = re2.Options()
QUIET.log_errors = False
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Words = Annotated[tuple[Annotated[str, Field(min_length=1, max_length=200)], ...], Field(min_length=1)]


class Keyword(Strict):
    """Any of the words, all of them, or at least so many different ones in one message; not where negated."""

    words: Words
    at_least: int | Literal["any", "all"] = "any"
    negated: bool = True


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


class Measure(Strict):
    """Seconds for a gap since the other side spoke, characters for a length."""

    more_than: float | None = None
    less_than: float | None = None

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        if self.more_than is None and self.less_than is None:
            raise ValueError("more_than or less_than is missing")
        return self

    def holds(self, value: float) -> bool:
        """Is it within the bounds?"""
        above = self.more_than is None or value > self.more_than
        return above and (self.less_than is None or value < self.less_than)


class Attribute(Strict):
    """What is known of the whole conversation."""

    name: str
    one_of: tuple[Scalar, ...] = ()
    more_than: float | None = None
    less_than: float | None = None


class Anchor(Strict):
    """Relative to hits of another condition: within so many turns of its `nth` hit, or of any when None."""

    condition: Name
    within: int = Field(1000, ge=1)
    nth: int | None = Field(None, ge=1)


class Condition(Strict):
    """One operator and its check range."""

    role: Role | Literal["staff", "any"] = "any"
    first: int | None = Field(None, ge=1)
    last: int | None = Field(None, ge=1)
    turns: tuple[int, int] | None = None
    seconds: tuple[float, float] | None = None
    after: Anchor | None = None
    before: Anchor | None = None
    times: int = Field(1, ge=1)
    keyword: Keyword | None = None
    regex: Regex | None = None
    similar: Similar | None = None
    entity: Literal["order_number", "amount", "phone", "email", "id_card", "bank_card"] | None = None
    repeat: Repeat | None = None
    gap: Measure | None = None
    length: Measure | None = None
    in_a_row: int | None = Field(None, ge=2)
    attribute: Attribute | None = None

    @model_validator(mode="after")
    def _one_operator(self) -> Self:
        given = [name for name in OPERATORS if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(f"a condition has one operator of {', '.join(OPERATORS)}; here: {given or 'none'}")
        return self


class Rule(Strict):
    """Conditions, how they combine, and what it costs. A negative `score` deducts."""

    id: Name
    name: dict[Literal["zh", "en"], str] = Field(default_factory=dict)
    section: str = ""
    severity: Literal["minor", "moderate", "severe"] = "minor"
    score: float = Field(0, ge=-100, le=100)
    each: bool = False
    fatal: bool = False
    run: Literal["live", "after", "both"] = "both"
    when: dict[Name, Condition] = Field(min_length=1)
    hit: str = ""
    hits: tuple[tuple[dict[Role, str], ...], ...] = ()
    misses: tuple[tuple[dict[Role, str], ...], ...] = ()

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
    return {one.condition for one in (condition.after, condition.before) if one}


def read_rubric(text: str, file: str) -> tuple[list[Rule], list[Problem]]:
    """The good rules in order, and what is wrong with the others."""
    try:
        root, values = compose(text, file)
    except Unreadable as error:
        return [], [error.problem]
    listed = child(root, "rules")
    if not isinstance(listed, yaml.SequenceNode) or not listed.value:
        return [], [Problem(file, 1, "rules", "a rubric needs a list of rules that is not empty")]
    rules: dict[str, Rule] = {}
    problems: list[Problem] = []
    for node, value in zip(listed.value, values["rules"], strict=True):
        try:
            rule = Rule.model_validate(value)
        except ValidationError as error:
            problems += problems_of(file, node, error)
            continue
        if rule.id in rules:
            problems.append(at(file, node, ("id",), f"{rule.id} is there twice"))
            continue
        rules[rule.id] = rule
    return list(rules.values()), problems
