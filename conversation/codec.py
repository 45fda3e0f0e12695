"""Facts to JSON and back, upgrades of facts that older versions wrote, views for an audience, and blanking of words."""

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime
from functools import cache, lru_cache
from types import UnionType
from typing import Any, Final, Union, get_args, get_origin, get_type_hints

import orjson

from conversation.events import (
    KINDS,
    Audience,
    Event,
    Fact,
    hidden_from,
    written_by_people,
)
from conversation.model import Conversation, Holder

Upgrade = Callable[[dict[str, Any]], dict[str, Any]]

UPGRADES: Final[dict[str, tuple[Upgrade, ...]]] = {}
"""For a kind, what leads from version 1 to the present one, oldest first. A stored fact names its version."""


class UnknownFact(ValueError):
    """The log holds a fact of a kind or version that this program does not know."""


def encode(fact: Fact) -> str:
    """JSON of a fact, with its version under `v` once its shape has changed."""
    if upgrades := UPGRADES.get(type(fact).__name__):
        return orjson.dumps({**_plain(fact), "v": len(upgrades) + 1}).decode()
    return orjson.dumps(fact).decode()


def decode(kind: str, text: str) -> Fact:
    """The fact of a kind from its JSON.

    Raises:
        UnknownFact: this program has no such kind, or an older version of it.
    """
    if kind not in KINDS:
        raise UnknownFact(f"no fact is called {kind!r}; was this log written by a newer kefu?")
    body = orjson.loads(text)
    upgrades = UPGRADES.get(kind, ())
    version = body.pop("v", 1)
    if version > len(upgrades) + 1:
        raise UnknownFact(f"{kind} version {version} is newer than this program's {len(upgrades) + 1}")
    for upgrade in upgrades[version - 1 :]:
        body = upgrade(body)
    fact: Fact = _build(KINDS[kind], body)
    return fact


def encode_conversation(conversation: Conversation) -> str:
    """JSON of a folded conversation."""
    return orjson.dumps(conversation._asdict()).decode()


def decode_conversation(text: str) -> Conversation:
    """The folded conversation from its JSON."""
    body = orjson.loads(text)
    body["holder"] = Holder(**body["holder"])
    for name in ("tags", "participants"):
        body[name] = tuple(body.get(name, ()))
    for name in ("started_at", "updated_at", "waiting_since", "last_agent_at"):
        if body.get(name) is not None:
            body[name] = datetime.fromisoformat(body[name])
    return Conversation(**body)


@lru_cache(4096)  # the same time is told to many: in acks, events, summaries and lists
def timestamp(at: datetime) -> str:
    """ISO 8601 in UTC with milliseconds, as all wires carry it."""
    at = at if at.tzinfo is UTC else at.astimezone(UTC)
    return at.isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"


def show(event: Event, audience: Audience) -> dict[str, Any] | None:
    """The event as `audience` may see it, as plain JSON values; None when it may not see it at all."""
    if event.fact.audience > audience:
        return None
    seen = {
        "seq": event.seq,
        "kind": event.kind,
        "at": timestamp(event.at),
        **_plain(event.fact, audience),
    }
    if audience > Audience.CUSTOMER:
        seen["conversation"] = event.conversation
    if event.redacted:
        seen["redacted"] = True
    return seen


def blank(fact: Fact) -> Fact:
    """The same fact without anything that people wrote."""
    blanked: Fact = _blank(fact)
    return blanked


def _plain(value: Any, audience: Audience = Audience.HOUSE) -> Any:
    if is_dataclass(value):
        return {name: _plain(getattr(value, name), audience) for name in _shown(_kind(value), audience)}
    if isinstance(value, tuple):
        return [_plain(item, audience) for item in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return value


def _kind(value: Any) -> Any:
    return type(value)


@cache
def _shown(kind: Any, audience: Audience) -> tuple[str, ...]:
    return tuple(name for name in _names(kind) if name not in hidden_from(kind, audience))


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


@cache
def _hints(kind: Any) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {name: hints[name] for name in _names(kind)}


def _build(kind: Any, body: dict[str, Any]) -> Any:
    """A dataclass from its JSON object, which is used up."""
    for name, make in _makers(kind).items():
        if name in body:
            body[name] = make(body[name])
    return kind(**body)


@cache
def _makers(kind: Any) -> dict[str, Callable[[Any], Any]]:
    """How to make the fields that are not what JSON has already."""
    makers = {name: _maker(hint) for name, hint in _hints(kind).items()}
    return {name: make for name, make in makers.items() if make is not None}


def _maker(hint: Any) -> Callable[[Any], Any] | None:
    """What makes a field's value of its JSON; None when it is the same."""
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        make = _maker(next(arg for arg in args if arg is not type(None)))
        return make and (lambda value: None if value is None else make(value))
    if origin is tuple and args[1:] == (...,):
        each = _maker(args[0])
        return tuple if each is None else (lambda value: tuple(map(each, value)))
    if origin is tuple:
        makers = [_maker(arg) or _same for arg in args]
        return lambda value: tuple(make(item) for make, item in zip(makers, value, strict=True))
    if is_dataclass(hint):
        return lambda value: _build(hint, value)
    return None


def _same(value: Any) -> Any:
    return value


def _blank(value: Any) -> Any:
    kind = _kind(value)
    written = written_by_people(kind)
    changes: dict[str, Any] = {}
    for name in _names(kind):
        now = getattr(value, name)
        if name in written:
            changes[name] = type(now)()
        elif is_dataclass(now):
            changes[name] = _blank(now)
        elif isinstance(now, tuple) and now and is_dataclass(now[0]):
            changes[name] = tuple(_blank(item) for item in now)
    return replace(value, **changes)
