"""What staff send about tickets."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from desk.api.bodies import Act, Body, FileIds, Id, StaffId, Title
from desk.rules.tickets import Priority

Fields = Annotated[dict[Annotated[str, StringConstraints(max_length=64)], str | float | None], Field(max_length=50)]
Version = Annotated[int, Field(ge=1, le=2**31 - 1)]


class NewTicketBody(Act):
    type: Id
    title: Title
    text: Annotated[str, StringConstraints(max_length=8000)] = ""
    fields: Fields = Field({})
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


class Comment(Act):
    text: Annotated[str, StringConstraints(max_length=8000, strip_whitespace=True)] = ""
    public: bool = False
    attachments: FileIds = ()

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.text and not self.attachments:
            raise ValueError("a comment needs text or attachments")
        return self


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


class TicketSheet(TicketFilter):
    words: Literal["zh", "en"] | None = None
    timezone: Annotated[str, StringConstraints(max_length=64)] = "UTC"
