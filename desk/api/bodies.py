"""What staff send: what all bodies are made of, and acts on a conversation."""

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

from conversation.events import Card
from desk.rules.people import Chosen
from web.fields import Seq, storable

ActId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Words = Annotated[str, StringConstraints(min_length=1, max_length=8000, strip_whitespace=True)]
Remark = Annotated[str, StringConstraints(max_length=2000)]
Id = Annotated[str, StringConstraints(max_length=64)]
StaffId = Annotated[str, StringConstraints(min_length=1, max_length=64)]
GroupId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,40}$")]
Name = Annotated[str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True)]
Tag = Annotated[str, StringConstraints(pattern=r"^[^\s,]{1,40}$")]
FileIds = Annotated[tuple[Annotated[str, StringConstraints(max_length=64)], ...], Field(max_length=10)]
Title = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]


class Body(BaseModel):
    """Unknown fields, and characters that no store keeps, are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    _can_be_stored = field_validator("*")(storable)


class SignIn(Body):
    login: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    password: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    code: Annotated[str, StringConstraints(max_length=20)] = ""


class PresenceBody(Body):
    presence: Chosen


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
    attachments: FileIds = ()
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
