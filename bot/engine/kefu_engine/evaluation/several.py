"""`kefu eval several`: messages that hold one wish or more."""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kefu_engine.evaluation.examples import Example, Unreadable, rows, text_of
from kefu_engine.evaluation.nlu import trained_on


@dataclass(frozen=True)
class Message:
    """A customer's words and all that is wanted, in order."""

    text: str
    intents: list[str]


def read(path: Path) -> list[Message]:
    """All messages of a file. Raises Unreadable at the first line that is none."""
    return rows(path, _message)


def evaluate(training: list[Example], messages: list[Message]) -> dict[str, Any]:
    """Train the product's pipeline, and see which messages it takes apart, and into what."""
    with tempfile.TemporaryDirectory(prefix="kefu-eval-") as folder:
        _, reader = trained_on(training, "kefu", 0, Path(folder))
        parses = reader.read([message.text for message in messages])
    said = [list(parse.wishes) or [parse.best] for parse in parses]
    several = [(m.intents, found) for m, found in zip(messages, said, strict=True) if len(m.intents) > 1]
    single = [(m.intents, found) for m, found in zip(messages, said, strict=True) if len(m.intents) == 1]
    wrong = [
        {"text": m.text, "intents": m.intents, "found": f}
        for m, f in zip(messages, said, strict=True)
        if m.intents != f
    ]
    known = {example.intent for example in training}
    return {
        "test_examples_of_unknown_intents": sum(not known.issuperset(message.intents) for message in messages),
        "several": _shares(several),
        "single": _shares(single),
        "exact": 1 - len(wrong) / len(messages),
        "wrong": wrong,
    }


def _shares(pairs: list[tuple[list[str], list[str]]]) -> dict[str, Any]:
    """Of these messages: taken apart, all wishes right and in order, and of all wishes those that were found."""
    count, wanted = max(1, len(pairs)), sum(len(right) for right, _ in pairs)
    return {
        "messages": len(pairs),
        "taken_apart": sum(len(found) > 1 for _, found in pairs) / count,
        "exact": sum(right == found for right, found in pairs) / count,
        "recall": sum(len(set(right) & set(found)) for right, found in pairs) / max(1, wanted),
    }


def _message(row: Any) -> Message:
    text, told = text_of(row), row.get("intents")
    if not isinstance(told, list) or not told or not all(isinstance(one, str) and one.strip() for one in told):
        raise Unreadable("intents: a list of one intent or more is missing")
    return Message(text, told)
