"""Vanilla Rasa 3.6.21 beside us: its project is generated from our own examples, trained once and kept."""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

import yaml

from app.config import ROOT
from app.engine import PYTHON

LEAN: Final = {
    "recipe": "default.v1",
    "assistant_id": "peer",
    "language": "en",
    "pipeline": [
        {"name": "WhitespaceTokenizer"},
        {"name": "RegexFeaturizer"},
        {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
        {"name": "LogisticRegressionClassifier", "max_iter": 200},
        {"name": "RegexEntityExtractor"},
        {"name": "FallbackClassifier", "threshold": 0.01, "ambiguity_threshold": 0.0},
    ],
    "policies": [{"name": "RulePolicy"}, {"name": "MemoizationPolicy"}],
}
DEFAULT: Final = {
    "recipe": "default.v1",
    "assistant_id": "peer",
    "language": "en",
    "pipeline": [
        {"name": "WhitespaceTokenizer"},
        {"name": "RegexFeaturizer"},
        {"name": "LexicalSyntacticFeaturizer"},
        {"name": "CountVectorsFeaturizer"},
        {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
        {"name": "DIETClassifier", "epochs": 100},
        {"name": "EntitySynonymMapper"},
        {"name": "ResponseSelector", "epochs": 100},
        {"name": "FallbackClassifier", "threshold": 0.01, "ambiguity_threshold": 0.0},
    ],
    "policies": [
        {"name": "MemoizationPolicy"},
        {"name": "RulePolicy"},
        {"name": "UnexpecTEDIntentPolicy", "max_history": 5, "epochs": 100},
        {"name": "TEDPolicy", "max_history": 5, "epochs": 100},
    ],
}
PIPELINES: Final[dict[str, dict[str, Any]]] = {"lean": LEAN, "default": DEFAULT}
QUIET: Final = os.environ | {"RASA_TELEMETRY_ENABLED": "false", "PYTHONWARNINGS": "ignore"}
RASA: Final = str(PYTHON.with_name("rasa"))


def generate(folder: Path, pipeline: str) -> Path:
    """Write a project in which each intent has one answer, train it unless that was done; gives the project."""
    nlu = {path: path.read_text("utf-8") for path in sorted((ROOT / "data" / "training" / "nlu").rglob("*.yml"))}
    config = yaml.safe_dump(PIPELINES[pipeline], sort_keys=False)
    digest = hashlib.sha256("".join([config, *nlu.values()]).encode()).hexdigest()[:12]
    project = folder / f"{pipeline}-{digest}"
    if (project / "models" / "peer.tar.gz").exists():
        return project
    shutil.rmtree(project, ignore_errors=True)
    (project / "data").mkdir(parents=True)
    for number, text in enumerate(nlu.values()):
        (project / "data" / f"nlu{number}.yml").write_text(text, "utf-8")
    parts = [part for text in nlu.values() for part in yaml.safe_load(text)["nlu"]]
    intents = sorted({part["intent"] for part in parts if "intent" in part})
    entities = sorted({part.get("regex") or part.get("lookup") for part in parts} - {None})
    responses = {f"utter_{intent}": [{"text": f"This is about {intent}."}] for intent in intents}
    domain = {"version": "3.1", "intents": intents, "entities": entities, "responses": responses}
    rules = [{"rule": i, "steps": [{"intent": i}, {"action": f"utter_{i}"}]} for i in [*intents, "nlu_fallback"]]
    responses["utter_nlu_fallback"] = [{"text": "I did not understand."}]
    story = {"story": "two", "steps": [{"intent": intents[0]}, {"action": f"utter_{intents[0]}"}]}
    for name, body in (
        ("domain.yml", domain),
        ("data/rules.yml", {"version": "3.1", "rules": rules}),
        ("data/stories.yml", {"version": "3.1", "stories": [story]}),
        ("credentials.yml", {"rest": {}}),
        ("memory.yml", {}),
        ("sql.yml", {"tracker_store": {"type": "SQL", "dialect": "sqlite", "db": "tracker.db"}}),
    ):
        (project / name).write_text(yaml.safe_dump(body, allow_unicode=True, sort_keys=False), "utf-8")
    (project / "config.yml").write_text(config, "utf-8")
    train = [RASA, "train", "--fixed-model-name", "peer", "--quiet"]
    subprocess.run(train, cwd=project, env=QUIET, check=True, stdout=subprocess.DEVNULL)
    return project


def start(project: Path, store: str, port: int) -> subprocess.Popen[bytes]:
    """`rasa run` with a tracker store: `memory` or `sql`."""
    (project / "tracker.db").unlink(missing_ok=True)
    command = [RASA, "run", "--enable-api", "-i", "127.0.0.1", "-p", str(port), "--endpoints", f"{store}.yml"]
    quiet = subprocess.DEVNULL
    return subprocess.Popen(
        [*command, "--model", "models/peer.tar.gz"], cwd=project, env=QUIET, stdout=quiet, stderr=quiet
    )
