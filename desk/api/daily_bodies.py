"""What staff send beside talking: canned replies, tags, wrap-up, reminders, drafts, filters and views."""

from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field, StrictBool, StringConstraints, field_validator

from conversation.events import HOUSE_KNOWS
from desk.api.bodies import Act, Body, Name, Remark, StaffId, Tag, Words
from desk.api.ticket_bodies import TicketConditions
from web.fields import Seq

Attribute = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Known = (
    StrictBool
    | Annotated[float, Field(strict=True, allow_inf_nan=False)]
    | Annotated[str, StringConstraints(max_length=400)]
)


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


class AttributesBody(Act):
    attributes: Annotated[dict[Attribute, Known | None], Field(min_length=1, max_length=50)]

    @field_validator("attributes")
    @classmethod
    def _not_the_house_s_own(cls, given: dict[str, Known | None]) -> dict[str, Known | None]:
        if own := sorted(given.keys() & HOUSE_KNOWS):
            raise ValueError(f"the house itself knows {', '.join(own)}")
        return given


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
