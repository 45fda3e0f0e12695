"""When a rule of the house applies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from conversation.events import Event
from conversation.model import Conversation

FIELDS: Final = ("group", "language", "channel", "site", "text", "priority", "tag", "status", "holder", "agent")
CAUSE: Final = "rule:"


@dataclass(frozen=True, slots=True)
class Condition:
    """A field of the conversation, or the fact's `text`, and how it must compare."""

    field: str
    is_: str
    value: str | float


@dataclass(frozen=True, slots=True)
class Rule:
    """After a fact of the kinds `on`, once nothing else happened for `after_seconds`: if all of `when`, do `then`."""

    id: str
    name: str
    on: tuple[str, ...]
    when: tuple[Condition, ...]
    then: tuple[Mapping[str, Any], ...]
    after_seconds: int = 0
    active: bool = True


def applies(rule: Rule, event: Event, now: Conversation) -> bool:
    """Does the rule want this? What a rule did never sets off a rule: that is the guard against loops."""
    if event.kind not in rule.on or event.cause.startswith(CAUSE):
        return False
    return all(_holds(condition, event, now) for condition in rule.when)


def _holds(condition: Condition, event: Event, now: Conversation) -> bool:
    values = _values(condition.field, event, now)
    match condition.is_:
        case "equals":
            return str(condition.value) in values
        case "not":
            return str(condition.value) not in values
        case "contains":
            return any(str(condition.value).casefold() in value.casefold() for value in values)
        case _:
            return any(_number(value) >= _number(condition.value) for value in values)


def _values(field: str, event: Event, now: Conversation) -> Sequence[str]:
    match field:
        case "text":
            return [str(getattr(event.fact, "text", ""))]
        case "tag":
            return now.tags
        case "holder":
            return [now.holder.kind]
        case "agent":
            return [now.holder.agent]
        case _:
            return [str(getattr(now, field))]


def _number(value: object) -> float:
    try:
        return float(str(value))
    except ValueError:
        return float("-inf")
