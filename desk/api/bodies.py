"""What staff send."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from desk.rules.people import State

ActId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Words = Annotated[str, StringConstraints(min_length=1, max_length=8000, strip_whitespace=True)]
Remark = Annotated[str, StringConstraints(max_length=2000)]


StaffId = Annotated[str, StringConstraints(min_length=1, max_length=64)]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SignIn(Body):
    login: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    password: Annotated[str, StringConstraints(min_length=1, max_length=200)]


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


class Reply(Act):
    text: Annotated[str, StringConstraints(max_length=8000, strip_whitespace=True)] = ""
    attachments: Annotated[tuple[Annotated[str, StringConstraints(max_length=64)], ...], Field(max_length=10)] = ()

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.text and not self.attachments:
            raise ValueError("a reply needs text or attachments")
        return self


class Transfer(Act):
    to: Annotated[str, StringConstraints(max_length=64)] = ""
    group: Annotated[str, StringConstraints(max_length=64)] = ""
    note: Remark = ""


class Remarked(Act):
    reason: Remark = ""
    note: Remark = ""


class ReadBody(Body):
    seq: int = Field(ge=1)


class NewStaff(Body):
    login: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.@-]{1,64}$")]
    name: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    role: Literal["agent", "supervisor", "inspector", "admin"] = "agent"
    password: Annotated[str, StringConstraints(max_length=200)]
    languages: tuple[Literal["zh", "en"], ...] = ("zh", "en")
    groups: tuple[Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,40}$")], ...] = ()
    capacity: int = Field(5, ge=0, le=100)
