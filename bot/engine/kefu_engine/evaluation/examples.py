"""Reading examples: JSON lines of {"text", "intent"}, plain or gzipped."""

import gzip
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

OOS = "oos"
"""The intent of what is out of scope."""


class Unreadable(ValueError):
    """Examples that cannot be used; the message names file and line."""


@dataclass(frozen=True)
class Example:
    """A customer's words and what is wanted; `language` is there when the file says it."""

    text: str
    intent: str
    language: str | None = None


def read(path: Path) -> list[Example]:
    """All examples of a file. Raises Unreadable at the first line that is none, and when there is no line at all."""
    return rows(path, _example)


T = TypeVar("T")


def rows(path: Path, form: Callable[[Any], T]) -> list[T]:
    """Each line's JSON as `form` has it, which raises Unreadable. Raises Unreadable with file and line."""
    found = list(_rows(path, form))
    if not found:
        raise Unreadable(f"{path}: no examples")
    return found


def _rows(path: Path, form: Callable[[Any], T]) -> Iterator[T]:
    opened = gzip.open if path.suffix == ".gz" else open
    number = 0
    try:
        with opened(path, "rt", encoding="utf-8-sig") as lines:
            for line in lines:
                number += 1
                if line.strip():
                    yield form(json.loads(line))
    except FileNotFoundError:
        raise Unreadable(f"{path}: there is no such file") from None
    except json.JSONDecodeError as error:
        raise Unreadable(f"{path}:{number}: not JSON: {error.msg}") from None
    except UnicodeDecodeError:
        raise Unreadable(f"{path}:{number + 1}: not UTF-8") from None
    except (gzip.BadGzipFile, EOFError) as error:
        raise Unreadable(f"{path}: not a whole gzip file: {error}") from None
    except Unreadable as error:
        raise Unreadable(f"{path}:{number}: {error}") from None


def _example(row: Any) -> Example:
    if not isinstance(row, dict):
        raise Unreadable("a line is an object")
    language = row.get("language")
    return Example(_text(row, "text"), _text(row, "intent"), language if isinstance(language, str) else None)


def _text(row: dict[str, Any], field: str) -> str:
    """A label may be a number; half a surrogate pair is no character."""
    told = row.get(field)
    if field == "intent" and isinstance(told, int) and not isinstance(told, bool):
        told = str(told)
    if not isinstance(told, str) or not told.strip():
        raise Unreadable(f"{field}: a text that is not empty is missing")
    return told.encode("utf-8", "replace").decode("utf-8")


def contradictions(examples: list[Example]) -> list[tuple[str, list[str]]]:
    """Texts that stand under several intents, with those intents."""
    intents: dict[str, set[str]] = {}
    for example in examples:
        intents.setdefault(example.text.strip(), set()).add(example.intent)
    return [(text, sorted(found)) for text, found in intents.items() if len(found) > 1]
