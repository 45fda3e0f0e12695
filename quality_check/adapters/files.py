"""Conversations from files of JSON lines, gzipped or not; the forms are in docs/quality.md."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final, get_args

from language.lines import lines
from quality_check.rules.finding import LONGEST
from quality_check.rules.source import Problem
from quality_check.rules.view import Conversation, Role, Turn

ROLES: Final = {role: role for role in get_args(Role)} | {"user": "customer", "system": "agent", "assistant": "bot"}


def read_conversations(path: Path) -> Iterator[Conversation | Problem]:
    """One for each line that is not empty, and a problem for each that cannot be read, or not to its end.

    Raises OSError.
    """
    for number, line in lines(path):
        try:
            read = _conversation(json.loads(line), number)
        except (ValueError, TypeError, RecursionError) as error:
            yield Problem(str(path), number, "", str(error))
            continue
        for place, turn in enumerate(read.turns, 1):
            if len(turn.text) > LONGEST:
                yield Problem(str(path), number, f"turn {place}", f"only the first {LONGEST} characters are read")
        yield read


def _conversation(row: Any, number: int) -> Conversation:
    if not isinstance(row, dict) or not isinstance(row.get("turns"), list):
        raise ValueError("a conversation is an object with a list of turns")
    turns = tuple(turn for index, one in enumerate(row["turns"], 1) for turn in _turns(one, index))
    attributes = {key: value for key, value in row.items() if isinstance(value, str | int | float | bool)}
    if day := _day(row):
        attributes["date"] = day
    return Conversation(str(row.get("id", number)), turns, attributes, _expected(row.get("hits")), line=number)


def _day(row: Mapping[str, Any]) -> str | None:
    """The ISO date on which it began: the one given, else the first message's."""
    first = row["turns"][0].get("at") if row["turns"] and "date" not in row else row.get("date")
    if "date" in row and not isinstance(first, str):
        raise ValueError("date is no ISO date")
    try:
        return datetime.fromisoformat(first).date().isoformat() if isinstance(first, str) else None
    except ValueError as error:
        raise ValueError("date is no ISO date") from error


def _expected(hits: Any) -> tuple[str, ...] | None:
    if hits is None:
        return None
    if not isinstance(hits, list) or not all(isinstance(rule, str) for rule in hits):
        raise ValueError("hits is not a list of rule ids")
    return tuple(hits)


def _turns(one: Any, index: int) -> Iterator[Turn]:
    if not isinstance(one, dict):
        raise ValueError(f"turn {index} is not an object")
    if "role" not in one and "user" in one:  # a customer's words and the answer to them in one object
        for key in ("user", "agent"):
            if text := one.get(key):
                yield Turn(ROLES[key], _text(text, index))
        return
    role = ROLES.get(str(one.get("role")).lower())
    if role is None:
        raise ValueError(f"turn {index}: role is one of {', '.join(ROLES)}")
    at, until = _seconds(one, "at", index), _seconds(one, "until", index)
    if at is not None and until is not None and until < at:
        raise ValueError(f"turn {index}: until is before at")
    yield Turn(role, _text(one.get("text"), index), at, until=until)


def _text(text: Any, index: int) -> str:
    if not isinstance(text, str):
        raise ValueError(f"turn {index}: text is not a string")
    return text


def _seconds(one: Mapping[str, Any], key: str, index: int) -> float | None:
    at = one.get(key)
    if at is None or (isinstance(at, int | float) and not isinstance(at, bool)):
        return at
    try:
        return datetime.fromisoformat(at).timestamp()
    except (TypeError, ValueError) as error:
        raise ValueError(f"turn {index}: {key} is neither seconds nor an ISO time") from error
