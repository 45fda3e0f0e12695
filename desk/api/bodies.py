"""What staff send."""

from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    HttpUrl,
    StringConstraints,
    field_validator,
    model_validator,
)

from conversation.events import KINDS, Card
from desk.rules.people import State
from desk.rules.tickets import Priority
from web.fields import Seq
from web.permissions import KNOWN

ActId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Words = Annotated[str, StringConstraints(min_length=1, max_length=8000, strip_whitespace=True)]
Remark = Annotated[str, StringConstraints(max_length=2000)]


StaffId = Annotated[str, StringConstraints(min_length=1, max_length=64)]


GroupId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,40}$")]


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


class Body(BaseModel):
    """Unknown fields, and characters that no store keeps, are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @field_validator("*")
    @classmethod
    def _can_be_stored(cls, value: Any) -> Any:
        if isinstance(value, str) and ("\x00" in value or any("\ud800" <= one <= "\udfff" for one in value)):
            raise ValueError("a null character or half of a surrogate pair cannot be stored")
        return value


class SignIn(Body):
    login: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    password: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    code: Annotated[str, StringConstraints(max_length=20)] = ""


class PresenceBody(Body):
    presence: State


class Forced(PresenceBody):
    reason: Remark = ""


class Act(Body):
    id: ActId


class Write(Act):
    text: Words


class Noted(Write):
    mentions: Annotated[tuple[StaffId, ...], Field(max_length=20)] = ()


class HoldBody(Act):
    on: bool
    reason: Remark = ""


class PriorityBody(Act):
    priority: int = Field(ge=0, le=3)
    skill: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{0,40}$")] = ""


class Invite(Act):
    staff: StaffId
    note: Remark = ""


class LeaveBody(Act):
    staff: Annotated[str, StringConstraints(max_length=64)] = ""


class CardBody(Body):
    """A title and rows of what is called how; `link` leads to more."""

    title: Annotated[str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True)]
    rows: Annotated[
        tuple[
            tuple[
                Annotated[str, StringConstraints(min_length=1, max_length=40)],
                Annotated[str, StringConstraints(max_length=200)],
            ],
            ...,
        ],
        Field(max_length=12),
    ] = ()
    link: Annotated[str, StringConstraints(pattern=r"^(https?://[^\s]{1,1900})?$")] = ""

    @field_validator("rows")
    @classmethod
    def _rows_can_be_stored(cls, rows: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
        for row in rows:
            for cell in row:
                cls._can_be_stored(cell)
        return rows

    def card(self) -> Card:
        """As the fact keeps it."""
        return Card(self.title, self.rows, self.link)


class Reply(Act):
    text: Annotated[str, StringConstraints(max_length=8000, strip_whitespace=True)] = ""
    attachments: Annotated[tuple[Annotated[str, StringConstraints(max_length=64)], ...], Field(max_length=10)] = ()
    card: CardBody | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.text and not self.attachments and not self.card:
            raise ValueError("a reply needs text, attachments or a card")
        return self


class Transfer(Act):
    to: Annotated[str, StringConstraints(max_length=64)] = ""
    group: Annotated[str, StringConstraints(max_length=64)] = ""
    note: Remark = ""


class Remarked(Act):
    reason: Remark = ""
    note: Remark = ""


class ReadBody(Body):
    seq: Seq


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


Name = Annotated[str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True)]
Tag = Annotated[str, StringConstraints(pattern=r"^[^\s,]{1,40}$")]


class CannedBody(Body):
    scope: Literal["personal", "group", "company"]
    group: Annotated[str, StringConstraints(max_length=64)] = ""
    shortcut: Annotated[str, StringConstraints(pattern=r"^[^\s/]{1,40}$")]
    title: Name
    language: Literal["zh", "en", ""] = ""
    text: Words


class RenderBody(Body):
    conversation: StaffId


class TagsBody(Act):
    tags: Annotated[tuple[Tag, ...], Field(max_length=20)]


class WrapUp(Act):
    reason: Annotated[str, StringConstraints(max_length=64)]
    summary: Remark = ""
    resolved: bool = True


class CheckBody(Body):
    text: Annotated[str, StringConstraints(max_length=8000)]


class Snooze(Body):
    until: AwareDatetime
    note: Remark = ""


class DraftBody(Body):
    text: Annotated[str, StringConstraints(max_length=8000)] = ""
    note: Annotated[str, StringConstraints(max_length=8000)] = ""


class FilterBody(Body):
    status: Literal["open", "closed"] | None = None
    holder: Literal["bot", "queue", "agent"] | None = None
    agent: Annotated[str, StringConstraints(max_length=64)] | None = None
    group: Annotated[str, StringConstraints(max_length=64)] | None = None
    tag: Annotated[str, StringConstraints(max_length=40)] | None = None
    language: Literal["zh", "en"] | None = None
    channel: Annotated[str, StringConstraints(max_length=40)] | None = None
    site: Annotated[str, StringConstraints(max_length=64)] | None = None
    priority: Annotated[int, Field(ge=0, le=3)] | None = None
    unread: bool | None = None


class ListQuery(FilterBody):
    view: Literal["mine", "waiting", "bot", "open", "closed", "all", "matching"] = "mine"
    before: Seq | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 50

    def wanted(self) -> dict[str, Any]:
        """The filter alone."""
        return self.model_dump(exclude={"view", "before", "limit"})


Attribute = Annotated[str, StringConstraints(max_length=400)]


class ContactChanges(Body):
    name: Annotated[str, StringConstraints(max_length=100)] | None = None
    email: Annotated[str, StringConstraints(max_length=200)] | None = None
    phone: Annotated[str, StringConstraints(max_length=40)] | None = None
    vip: bool | None = None
    attributes: (
        Annotated[dict[Tag, Annotated[str, StringConstraints(max_length=400)] | None], Field(max_length=50)] | None
    ) = None


class Remarks(Body):
    text: Words


class OtherContact(Body):
    other: StaffId


class BlockBody(Body):
    hours: Annotated[float, Field(gt=0, le=87_600)] | None = None
    reason: Remark = ""


Title = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
Id = Annotated[str, StringConstraints(max_length=64)]
Fields = Annotated[dict[Annotated[str, StringConstraints(max_length=64)], str | float | None], Field(max_length=50)]
Version = Annotated[int, Field(ge=1, le=2**31 - 1)]


class NewTicketBody(Act):
    type: Id
    title: Title
    text: Annotated[str, StringConstraints(max_length=8000)] = ""
    fields: Fields = {}
    priority: Priority = "normal"
    contact: Id = ""
    conversation: Id = ""
    group: Id = ""
    assignee: Id = ""


class TicketChanges(Body):
    version: Version
    title: Title | None = None
    state: Id | None = None
    priority: Priority | None = None
    assignee: Id | None = None
    group: Id | None = None
    fields: Fields | None = None


class BulkBody(Body):
    tickets: Annotated[tuple[Id, ...], Field(min_length=1, max_length=200)]
    state: Id | None = None
    priority: Priority | None = None
    assignee: Id | None = None
    group: Id | None = None


class Comment(Write):
    public: bool = False


class LinkBody(Body):
    kind: Literal["related", "blocks", "duplicate", "order"]
    to: StaffId


class MergeBody(Body):
    into: StaffId


class TicketConditions(Body):
    view: Literal["mine", "unassigned", "watching", "open", "late", "all"] = "open"
    type: Id | None = None
    state: Id | None = None
    assignee: Id | None = None
    group: Id | None = None
    priority: Priority | None = None
    contact: Id | None = None
    conversation: Id | None = None
    q: Annotated[str, StringConstraints(max_length=100)] = ""


class TicketFilter(TicketConditions):
    before: Version | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class NewView(Body):
    name: Name
    shared: bool = False

    def kept(self) -> dict[str, Any]:
        """As the shelf keeps it."""
        return self.model_dump(mode="json", exclude_none=True)


class ConversationView(NewView):
    of: Literal["conversations"] = "conversations"
    filter: FilterBody = FilterBody()


class TicketView(NewView):
    of: Literal["tickets"]
    filter: TicketConditions = TicketConditions()


ViewBody = ConversationView | TicketView

Permission = Annotated[str, AfterValidator(known_permission)]
Kind = Annotated[str, AfterValidator(known_kind)]


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
