"""Training a pipeline on examples, and asking it."""

import asyncio
import json
import resource
import time
from collections.abc import Iterable
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import yaml

from kefu_engine.evaluation.examples import OOS, Example

CONFIG = Path(__file__).parents[2] / "config.yml"
FALLBACK = "nlu_fallback"
WARM_UP = 20


class NotTrained(RuntimeError):
    """The training failed; what it printed says why."""


@dataclass(frozen=True)
class Trained:
    """A model and what it cost: seconds and CPU seconds of the training alone, peak memory in MB, size in kB."""

    model: Path
    names: dict[str, str]
    seconds: float
    cpu_seconds: float
    peak_mb: float
    size_kb: float


@dataclass(frozen=True)
class Parse:
    """What was understood; `best` leaves a refusal aside, `wishes` are the intents of a message that was taken apart.
    Milliseconds of CPU and of the clock."""

    best: str
    confidence: float
    refused: bool
    language: str | None
    wishes: tuple[str, ...]
    cpu_ms: float
    wall_ms: float


def config_of(pipeline: str, chinese: bool, epochs: int) -> dict[str, Any]:
    """`kefu` is what the product runs; `diet` is Rasa's default for the language, as its documentation gives it."""
    product = yaml.safe_load(CONFIG.read_text("utf-8"))
    if pipeline == "kefu":
        return {key: value for key, value in product.items() if key != "policies"}
    fallback = next(part for part in product["pipeline"] if part["name"] == "FallbackClassifier")
    words = "kefu_engine.evaluation.tokens.JiebaWords" if chinese else "WhitespaceTokenizer"
    return {
        "recipe": product["recipe"],
        "assistant_id": product["assistant_id"],
        "language": "zh" if chinese else "en",
        "pipeline": [
            {"name": words},
            {"name": "RegexFeaturizer"},
            {"name": "LexicalSyntacticFeaturizer"},
            {"name": "CountVectorsFeaturizer"},
            {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
            {"name": "DIETClassifier", "epochs": epochs, "random_seed": 0},
            fallback,
        ],
    }


def train(examples: list[Example], config: dict[str, Any], folder: Path) -> Trained:
    """Train in a process of its own, so that its memory is known. Raises NotTrained."""
    # Rasa reads a "/" in an intent's name as something else; names are numbered, and turned back when read.
    names = {f"intent_{n}": intent for n, intent in enumerate(sorted({e.intent for e in examples} - {OOS}))}
    names[OOS] = OOS
    numbers = {intent: number for number, intent in names.items()}
    rows = [{"text": e.text, "intent": numbers[e.intent], "entities": []} for e in examples]
    (folder / "nlu.json").write_text(json.dumps({"rasa_nlu_data": {"common_examples": rows}}), "utf-8")
    for part in config["pipeline"]:
        for named in {"asides", "commands"} & part.keys():
            part[named] = [numbers[name] for name in part[named] if name in numbers]
    (folder / "config.yml").write_text(yaml.safe_dump(config, sort_keys=False), "utf-8")
    work = get_context("fork").Process(target=_train, args=(folder,))
    work.start()
    work.join()
    if work.exitcode or not (folder / "cost.json").exists():
        raise NotTrained(f"the training ended with {work.exitcode}")
    model = folder / "model.tar.gz"
    return Trained(model, names, **json.loads((folder / "cost.json").read_text()), size_kb=model.stat().st_size / 1e3)


def _train(folder: Path) -> None:
    # Rasa's own modules are loaded before the clock starts, whatever is trained: TensorFlow too.
    from rasa.engine.recipes import default_components  # noqa: F401
    from rasa.graph_components.validators import default_recipe_validator  # noqa: F401
    from rasa.model_training import train_nlu

    began, cpu = time.perf_counter(), time.process_time()
    done = train_nlu(str(folder / "config.yml"), str(folder / "nlu.json"), str(folder), fixed_model_name="model")
    cost = {
        "seconds": time.perf_counter() - began,
        "cpu_seconds": time.process_time() - cpu,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    if done:
        (folder / "cost.json").write_text(json.dumps(cost))


class Reader:
    """A trained model that is asked as the product asks it."""

    def __init__(self, trained: Trained, lean: bool) -> None:
        from rasa.core.agent import Agent

        from kefu_engine.lean import PlannedRunner

        processor = Agent.load(str(trained.model)).processor
        if processor is None:
            raise NotTrained(f"{trained.model} is no trained model")
        if lean:
            processor.graph_runner = PlannedRunner(processor.graph_runner)
        self._processor, self._names = processor, trained.names

    def read(self, texts: Iterable[str]) -> list[Parse]:
        """Each text's parse, in order; as a worker reads it, no text is a button's payload."""
        from kefu_engine.turn import safe_text

        return asyncio.run(self._read([safe_text(text) for text in texts]))

    async def _read(self, texts: list[str]) -> list[Parse]:
        from rasa.core.channels.channel import UserMessage
        from tqdm import tqdm

        for text in texts[:WARM_UP]:
            await self._processor.parse_message(UserMessage(text))
        parses = []
        for text in tqdm(texts, desc="asking", unit=" messages", leave=False, disable=None):
            wall, cpu = time.perf_counter(), time.process_time()
            said = await self._processor.parse_message(UserMessage(text))
            cost = (time.process_time() - cpu) * 1e3, (time.perf_counter() - wall) * 1e3
            parses.append(self._parse(said, *cost))
        return parses

    def _parse(self, said: dict[str, Any], cpu_ms: float, wall_ms: float) -> Parse:
        ranked = [one for one in said.get("intent_ranking", []) if one["name"] not in (FALLBACK, OOS, None)]
        best: dict[str, Any] = ranked[0] if ranked else {"name": None, "confidence": 0.0}
        languages = [e["value"] for e in said.get("entities", []) if e["entity"] == "language"]
        return Parse(
            best=self._names.get(best["name"], ""),
            confidence=float(best["confidence"]),
            refused=said["intent"].get("name") in (FALLBACK, OOS, None),
            language=languages[0] if languages else None,
            wishes=tuple(self._names[wish["intent"]] for wish in said.get("wishes", [])),
            cpu_ms=cpu_ms,
            wall_ms=wall_ms,
        )
