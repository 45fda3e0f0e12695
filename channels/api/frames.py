"""What a widget may say, on its socket and over REST."""

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, field_validator, model_validator

from channels.rules import ATTACHMENTS, COMMENT_LENGTH, TEXT_LENGTH, flaw_of_text
from conversation.events import Choice
from web.fields import Seq

ClientId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
FileId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Site = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]{1,64}$")]


class Frame(BaseModel):
    """Unknown fields are refused, so that a misspelt one is noticed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @field_validator("*")
    @classmethod
    def _can_be_stored(cls, value: Any) -> Any:
        if isinstance(value, str) and (flaw := flaw_of_text(value)):
            raise ValueError(flaw)
        return value


class Hello(Frame):
    type: Literal["hello"] = "hello"
    site: Site
    language: Literal["zh", "en"]
    token: str | None = None
    since: Seq = 0
    page: Annotated[str, StringConstraints(max_length=2000)] = ""
    identity: Annotated[str, StringConstraints(max_length=8000)] | None = None
    invitation: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,40}$")] | None = None


class ButtonPressed(Frame):
    seq: Seq
    button: Seq

    def choice(self) -> Choice:
        return Choice(self.seq, self.button)


class Send(Frame):
    type: Literal["send"] = "send"
    id: ClientId
    text: Annotated[str, StringConstraints(max_length=TEXT_LENGTH)] = ""
    choice: ButtonPressed | None = None
    attachments: Annotated[tuple[FileId, ...], Field(max_length=ATTACHMENTS)] = ()

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.text.strip() and self.choice is None and not self.attachments:
            raise ValueError("a message needs text, attachments or a choice")
        return self


class Typing(Frame):
    type: Literal["typing"] = "typing"
    on: bool


class Read(Frame):
    type: Literal["read"] = "read"
    seq: Seq


class Rate(Frame):
    type: Literal["rate"] = "rate"
    id: ClientId
    score: int = Field(ge=1, le=5)
    comment: Annotated[str, StringConstraints(max_length=COMMENT_LENGTH)] = ""


class Leave(Frame):
    type: Literal["leave"] = "leave"
    id: ClientId
    text: Annotated[str, StringConstraints(min_length=1, max_length=TEXT_LENGTH)]
    name: Annotated[str, StringConstraints(max_length=200)] = ""
    email: Annotated[str, StringConstraints(max_length=200)] = ""
    phone: Annotated[str, StringConstraints(max_length=40)] = ""
    call: bool = False

    @model_validator(mode="after")
    def _can_be_answered(self) -> Self:
        if not self.email and not self.phone:
            raise ValueError("an e-mail address or a phone number is needed to answer")
        if self.call and not self.phone:
            raise ValueError("a phone number is needed to call")
        return self


class Wish(Frame):
    type: Literal["person", "bot", "end"]
    id: ClientId


class Ping(Frame):
    type: Literal["ping"] = "ping"


Said = Send | Typing | Read | Rate | Leave | Wish | Ping
SAID: TypeAdapter[Said] = TypeAdapter(Annotated[Said, Field(discriminator="type")])
