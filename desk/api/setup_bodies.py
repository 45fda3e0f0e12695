"""What is sent about groups, office hours, levels and promises."""

from typing import Annotated, Literal, Protocol, Self, TypeVar

from pydantic import BeforeValidator, Field, StringConstraints, field_validator, model_validator

from desk.api.bodies import Body, GroupId, Id, Name
from desk.rules.people import Strategy
from desk.rules.tickets import Priority, named

Seconds = Annotated[int, Field(ge=0, le=30 * 86_400)]


class BothWords(Body):
    zh: Name
    en: Name


class GroupBody(Body):
    name: BothWords
    strategy: Strategy = "least_busy"
    last_agent_days: Annotated[int, Field(ge=0, le=365)] = 0
    accept_seconds: Seconds = 0
    silent_seconds: Seconds = 0
    offline_seconds: Seconds = 120
    overflow_seconds: Seconds = 0
    overflow_to: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{0,40}$")] = ""
    queue_limit: Annotated[int, Field(ge=0, le=100_000)] = 0
    skill: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{0,40}$")] = ""


class LevelsBody(Body):
    service_level_seconds: Annotated[int, Field(ge=1, le=86_400)]
    wait_seconds: Seconds
    no_reply_seconds: Seconds
    accept_seconds: Seconds = 0
    silent_seconds: Seconds = 0


class PolicyBody(Body):
    id: GroupId
    first_response: Annotated[int, Field(ge=0, le=366 * 86_400)] = 0
    next_response: Annotated[int, Field(ge=0, le=366 * 86_400)] = 0
    resolution: Annotated[int, Field(ge=0, le=366 * 86_400)] = 0
    types: Annotated[tuple[Id, ...], Field(max_length=50)] = ()
    priorities: Annotated[tuple[Priority, ...], Field(max_length=4)] = ()
    office_hours: bool = True
    warn_share: Annotated[float, Field(gt=0, le=1)] = 0.8
    escalate_to: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{0,40}$")] = ""


class SecurityBody(Body):
    second_factor_roles: Annotated[
        tuple[Annotated[str, StringConstraints(min_length=1, max_length=16)], ...], Field(max_length=100)
    ]


class WithId(Protocol):
    @property
    def id(self) -> str: ...


Row = TypeVar("Row", bound=WithId)


def _each_once(some: tuple[Row, ...]) -> tuple[Row, ...]:
    ids = [one.id for one in some]
    if len(set(ids)) < len(ids):
        raise ValueError("an id stands for one field, choice or state")
    return some


class ChoiceBody(Body):
    id: Name
    name: BothWords


class FieldBody(Body):
    id: GroupId
    name: BothWords
    kind: Literal["text", "number", "date", "choice"] = "text"
    choices: Annotated[tuple[Annotated[ChoiceBody, BeforeValidator(named)], ...], Field(max_length=50)] = ()
    required: bool = False

    @model_validator(mode="after")
    def _has_choices(self) -> Self:
        if (self.kind == "choice") != bool(self.choices):
            raise ValueError("a choice has choices, and nothing else has")
        return self

    @field_validator("choices")
    @classmethod
    def _each_choice_once(cls, choices: tuple[ChoiceBody, ...]) -> tuple[ChoiceBody, ...]:
        return _each_once(choices)


class StateBody(Body):
    id: GroupId
    name: BothWords
    kind: Literal["open", "waiting", "done"]


class TypeBody(Body):
    name: BothWords
    group: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{0,40}$")] = ""
    fields: Annotated[tuple[FieldBody, ...], Field(max_length=40)] = ()
    states: Annotated[tuple[StateBody, ...], Field(min_length=1, max_length=30)]
    moves: dict[GroupId, Annotated[tuple[GroupId, ...], Field(max_length=30)]] = Field(
        default_factory=dict, max_length=30
    )

    @field_validator("fields", "states")
    @classmethod
    def _each_id_once(cls, some: tuple[Row, ...]) -> tuple[Row, ...]:
        return _each_once(some)

    @field_validator("states")
    @classmethod
    def _ends(cls, states: tuple[StateBody, ...]) -> tuple[StateBody, ...]:
        if not any(one.kind == "done" for one in states):
            raise ValueError("one state at least ends a ticket")
        return states


class KeywordsBody(Body):
    keywords: Annotated[
        tuple[Annotated[str, StringConstraints(min_length=1, max_length=40, strip_whitespace=True)], ...],
        Field(max_length=500),
    ]


class PoliciesBody(Body):
    policies: Annotated[tuple[PolicyBody, ...], Field(max_length=50)]
