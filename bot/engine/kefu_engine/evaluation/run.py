"""The engine's side of `kefu eval nlu`: arguments in, one report out."""

import argparse
import json
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kefu_engine.evaluation import entities, several
from kefu_engine.evaluation.drawing import draw
from kefu_engine.evaluation.examples import Example, Unreadable, rasa_data, read
from kefu_engine.evaluation.nlu import Report, cross_validate, evaluate
from kefu_engine.evaluation.pipelines import NotTrained

UNUSABLE = 2
"""What the process ends with when what it was given cannot be used."""


def run(asked: argparse.Namespace) -> None:
    """Write the report as JSON; what is wrong with a file is said on stderr."""
    warnings.showwarning = lambda *_, **__: None  # Rasa's libraries switch their warnings on again
    try:
        report = _report(asked)
    except Unreadable as error:
        print(error, file=sys.stderr)
        sys.exit(UNUSABLE)
    except NotTrained as error:
        sys.exit(str(error))
    # In a file, since Rasa and its libraries write on stdout.
    asked.report.write_text(json.dumps(report, ensure_ascii=False), "utf-8")


def _report(asked: argparse.Namespace) -> Report:
    if asked.measure == "entities":
        return entities.evaluate(asked.train, asked.test)
    training = examples_of(asked.train)
    if asked.measure == "several":
        messages = several.read(asked.test)
        with _about(asked.train):
            return several.evaluate(training, messages)
    test, valid = (read(path) if path else [] for path in (asked.test, asked.valid))
    with _about(asked.train):
        if asked.folds:
            report, right, said = cross_validate(training, asked.folds, asked.pipeline, asked.epochs)
        else:
            report, right, said = evaluate(training, test, valid, asked.pipeline, asked.epochs, asked.slips)
    if asked.picture:
        draw(right, said, asked.picture)
    return report


@contextmanager
def _about(path: Path) -> Iterator[None]:
    """What is wrong with the examples of a file names it."""
    try:
        yield
    except Unreadable as error:
        raise Unreadable(f"{path}: {error}") from None


def examples_of(path: Path) -> list[Example]:
    """JSON lines, or the intents of a folder with Rasa's training files. Raises Unreadable."""
    if not path.is_dir():
        return read(path)
    return [Example(m.get("text"), m.get("intent")) for m in rasa_data(path).intent_examples]
