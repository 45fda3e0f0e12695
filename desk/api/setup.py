"""Groups, office hours, levels and promises, changed while the house runs."""

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any, Final, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from fastapi import APIRouter, Path, Query
from pydantic import AfterValidator, Field, StringConstraints, field_validator, model_validator

from desk.api.bodies import Body, GroupId, Id, Name
from desk.api.hall import Hall
from desk.rules.hours import Day
from desk.rules.people import Group, Strategy
from desk.rules.premises import Levels
from desk.rules.sla import Policy
from desk.rules.tickets import Priority
from desk.service.setup import shown_hours, type_of
from web.errors import Refused
from web.permissions import demand

PERMISSION: Final = "setup.manage"
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


Clock = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


def known_zone(name: str) -> str:
    """Raises ValueError when no time zone has this name."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("no time zone has this name") from None
    return name


class HoursBody(Body):
    timezone: Annotated[str, StringConstraints(min_length=1, max_length=64), AfterValidator(known_zone)]
    week: dict[Day, Annotated[tuple[tuple[Clock, Clock], ...], Field(max_length=6)]]
    holidays: Annotated[tuple[date, ...], Field(max_length=400)] = ()

    @field_validator("week")
    @classmethod
    def _in_order(cls, week: dict[Day, tuple[tuple[str, str], ...]]) -> dict[Day, tuple[tuple[str, str], ...]]:
        for day, spans in week.items():
            times = [time for span in spans for time in span]
            if times != sorted(set(times)):
                raise ValueError(f"{day}: spans open before they close, and one after the other")
        return week

    def kept(self) -> dict[str, Any]:
        """As the shelf keeps it."""
        return self.model_dump(mode="json")


class LevelsBody(Body):
    service_level_seconds: Annotated[int, Field(ge=1, le=86_400)]
    wait_seconds: Seconds
    no_reply_seconds: Seconds


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


class FieldBody(Body):
    id: GroupId
    name: BothWords
    kind: Literal["text", "number", "date", "choice"] = "text"
    choices: Annotated[tuple[Name, ...], Field(max_length=50)] = ()
    required: bool = False

    @model_validator(mode="after")
    def _has_choices(self) -> Self:
        if (self.kind == "choice") != bool(self.choices):
            raise ValueError("a choice has choices, and nothing else has")
        return self


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

    @model_validator(mode="after")
    def _each_id_once(self) -> Self:
        for some in (self.fields, self.states):
            ids = [one.id for one in some]
            if len(set(ids)) < len(ids):
                raise ValueError("an id stands for one field or state")
        if not any(one.kind == "done" for one in self.states):
            raise ValueError("one state at least ends a ticket")
        return self


class KeywordsBody(Body):
    keywords: Annotated[
        tuple[Annotated[str, StringConstraints(min_length=1, max_length=40, strip_whitespace=True)], ...],
        Field(max_length=500),
    ]


class PoliciesBody(Body):
    policies: Annotated[tuple[PolicyBody, ...], Field(max_length=50)]


def setup_routes(api: APIRouter, hall: Hall, me_of: Any) -> None:
    """All of them; each change is in the audit."""
    setup, premises = hall.setup, hall.setup.premises
    _group_routes(api, hall, me_of)

    @api.get("/hours")
    async def hours(me: me_of) -> dict[str, Any]:
        return shown_hours(premises.hours)

    @api.put("/hours")
    async def set_hours(body: HoursBody, me: me_of) -> dict[str, Any]:
        demand(me.staff.role, PERMISSION)
        await setup.set_hours(body.kept(), me.staff)
        await hall.changes.record(me.staff.id, me.staff.name, "hours.changed", "", body.kept())
        return shown_hours(premises.hours)

    @api.get("/levels")
    async def levels(me: me_of) -> dict[str, Any]:
        return asdict(premises.levels)

    @api.put("/levels")
    async def set_levels(body: LevelsBody, me: me_of) -> dict[str, Any]:
        demand(me.staff.role, PERMISSION)
        await setup.set_levels(Levels(**body.model_dump()), me.staff)
        await hall.changes.record(me.staff.id, me.staff.name, "levels.changed", "", body.model_dump())
        return asdict(premises.levels)

    @api.get("/keywords")
    async def keywords(me: me_of) -> dict[str, Any]:
        return {"keywords": list(premises.keywords)}

    @api.put("/keywords")
    async def set_keywords(body: KeywordsBody, me: me_of) -> dict[str, Any]:
        demand(me.staff.role, PERMISSION)
        await setup.set_keywords(body.keywords, me.staff)
        await hall.changes.record(me.staff.id, me.staff.name, "keywords.changed", "", body.model_dump())
        return {"keywords": list(premises.keywords)}

    @api.get("/security")
    async def security(me: me_of) -> dict[str, Any]:
        demand(me.staff.role, "roles.manage")
        return {"second_factor_roles": sorted(premises.second_factor_roles)}

    @api.put("/security")
    async def set_security(body: SecurityBody, me: me_of) -> dict[str, Any]:
        demand(me.staff.role, "roles.manage")
        await setup.set_security(body.second_factor_roles, me.staff)
        await hall.changes.record(me.staff.id, me.staff.name, "security.changed", "", body.model_dump())
        return {"second_factor_roles": sorted(premises.second_factor_roles)}

    @api.put("/ticket-types/{id}")
    async def put_type(id: Annotated[GroupId, Path()], body: TypeBody, me: me_of) -> dict[str, Any]:
        demand(me.staff.role, PERMISSION)
        if body.group not in ("", *premises.groups):
            raise Refused("invalid", "no group has this id", "group")
        if stuck := await hall.tickets.states_in_use(id) - {one.id for one in body.states}:
            raise Refused("conflict", f"tickets are in the state {min(stuck)}", "states")
        try:
            type = type_of({"id": id, **body.model_dump(mode="json")})
            await setup.put_type(type, me.staff)
        except ValueError as error:
            raise Refused("invalid", str(error), "moves" if "state" in str(error) else "fields") from error
        await hall.changes.record(me.staff.id, me.staff.name, "ticket-type.changed", id, body.model_dump(mode="json"))
        return asdict(type)

    @api.put("/ticket-policies")
    async def set_policies(body: PoliciesBody, me: me_of) -> dict[str, Any]:
        demand(me.staff.role, PERMISSION)
        types = {one.id for one in premises.book.types}
        for n, one in enumerate(body.policies):
            if unknown := set(one.types) - types:
                raise Refused("invalid", f"no ticket type is called {min(unknown)}", f"policies.{n}.types")
            if one.escalate_to not in ("", *premises.groups):
                raise Refused("invalid", "no group has this id", f"policies.{n}.escalate_to")
        await setup.set_policies(tuple(Policy(**one.model_dump()) for one in body.policies), me.staff)
        await hall.changes.record(me.staff.id, me.staff.name, "policies.changed", "", body.model_dump())
        return {"policies": [asdict(one) for one in premises.book.policies]}


def _group_routes(api: APIRouter, hall: Hall, me_of: Any) -> None:
    setup, premises = hall.setup, hall.setup.premises

    @api.get("/groups")
    async def groups(me: me_of) -> dict[str, Any]:
        return {"groups": [asdict(group) for group in premises.groups.values()]}

    @api.put("/groups/{id}")
    async def put(id: Annotated[GroupId, Path()], body: GroupBody, me: me_of) -> dict[str, Any]:
        demand(me.staff.role, PERMISSION)
        if body.overflow_to and (body.overflow_to == id or body.overflow_to not in premises.groups):
            raise Refused("invalid", "another group's id, or nothing", "overflow_to")
        group = Group(id, **body.model_dump())
        await setup.put_group(group, me.staff)
        await hall.changes.record(me.staff.id, me.staff.name, "group.changed", id, body.model_dump())
        return asdict(group)

    @api.delete("/groups/{id}")
    async def remove(id: str, me: me_of, to: Annotated[str, Query(max_length=64)] = "") -> dict[str, Any]:
        demand(me.staff.role, PERMISSION)
        if to and (to == id or to not in premises.groups):
            raise Refused("invalid", "another group's id, or nothing", "to")
        try:
            moved = await setup.remove_group(id, to, me.staff)
        except KeyError:
            raise Refused("not_found", "no group has this id") from None
        await hall.changes.record(me.staff.id, me.staff.name, "group.removed", id, {"to": to, "moved": moved})
        return {"moved": moved}
