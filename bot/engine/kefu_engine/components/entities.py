"""Entities that a pattern or a list knows: order and parcel numbers, addresses of mail, phones, products."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

Pattern = tuple[str, "re.Pattern[str]"]
_HALF = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xFFE5: 0xA5}
SEPARATORS = re.compile(r"[\s().-]")


def half_width(text: str) -> str:
    """The same text, character by character, with ＫＦ１ as KF1 and ￥ as ¥."""
    return text.translate(_HALF)


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR], is_trainable=True)
class PatternEntities(GraphComponent):
    """Finds what the training data's `regex` and `lookup` sections describe; synonyms give the canonical value."""

    def __init__(self, storage: ModelStorage, resource: Resource, learned: dict[str, Any]) -> None:
        self._storage = storage
        self._resource = resource
        self._learn(learned)

    def _learn(self, learned: dict[str, Any]) -> None:
        self._learned = learned
        patterns, self._lists = learned.get("patterns", []), learned.get("lists", {})
        patterns = [*patterns, *((name, _any_of(words)) for name, words in self._lists.items())]
        self._patterns: list[Pattern] = [(name, re.compile(pattern, re.IGNORECASE)) for name, pattern in patterns]
        self._synonyms: dict[str, str] = learned.get("synonyms", {})

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
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
        """Collect the patterns and lists."""
        self._learn(collected(training_data))
        with self._storage.write_to(self._resource) as folder:
            (folder / "patterns.json").write_text(json.dumps(self._learned, ensure_ascii=False), "utf-8")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Find entities in each message; a button's payload brings its own."""
        for message in messages:
            text = message.get(TEXT) or ""
            if not text.startswith("/"):
                message.set(ENTITIES, [*message.get(ENTITIES, []), *self.find(text)], add_to_output=True)
        return messages

    def find(self, text: str) -> Iterator[dict[str, Any]]:
        """The entities of a text, pattern by pattern."""
        taken: dict[str, set[int]] = defaultdict(set)  # of two patterns of one entity, the first that fits counts
        for name, pattern in self._patterns:
            for match in pattern.finditer(half_width(text)):
                places = range(match.start(), match.end())
                if taken[name].isdisjoint(places):
                    taken[name].update(places)
                    yield {
                        "entity": name,
                        "value": self._canonical(name, match.group()),
                        "start": match.start(),
                        "end": match.end(),
                        "extractor": "PatternEntities",
                    }

    def _canonical(self, name: str, said: str) -> str:
        """The list's own spelling, or a number in capitals without what stands between its parts; then its synonym."""
        words = self._lists.get(name)
        if words is None:
            value = said if "@" in said else SEPARATORS.sub("", said).upper()
        else:
            value = next(words[one] for one in (said.lower(), said[:-1].lower(), said[:-2].lower()) if one in words)
        return self._synonyms.get(value, value)


def collected(training_data: TrainingData) -> dict[str, Any]:
    """What training data says about entities: patterns, lists, synonyms."""
    lists: dict[str, dict[str, str]] = defaultdict(dict)
    for table in training_data.lookup_tables:
        lists[table["name"]] |= {word.strip().lower(): word.strip() for word in table["elements"]}
    patterns = [(feature["name"], feature["pattern"]) for feature in training_data.regex_features]
    return {"patterns": patterns, "lists": lists, "synonyms": dict(training_data.entity_synonyms)}


def _any_of(words: Iterable[str]) -> str:
    """The longest that fits; English words in the plural too."""
    return "|".join(_bounded(word) for word in sorted(words, key=len, reverse=True))


def _bounded(word: str) -> str:
    escaped = re.escape(word)
    return rf"(?<![a-z]){escaped}(?:e?s)?(?![a-z])" if word.isascii() else escaped
