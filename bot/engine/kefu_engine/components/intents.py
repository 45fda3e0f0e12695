"""What a customer wants, as a component of Rasa's graph."""

import json
from pathlib import Path
from typing import Any
from zlib import crc32

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from kefu_engine.components import classifier, emoji, learning, text
from kefu_engine.components.classifier import Model
from kefu_engine.components.clauses import Wish, wishes
from kefu_engine.components.learning import learn
from kefu_engine.components.meanings import meanings

RANKED = 10
LEARNED_BY = [crc32(Path(str(part.__file__)).read_bytes()) for part in (classifier, emoji, learning, text)] + [
    meanings().digest
]


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=True)
class LinearIntents(GraphComponent):
    """Support vector machines over features and meanings (classifier.py, learning.py).

    A message that is word for word an example of a command ("cancel") is that command, whatever else is like it.
    """

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        model: Model | None,
        commands: dict[str, str],
    ) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._model = model
        self._commands = commands

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`C`: how far weights may go from zero; `asides`: intents that are no wish beside another; `commands`: those
        whose examples are kept word for word.
        The rest is for Rasa's cache of trained components, which looks at a component's own source and settings."""
        return {"C": 1.0, "asides": [], "commands": [], "learned_by": LEARNED_BY}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "LinearIntents":
        """As GraphComponent.create."""
        return cls(config, model_storage, resource, None, {})

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "LinearIntents":
        """As GraphComponent.load."""
        with model_storage.read_from(resource) as folder:
            kept = folder / "commands.json"  # models of before have none
            commands = json.loads(kept.read_text("utf-8")) if kept.exists() else {}
            return cls(config, model_storage, resource, Model.load(folder), commands)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the intent examples. Raises ValueError with fewer than two intents."""
        examples = [m for m in training_data.intent_examples if m.get(INTENT) and m.get(TEXT)]
        self._model = learn([m.get(TEXT) for m in examples], [m.get(INTENT) for m in examples], self._config["C"])
        commanding = [m for m in examples if m.get(INTENT) in self._config["commands"]]
        self._commands = {bare(m.get(TEXT)): m.get(INTENT) for m in commanding}
        with self._storage.write_to(self._resource) as folder:
            self._model.save(folder)
            (folder / "commands.json").write_text(json.dumps(self._commands, ensure_ascii=False), "utf-8")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Judge each message; a button's payload names its intent itself."""
        for message in messages:
            said = message.get(TEXT) or ""
            # Rasa reads the payload after the pipeline, whose FallbackClassifier wants a sure intent meanwhile.
            ranking = [{"name": None, "confidence": 1.0}] if said.startswith("/") else self._rank(said)
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
            if several := self._several(said):
                message.set("wishes", [wish._asdict() for wish in several], add_to_output=True)
        return messages

    def _several(self, said: str) -> list[Wish]:
        assert self._model is not None, "trained or loaded before it is asked"
        return [] if said.startswith("/") else wishes(said, self._model.judge, frozenset(self._config["asides"]))

    def _rank(self, said: str) -> list[dict[str, Any]]:
        assert self._model is not None, "trained or loaded before it is asked"
        ranked = self._model.judge(said)[:RANKED]
        if command := self._commands.get(bare(said)):
            ranked = [(command, 1.0), *((name, 0.0) for name, _ in ranked if name != command)]
        return [{"name": name, "confidence": sure} for name, sure in ranked]


def bare(said: str) -> str:
    """A message without what stands around its words."""
    return text.normalise(said).strip(" .,!~。，！～")
