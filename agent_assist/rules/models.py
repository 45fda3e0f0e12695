"""All that was learned, together."""

from dataclasses import dataclass, field

from agent_assist.rules.actions import ActionModel
from agent_assist.rules.replies import ReplyModel
from agent_assist.rules.waiting import Waiting
from agent_assist.rules.worth import Scale


class OtherForm(ValueError):
    """The models on disk are of another version of kefu; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Models:
    """What is None was not learned yet; then words alone decide. `trained` is when, "" for never."""

    replies: ReplyModel | None = None
    waiting: Waiting | None = None
    actions: ActionModel | None = None
    scale: Scale = field(default_factory=Scale)
    trained: str = ""
