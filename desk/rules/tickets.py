"""What tickets are: types with fields of their own, and the moves their workflow allows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator

from desk.rules.sla import Clock, Policy

Priority = Literal["low", "normal", "high", "urgent"]
StateKind = Literal["open", "waiting", "done"]


class BadTicket(ValueError):
    """A ticket cannot be so; `field` is at fault."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def named(choice: Any) -> Any:
    """A choice that is written as a text alone is called so in both languages."""
    return {"id": choice, "name": {"zh": choice, "en": choice}} if isinstance(choice, str) else choice


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer that a field takes: tickets keep the `id`, people read the name."""

    id: str
    name: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Field:
    """Something that tickets of a type tell; `choices` matter for kind `choice`."""

    id: str
    name: Mapping[str, str]
    kind: Literal["text", "number", "date", "choice"] = "text"
    choices: tuple[Annotated[Choice, BeforeValidator(named)], ...] = ()
    required: bool = False


@dataclass(frozen=True, slots=True)
class TicketState:
    """A step of the workflow. While `waiting`, clocks stand still; `done` ends it."""

    id: str
    name: Mapping[str, str]
    kind: StateKind


@dataclass(frozen=True, slots=True)
class TicketType:
    """A kind of work. The first state is where tickets begin; `moves` says which states may follow one. Of a `retired`
    one no more are opened; those that there are go on."""

    id: str
    name: Mapping[str, str]
    states: tuple[TicketState, ...]
    moves: Mapping[str, tuple[str, ...]]
    fields: tuple[Field, ...] = ()
    group: str = ""
    retired: bool = False

    def __post_init__(self) -> None:
        known = {state.id for state in self.states}
        strange = {one for source, targets in self.moves.items() for one in (source, *targets)} - known
        if not self.states or strange:
            raise ValueError(f"type {self.id}: {', '.join(sorted(strange)) or 'at least one'} state is missing")

    def state(self, id: str) -> TicketState:
        """Raises BadTicket."""
        for state in self.states:
            if state.id == id:
                return state
        raise BadTicket("state", f"type {self.id} has no state {id}")


@dataclass(frozen=True, slots=True)
class Book:
    """All types and promises; `mail` is the type of what comes by mail and `call` of wishes to be called ("": no
    tickets are made of them). Those need no fields."""

    types: tuple[TicketType, ...] = ()
    policies: tuple[Policy, ...] = ()
    mail: str = ""
    call: str = ""

    def __post_init__(self) -> None:
        usable = (type for type in self.types if not type.retired)
        free = {type.id for type in usable if not any(field.required for field in type.fields)}
        for use, id in (("mail", self.mail), ("call", self.call)):
            if id and id not in free:
                raise ValueError(f"{use}: a type in use and without required fields is needed, {id} is none")

    def type(self, id: str) -> TicketType:
        """Raises BadTicket."""
        for one in self.types:
            if one.id == id:
                return one
        raise BadTicket("type", f"no type is called {id}")

    def type_for_new(self, id: str) -> TicketType:
        """Raises BadTicket, also for a retired one."""
        if (type := self.type(id)).retired:
            raise BadTicket("type", f"type {id} is retired; no more tickets of it are opened")
        return type


@dataclass(frozen=True, slots=True)
class Ticket:
    """A piece of work; `links` are (kind, id) of other tickets or orders."""

    id: str
    number: int
    version: int
    type: str
    title: str
    text: str
    state: str
    state_kind: StateKind
    priority: Priority
    group: str
    assignee: str
    contact: str
    conversation: str
    opened_by: str
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None = None
    merged_into: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    links: tuple[tuple[str, str], ...] = ()
    watchers: tuple[str, ...] = ()
    clocks: tuple[Clock, ...] = ()


MERGED: Final[Mapping[str, str]] = {"zh": "已合并", "en": "Merged"}  # where one stands whose work goes on in another
LIMIT: Final = 2000  # characters of a field


def check_fields(type: TicketType, fields: Mapping[str, Any]) -> None:
    """Raises BadTicket for a field that is unknown, missing or of the wrong kind."""
    known = {one.id: one for one in type.fields}
    for id in fields:
        if id not in known:
            raise BadTicket(f"fields.{id}", f"type {type.id} has no such field")
    for one in type.fields:
        value = fields.get(one.id)
        if value in (None, ""):
            if one.required:
                raise BadTicket(f"fields.{one.id}", "this field is required")
        elif flaw := _flaw(one, value):
            raise BadTicket(f"fields.{one.id}", flaw)


def _flaw(one: Field, value: Any) -> str:
    if one.kind == "number":
        return "" if isinstance(value, int | float) and not isinstance(value, bool) else "a number is needed"
    if not isinstance(value, str) or len(value) > LIMIT:
        return f"a text of at most {LIMIT} characters is needed"
    if one.kind == "choice" and value not in (ids := [choice.id for choice in one.choices]):
        return f"one of {', '.join(ids)}"
    if one.kind == "date":
        try:
            date.fromisoformat(value)
        except ValueError:
            return "a date such as 2026-01-31 is needed"
    return ""


def check_move(type: TicketType, state: str, to: str) -> TicketState:
    """The state to move to. Raises BadTicket when the workflow does not lead there."""
    target = type.state(to)
    if to != state and to not in type.moves.get(state, ()):
        raise BadTicket("state", f"from {state} it goes on to {', '.join(type.moves.get(state, ())) or 'nowhere'}")
    return target
