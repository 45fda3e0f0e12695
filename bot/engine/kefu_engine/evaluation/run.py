"""The engine's side of `kefu eval nlu`: arguments in, one report out."""

import argparse
import json
import sys
import warnings
from pathlib import Path

from kefu_engine.evaluation import entities, several
from kefu_engine.evaluation.drawing import draw
from kefu_engine.evaluation.examples import Example, Unreadable, read
from kefu_engine.evaluation.nlu import Report, cross_validate, evaluate
from kefu_engine.evaluation.pipelines import NotTrained


def run(asked: argparse.Namespace) -> None:
    """Write the report as JSON; what is wrong with a file is said on stderr."""
    warnings.showwarning = lambda *_, **__: None  # Rasa's libraries switch their warnings on again
    try:
        report = _report(asked)
    except (Unreadable, NotTrained) as error:
        sys.exit(str(error))
    # In a file, since Rasa and its libraries write on stdout.
    asked.report.write_text(json.dumps(report, ensure_ascii=False), "utf-8")


def _report(asked: argparse.Namespace) -> Report:
    if asked.measure == "entities":
        return entities.evaluate(asked.train, asked.test)
    training = examples_of(asked.train)
    if asked.measure == "several":
        return several.evaluate(training, asked.test)
    if asked.folds:
        report, right, said = cross_validate(training, asked.folds, asked.pipeline, asked.epochs)
    else:
        valid = read(asked.valid) if asked.valid else None
        report, right, said = evaluate(training, read(asked.test), valid, asked.pipeline, asked.epochs, asked.slips)
    if asked.picture:
        draw(right, said, asked.picture)
    return report


def examples_of(path: Path) -> list[Example]:
    """JSON lines, or the intents of a folder with Rasa's training files."""
    if not path.is_dir():
        return read(path)
    from rasa.shared.nlu.training_data.loading import load_data

    return [Example(m.get("text"), m.get("intent")) for m in load_data(str(path)).intent_examples]
