"""Conversations from files of JSON lines, gzipped or not; the forms are in docs/assist.md."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from agent_assist.rules.dialogue import Dialogue, Role, Turn
from language.lines import BadLine, objects

ROLES: Final[dict[str, Role]] = {
    "customer": "customer",
    "user": "customer",
    "agent": "agent",
    "system": "agent",
    "assistant": "bot",
    "bot": "bot",
    "tool": "tool",
    "action": "agent",
}


def read_dialogues(path: Path) -> list[Dialogue]:
    """All conversations of a file. Raises BadLine."""
    found = []
    for number, row in objects(path):
        try:
            found.append(dialogue_of(row, str(number)))
        except ValueError as error:
            raise BadLine(f"{path}:{number}: {error}") from error
    return found


def dialogue_of(row: Any, name: str) -> Dialogue:
    """The conversation of a row; without an id of its own it is called `name`. Raises ValueError with the field."""
    if not isinstance(row.get("turns"), list):
        raise ValueError("turns: a list is missing")
    turns = tuple(turn for index, one in enumerate(row["turns"], 1) for turn in _turns(one, index))
    plain = {key: str(value) for key, value in row.items() if key != "id" and isinstance(value, str | int | bool)}
    return Dialogue(str(row.get("id", name)), turns, plain)


def _turns(one: Any, index: int) -> Iterator[Turn]:
    if not isinstance(one, dict):
        raise ValueError(f"turns[{index}]: not an object")
    role = one.get("role", one.get("speaker"))
    if role is None and "user" in one:  # the customer's words and the answer to them in one object
        yield Turn("customer", _text(one, "user", index))
        if answer := _text(one, "agent", index):
            yield Turn("agent", answer)
        return
    known = ROLES.get(str(role).lower())
    if known is None:
        raise ValueError(f"turns[{index}].role: one of {', '.join(ROLES)}")
    yield Turn(known, _text(one, "text", index), _text(one, "action", index))


def _text(one: dict[str, Any], name: str, index: int) -> str:
    text = one.get(name) or ""
    if not isinstance(text, str):
        raise ValueError(f"turns[{index}].{name}: not a string")
    return text


@dataclass(frozen=True, slots=True)
class Case:
    """A conversation and what people say it was about: by role (customer, agent or overall), one summary or several."""

    dialogue: Dialogue
    references: Mapping[str, tuple[str, ...]]


def read_cases(path: Path) -> list[Case]:
    """All cases of a file. Raises BadLine."""
    found = []
    for number, row in objects(path):
        try:
            found.append(Case(dialogue_of(row, str(number)), _references(row.get("summary"))))
        except ValueError as error:
            raise BadLine(f"{path}:{number}: {error}") from error
    return found


def _references(told: Any) -> dict[str, tuple[str, ...]]:
    by_role = told if isinstance(told, dict) else {"overall": told}
    found = {}
    for role, some in by_role.items():
        texts = tuple(some) if isinstance(some, list) else (some,)
        if role not in ("customer", "agent", "overall"):
            raise ValueError("summary: by customer, agent and overall")
        if not texts or not all(isinstance(text, str) and text for text in texts):
            raise ValueError(f"summary.{role}: a text or a list of texts")
        found[role] = texts
    return found
