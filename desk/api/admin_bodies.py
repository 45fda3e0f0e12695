"""What is sent about who may do what, and what the house does by itself."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, ConfigDict, Field, HttpUrl, StringConstraints

from conversation.events import KINDS
from desk.api.bodies import Body, GroupId, Id, Name, Tag, Title, Words
from web.permissions import KNOWN


def known_permission(name: str) -> str:
    """Raises ValueError for one that nothing asks for."""
    if name not in KNOWN:
        raise ValueError(f"no permission is called so; there are {', '.join(sorted(KNOWN))}")
    return name


def known_kind(name: str) -> str:
    """Raises ValueError for a fact there is not."""
    if name not in KINDS:
        raise ValueError(f"no fact is called so; there are {', '.join(sorted(KINDS))}")
    return name


Permission = Annotated[str, AfterValidator(known_permission)]
Kind = Annotated[str, AfterValidator(known_kind)]
Email = Annotated[str, StringConstraints(pattern=r"^([^\s@<>,]+@[^\s@<>,]+)?$", max_length=200)]


class NewStaff(Body):
    login: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.@-]{1,64}$")]
    name: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    role: Annotated[str, StringConstraints(max_length=16)] = "agent"
    password: Annotated[str, StringConstraints(max_length=200)] = ""
    email: Email = ""
    languages: tuple[Literal["zh", "en"], ...] = ("zh", "en")
    groups: tuple[Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,40}$")], ...] = ()
    skills: Annotated[tuple[GroupId, ...], Field(max_length=9)] = ()
    capacity: int = Field(5, ge=0, le=100)


class StaffChanges(Body):
    name: Name | None = None
    email: Email | None = None
    role: Annotated[str, StringConstraints(min_length=1, max_length=16)] | None = None
    languages: tuple[Literal["zh", "en"], ...] | None = None
    groups: Annotated[tuple[GroupId, ...], Field(max_length=9)] | None = None
    skills: Annotated[tuple[GroupId, ...], Field(max_length=9)] | None = None
    capacity: Annotated[int, Field(ge=0, le=100)] | None = None
    channel_capacity: dict[GroupId, Annotated[int, Field(ge=0, le=100)]] | None = None
    active: bool | None = None


class PasswordBody(Body):
    password: Annotated[str, StringConstraints(max_length=200)]
    old: Annotated[str, StringConstraints(max_length=200)] = ""


class RoleBody(Body):
    permissions: Annotated[tuple[Permission, ...], Field(max_length=100)]


class NewToken(Body):
    name: Name
    scopes: Annotated[tuple[Permission, ...], Field(min_length=1, max_length=100)]


class WebhookBody(Body):
    url: HttpUrl
    kinds: Annotated[tuple[Kind, ...], Field(min_length=1, max_length=100)]
    active: bool = True

    def kept(self) -> dict[str, Any]:
        """As the shelf keeps it."""
        return {"url": str(self.url), "kinds": list(self.kinds), "active": self.active}


class ConditionBody(Body):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    field: Literal["group", "language", "channel", "site", "text", "priority", "tag", "status", "holder", "agent"]
    is_: Annotated[Literal["equals", "not", "contains", "at_least"], Field(alias="is")]
    value: Annotated[str, StringConstraints(max_length=400)] | float


class TagAct(Body):
    act: Literal["tag"]
    tag: Tag


class PrioritiseAct(Body):
    act: Literal["prioritise"]
    priority: Annotated[int, Field(ge=0, le=3)]


class QueueAct(Body):
    act: Literal["queue"]
    group: Id = ""


class NoteAct(Body):
    act: Literal["note"]
    text: Words


class CloseAct(Body):
    act: Literal["close"]


class TicketAct(Body):
    act: Literal["ticket"]
    type: Id
    title: Title


AnyAct = Annotated[TagAct | PrioritiseAct | QueueAct | NoteAct | CloseAct | TicketAct, Field(discriminator="act")]


class RuleBody(Body):
    name: Name
    on: Annotated[tuple[Kind, ...], Field(min_length=1, max_length=20)]
    when: Annotated[tuple[ConditionBody, ...], Field(max_length=20)] = ()
    then: Annotated[tuple[AnyAct, ...], Field(min_length=1, max_length=20)]
    after_seconds: Annotated[int, Field(ge=0, le=30 * 86_400)] = 0
    active: bool = True

    def kept(self) -> dict[str, Any]:
        """As the shelf keeps it."""
        return self.model_dump(mode="json", by_alias=True)


class Trial(Body):
    rule: RuleBody
    days: Annotated[int, Field(ge=1, le=90)] = 7
