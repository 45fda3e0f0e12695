"""Reading examples: JSON lines of {"text", "intent"}, plain or gzipped."""

import gzip
import json
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from rasa.shared.nlu.training_data.training_data import TrainingData

OOS = "oos"
"""The intent of what is out of scope."""
LONGEST = 4000
"""Characters of a text that are read: no message has more."""


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
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise Unreadable(f"{path}: not a whole gzip file: {error}") from None
    except OSError as error:
        raise Unreadable(f"{path}: it cannot be read: {error.strerror}") from None
    except json.JSONDecodeError as error:
        raise Unreadable(f"{path}:{number}: not JSON: {error.msg}") from None
    except UnicodeDecodeError:
        raise Unreadable(f"{path}:{number + 1}: not UTF-8") from None
    except Unreadable as error:
        raise Unreadable(f"{path}:{number}: {error}") from None
    except (RecursionError, ValueError):  # brackets in brackets, or a number of thousands of digits
        raise Unreadable(f"{path}:{number}: JSON that no example looks like") from None


def _example(row: Any) -> Example:
    text = text_of(row)
    label = row.get("intent")
    if isinstance(label, int) and not isinstance(label, bool):
        label = str(label)
    if not isinstance(label, str) or not label.strip():
        raise Unreadable("intent: a text that is not empty is missing")
    language = row.get("language")
    return Example(text, _whole(label), language if isinstance(language, str) else None)


def text_of(row: Any) -> str:
    """What the customer says in this line. Raises Unreadable."""
    if not isinstance(row, dict):
        raise Unreadable("a line is an object")
    told = row.get("text")
    if not isinstance(told, str) or not told.strip():
        raise Unreadable("text: a text that is not empty is missing")
    return _whole(told[:LONGEST])


def _whole(text: str) -> str:
    """Half a surrogate pair is no character."""
    return text.encode("utf-8", "replace").decode("utf-8")


def rasa_data(folder: Path) -> "TrainingData":
    """All of Rasa's training files in a folder. Raises Unreadable."""
    from rasa.shared.exceptions import RasaException
    from rasa.shared.nlu.training_data.loading import load_data

    try:
        return load_data(str(folder))
    except (RasaException, ValueError, OSError) as error:
        raise Unreadable(f"{folder}: Rasa cannot read its training files: {error}") from None


def contradictions(examples: list[Example]) -> list[tuple[str, list[str]]]:
    """Texts that stand under several intents, with those intents."""
    intents: dict[str, set[str]] = {}
    for example in examples:
        intents.setdefault(example.text.strip(), set()).add(example.intent)
    return [(text, sorted(found)) for text, found in intents.items() if len(found) > 1]
