"""A scorecard as a company writes it (docs/quality.md): sections of weighted questions.

Rules, models or people answer them. The form follows Amazon Connect's evaluation forms: weights, not applicable,
conditional questions, automatic fail, bands.
"""

from collections.abc import Iterator
from typing import Annotated, Final, Literal, Self

import yaml
from pydantic import Field, ValidationError, model_validator

from quality_check.rules.document import Name
from quality_check.rules.source import Problem, Strict, Unreadable, at, compose, problems_of
from quality_check.rules.view import Scalar

Words = dict[Literal["zh", "en"], str]
Weight = Annotated[float, Field(gt=0, le=1000)]
Share = Annotated[float, Field(ge=0, le=1)]


class Choice(Strict):
    """A possible answer: what share of the question's weight it earns, or that the question does not apply."""

    id: Name
    name: Words = Field(default_factory=dict)
    share: Share = 0
    not_applicable: bool = False
    fails: Literal["card", "section"] | None = None


USUAL: Final = (
    Choice(id="met", name={"zh": "达标", "en": "Met"}, share=1),
    Choice(id="missed", name={"zh": "未达标", "en": "Missed"}),
    Choice(id="na", name={"zh": "不适用", "en": "Not applicable"}, not_applicable=True),
)


class ByRules(Strict):
    """`then` when any of the rules hit, else `otherwise`. With `points` each hit's score is taken off them instead."""

    rules: Annotated[tuple[Name, ...], Field(min_length=1)]
    then: Name = "missed"
    otherwise: Name = "met"
    points: Annotated[float, Field(gt=0, le=1000)] | None = None


class ByModel(Strict):
    """What a model says of the conversation, label by label; surer than `confidence`, else a person is asked."""

    model: Name
    labels: Annotated[dict[str, Name], Field(min_length=1)]
    confidence: Share = 0


class When(Strict):
    """The question is asked only if another got one of these answers, or an attribute has one of these values."""

    question: Name | None = None
    attribute: str | None = None
    one_of: Annotated[tuple[Scalar, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if (self.question is None) == (self.attribute is None):
            raise ValueError("either question or attribute")
        return self


class Question(Strict):
    """One thing that is judged. Without `rules` or `model` a person answers; a person's answer always counts first."""

    id: Name
    name: Words = Field(default_factory=dict)
    guidance: Words = Field(default_factory=dict)
    weight: Weight = 1
    choices: Annotated[tuple[Choice, ...], Field(min_length=2)] = USUAL
    rules: ByRules | None = None
    model: ByModel | None = None
    when: When | None = None

    @model_validator(mode="after")
    def _answers_are_choices(self) -> Self:
        ids = [choice.id for choice in self.choices]
        if len(set(ids)) < len(ids):
            raise ValueError("a choice is there twice")
        if self.rules and self.model:
            raise ValueError("either rules or model answers a question, a person can always correct it")
        named = [self.rules.then, self.rules.otherwise] if self.rules and not self.rules.points else []
        named += self.model.labels.values() if self.model else []
        if unknown := sorted(set(named) - set(ids)):
            raise ValueError(f"no choice is called {', '.join(unknown)}")
        return self

    def choice(self, id: str) -> Choice | None:
        """The choice of that name."""
        return next((one for one in self.choices if one.id == id), None)


class Section(Strict):
    """Questions that are averaged by weight before the sections are."""

    id: Name
    name: Words = Field(default_factory=dict)
    weight: Weight = 1
    questions: Annotated[tuple[Question, ...], Field(min_length=1)]


class Band(Strict):
    """What a score of `at_least` so many points is called."""

    id: Name
    name: Words = Field(default_factory=dict)
    at_least: Annotated[float, Field(ge=0, le=100)]


class Scorecard(Strict):
    """The whole card. `version` is counted by whoever keeps cards; a file has 1 unless it says otherwise."""

    id: Name
    version: int = Field(1, ge=1)
    name: Words = Field(default_factory=dict)
    targets: tuple[Literal["agent", "bot"], ...] = ("agent", "bot")
    bands: tuple[Band, ...] = ()
    sections: Annotated[tuple[Section, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _questions_known(self) -> Self:
        seen: set[str] = set()
        if len({section.id for section in self.sections}) < len(self.sections):
            raise ValueError("a section is there twice")
        for question in self.questions():
            if question.id in seen:
                raise ValueError(f"question {question.id} is there twice")
            if question.when and question.when.question and question.when.question not in seen:
                raise ValueError(f"{question.id} depends on {question.when.question}, which does not come before it")
            seen.add(question.id)
        return self

    def questions(self) -> Iterator[Question]:
        """All of them, in order."""
        return (question for section in self.sections for question in section.questions)

    def rules(self) -> set[str]:
        """The rules it asks about."""
        return {rule for question in self.questions() if question.rules for rule in question.rules.rules}

    def models(self) -> set[str]:
        """The models it asks."""
        return {question.model.model for question in self.questions() if question.model}

    def band(self, score: float) -> str | None:
        """The highest band the score reaches."""
        reached = [band for band in self.bands if score >= band.at_least]
        return max(reached, key=lambda band: band.at_least).id if reached else None


def read_scorecard(text: str, file: str, known_rules: set[str] | None = None) -> tuple[Scorecard | None, list[Problem]]:
    """The card, or what is wrong with it. With `known_rules` every rule it asks about must be one of them."""
    try:
        root, values = compose(text, file)
    except Unreadable as error:
        return None, [error.problem]
    if not isinstance(root, yaml.MappingNode):
        return None, [Problem(file, 1, "", "a scorecard is a mapping with id and sections")]
    try:
        card = Scorecard.model_validate(values)
    except ValidationError as error:
        return None, list(problems_of(file, root, error))
    problems = list(_unknown_rules(card, root, file, known_rules)) if known_rules is not None else []
    return (None if problems else card), problems


def _unknown_rules(card: Scorecard, root: yaml.Node, file: str, known: set[str]) -> Iterator[Problem]:
    for number, section in enumerate(card.sections):
        for place, question in enumerate(section.questions):
            for rule in sorted(set(question.rules.rules) - known) if question.rules else ():
                path = ("sections", number, "questions", place, "rules", "rules")
                yield at(file, root, path, f"no rule is called {rule}")
