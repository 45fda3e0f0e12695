"""`kefu eval nlu`: train a pipeline on one file, measure it on another."""

import random
import statistics
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np

from kefu_engine.components.language import language_of
from kefu_engine.evaluation.examples import OOS, Example, Unreadable, contradictions
from kefu_engine.evaluation.metrics import auroc, calibration_error, confusions, detection, macro_f1
from kefu_engine.evaluation.pipelines import Parse, Reader, Trained, config_of, train
from kefu_engine.evaluation.slips import slipped

Report = dict[str, Any]
Measured = tuple[Report, list[str], list[str]]
"""A report; what was right and what was said, message by message."""


def evaluate(
    training: list[Example],
    test: list[Example],
    valid: list[Example] | None,
    pipeline: str,
    epochs: int,
    slips: bool = False,
) -> Measured:
    """Train on `training`, measure on `test`; `valid` chooses one more threshold of refusal; with `slips` the test is
    read a second time, a slip in every message."""
    with tempfile.TemporaryDirectory(prefix="kefu-eval-") as folder:
        trained, reader = trained_on(training, pipeline, epochs, Path(folder))
        parses = reader.read([e.text for e in test])
        known = {e.intent for e in training}
        report = {
            "pipeline": pipeline if pipeline == "kefu" else f"{pipeline}, {epochs} epochs",
            "train_examples": len(training),
            "train_texts_under_several_intents": len(contradictions(training)),
            "intents": len(known - {OOS}),
            **figures(test, parses, known),
            **_costs(trained, parses),
        }
        if slips:
            again = figures(test, reader.read([e.text for e in slipped(test)]), known)
            report["with_slips"] = {key: again[key] for key in ("accuracy", "macro_f1")}
        if valid:
            report["at_valid_threshold"] = _rethought(valid, reader.read([e.text for e in valid]), test, parses)
    return report, *_sides(test, parses)


def cross_validate(examples: list[Example], folds: int, pipeline: str, epochs: int, seed: int = 0) -> Measured:
    """Each example is read once by a model that was trained without its fold. Raises Unreadable."""
    if len(examples) < folds:
        raise Unreadable(f"{len(examples)} examples are too few for {folds} folds")
    places = _folds(examples, folds, seed)
    rights: list[Example] = []
    parses: list[Parse] = []
    shares = []
    for fold in range(folds):
        rest = [e for e, place in zip(examples, places, strict=True) if place != fold]
        held = [e for e, place in zip(examples, places, strict=True) if place == fold]
        with tempfile.TemporaryDirectory(prefix="kefu-eval-") as folder:
            _, reader = trained_on(rest, pipeline, epochs, Path(folder))
            read = reader.read([e.text for e in held])
        shares.append(figures(held, read, {e.intent for e in rest})["accuracy"])
        rights += held
        parses += read
    report = {
        "pipeline": pipeline,
        "folds": folds,
        "accuracy_of_folds": shares,
        "spread": statistics.pstdev(shares),
        **figures(rights, parses, {e.intent for e in examples}),
    }
    return report, *_sides(rights, parses)


def _sides(test: list[Example], parses: list[Parse]) -> tuple[list[str], list[str]]:
    """Where nothing is out of scope, the best intent counts; where something is, to refuse is an answer."""
    outside = any(e.intent == OOS for e in test)
    return [e.intent for e in test], [OOS if outside and p.refused else p.best for p in parses]


def _folds(examples: list[Example], folds: int, seed: int) -> list[int]:
    """Each intent's examples are dealt out evenly."""
    by_intent: dict[str, list[int]] = defaultdict(list)
    for place, example in enumerate(examples):
        by_intent[example.intent].append(place)
    dealt, turn, mixer = [0] * len(examples), 0, random.Random(seed)
    for places in by_intent.values():
        mixer.shuffle(places)
        for place in places:
            dealt[place] = turn % folds
            turn += 1
    return dealt


