"""When a rule of the house applies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from conversation.events import Audience, Event, MessagesRead
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


def may_apply(rule: Rule, event: Event) -> bool:
    """What can be said before the conversation is looked at. What a rule did never sets off a rule: no loops."""
    if event.kind not in rule.on or event.cause.startswith(CAUSE):
        return False
    return all(_holds(one, [_text(event)]) for one in rule.when if one.field == "text")


def applies(rule: Rule, event: Event, now: Conversation) -> bool:
    """Does the rule want this?"""
    return may_apply(rule, event) and all(_holds(one, _values(one.field, event, now)) for one in rule.when)


def asks_only_for_words(rule: Rule) -> bool:
    """Does `may_apply` say it all?"""
    return all(one.field == "text" for one in rule.when)


def stirs(event: Event) -> bool:
    """Does this end a silence? What the customer sees does; what is noted, suggested, flagged or read does not."""
    return event.fact.audience is Audience.CUSTOMER and not isinstance(event.fact, MessagesRead)


def _holds(condition: Condition, values: Sequence[str]) -> bool:
    match condition.is_:
        case "equals":
            return any(_same(value, condition.value) for value in values)
        case "not":
            return not any(_same(value, condition.value) for value in values)
        case "contains":
            return any(str(condition.value).casefold() in value.casefold() for value in values)
        case _:
            return any(_number(value) >= _number(condition.value) for value in values)


def _same(value: str, wanted: str | float) -> bool:
    return value == wanted if isinstance(wanted, str) else _number(value) == wanted


def _values(field: str, event: Event, now: Conversation) -> Sequence[str]:
    match field:
        case "text":
            return [_text(event)]
        case "tag":
            return now.tags
        case "holder":
            return [now.holder.kind]
        case "agent":
            return [now.holder.agent]
        case _:
            return [str(getattr(now, field))]


def _text(event: Event) -> str:
    return str(getattr(event.fact, "text", ""))


def _number(value: object) -> float:
    try:
        return float(str(value))
    except ValueError:
        return float("-inf")
