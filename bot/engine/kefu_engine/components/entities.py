"""Entities that a pattern or a list knows: order and parcel numbers, addresses of mail, phones, products."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

Pattern = tuple[str, "re.Pattern[str]"]


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR], is_trainable=True)
class PatternEntities(GraphComponent):  # type: ignore[misc]
    """Finds what the training data's `regex` and `lookup` sections describe; synonyms give the canonical value."""

    def __init__(self, storage: ModelStorage, resource: Resource, learned: dict[str, Any]) -> None:
        self._storage = storage
        self._resource = resource
        self._learn(learned)

    def _learn(self, learned: dict[str, Any]) -> None:
        self._learned = learned
        patterns = learned.get("patterns", [])
        self._patterns: list[Pattern] = [(name, re.compile(pattern, re.IGNORECASE)) for name, pattern in patterns]
        self._synonyms: dict[str, str] = learned.get("synonyms", {})

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> "PatternEntities":
        """As GraphComponent.create."""
        return cls(model_storage, resource, {})

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "PatternEntities":
        """As GraphComponent.load."""
        with model_storage.read_from(resource) as folder:
            return cls(model_storage, resource, json.loads((folder / "patterns.json").read_text("utf-8")))

    def train(self, training_data: TrainingData) -> Resource:
        """Collect the patterns; a list becomes one alternation, longest first."""
        patterns = [(feature["name"], feature["pattern"]) for feature in training_data.regex_features]
        lists: dict[str, list[str]] = defaultdict(list)
        for table in training_data.lookup_tables:
            lists[table["name"]] += table["elements"]
        for name, words in lists.items():
            ordered = sorted({word.strip() for word in words}, key=len, reverse=True)
            patterns.append((name, "|".join(map(_bounded, ordered))))
        self._learn({"patterns": patterns, "synonyms": dict(training_data.entity_synonyms)})
        with self._storage.write_to(self._resource) as folder:
            (folder / "patterns.json").write_text(json.dumps(self._learned, ensure_ascii=False), "utf-8")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Find entities in each message; a button's payload brings its own."""
        for message in messages:
            text = message.get(TEXT) or ""
            if not text.startswith("/"):
                message.set(ENTITIES, [*message.get(ENTITIES, []), *self._find(text)], add_to_output=True)
        return messages

    def _find(self, text: str) -> Iterator[dict[str, Any]]:
        for name, pattern in self._patterns:
            for match in pattern.finditer(text):
                value = match.group()
                yield {
                    "entity": name,
                    "value": self._synonyms.get(value, value),
                    "start": match.start(),
                    "end": match.end(),
                    "extractor": "PatternEntities",
                }


def _bounded(word: str) -> str:
    escaped = re.escape(word)
    return rf"\b{escaped}\b" if word.isascii() else escaped