def trained_on(training: list[Example], pipeline: str, epochs: int, folder: Path) -> tuple[Trained, Reader]:
    """A model of these examples. Raises Unreadable when they are of fewer than two intents."""
    if len({e.intent for e in training} - {OOS}) < 2:
        raise Unreadable("a classifier needs training examples of two intents or more")
    chinese = sum(language_of(e.text) == "zh" for e in training) * 2 > len(training)
    trained = train(training, config_of(pipeline, chinese, epochs), folder)
    return trained, Reader(trained, lean=pipeline == "kefu")


def figures(test: list[Example], parses: list[Parse], known: set[str]) -> Report:
    """The figures that docs/evaluation.md describes."""
    right, said = _sides(test, parses)
    outside = [name == OOS for name in right]
    inside = [(e.intent, p) for e, p in zip(test, parses, strict=True) if e.intent != OOS]
    hits = [name == p.best for name, p in inside]
    told = [(e.language, p.language) for e, p in zip(test, parses, strict=True) if e.language]
    report: Report = {
        "test_examples": len(test),
        "test_examples_of_unknown_intents": sum(name not in known and name != OOS for name in right),
        "accuracy": sum(a == b for a, b in zip(right, said, strict=True)) / len(test),
        "macro_f1": macro_f1(right, said),
        "taken_apart": sum(bool(p.wishes) for p in parses) / len(test),
    }
    if inside:
        report["in_scope_accuracy"] = sum(hits) / len(hits)
        report["in_scope_refused"] = sum(p.refused for _, p in inside) / len(inside)
        report["answered_accuracy"] = sum(h for h, (_, p) in zip(hits, inside, strict=True) if not p.refused) / max(
            1, sum(not p.refused for _, p in inside)
        )
        report["calibration_error"] = calibration_error([p.confidence for _, p in inside], hits)
        report["wrong_auroc"] = auroc([not hit for hit in hits], [-p.confidence for _, p in inside])
    if any(outside):
        report["oos_auroc"] = auroc(outside, [-p.confidence for p in parses])
        for name, value in detection(outside, [p.refused for p in parses]).items():
            report[f"oos_{name}"] = value
    if told:
        report["language_accuracy"] = sum(a == b for a, b in told) / len(told)
    report["languages"] = {name: sum(p.language == name for p in parses) for name in ("zh", "en", None)}
    report["confusions"] = confusions(right, said)
    return report


def _costs(trained: Trained, parses: list[Parse]) -> Report:
    cpu, wall = [p.cpu_ms for p in parses], [p.wall_ms for p in parses]
    with open("/proc/self/status", encoding="utf-8") as lines:
        resident = next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))
    return {
        "train_seconds": trained.seconds,
        "train_cpu_seconds": trained.cpu_seconds,
        "train_peak_mb": trained.peak_mb,
        "model_kb": trained.size_kb,
        "parse_cpu_ms": float(np.mean(cpu)),
        "parse_cpu_p50_ms": float(np.percentile(cpu, 50)),
        "parse_p50_ms": float(np.percentile(wall, 50)),
        "parse_p99_ms": float(np.percentile(wall, 99)),
        "parse_resident_mb": resident / 1024,
    }


def _rethought(valid: list[Example], valid_parses: list[Parse], test: list[Example], parses: list[Parse]) -> Report:
    """Refusing below the confidence that gave the best joint accuracy on `valid` (the rule of Larson et al. 2019)."""
    correct = np.array([p.best == e.intent for e, p in zip(valid, valid_parses, strict=True)])
    outside = np.array([e.intent == OOS for e in valid])
    confidence = np.array([p.confidence for p in valid_parses])
    tried = [0.0, *np.unique(confidence)]
    joint = [np.where(confidence < t, outside, correct).mean() for t in tried]
    threshold = float(tried[int(np.argmax(joint))])
    refused = [p.confidence < threshold for p in parses]
    hits = [
        r if e.intent == OOS else p.best == e.intent and not r for e, p, r in zip(test, parses, refused, strict=True)
    ]
    inside = [h for h, e in zip(hits, test, strict=True) if e.intent != OOS]
    return {
        "threshold": threshold,
        "accuracy": sum(hits) / len(hits),
        "in_scope_accuracy": sum(inside) / len(inside) if inside else None,
        **{f"oos_{name}": value for name, value in detection([e.intent == OOS for e in test], refused).items()},
    }
