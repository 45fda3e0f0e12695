"""What a customer wants: a linear classifier over words and pieces of words."""

import json
from collections import Counter
from math import log
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from kefu_engine.components.text import features

RANKED = 10


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=True)
class LinearIntents(GraphComponent):  # type: ignore[misc]
    """Multinomial logistic regression over tf-idf weights, each message scaled to length 1.

    Trained by scikit-learn; a message is judged by summing the rows of its own features, some hundred of them.
    """

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._index: dict[str, int] = {}
        self._intents: list[str] = []
        self._idf = np.zeros(0, np.float32)
        self._weights = np.zeros((0, 0), np.float32)  # features by intents
        self._bias = np.zeros(0, np.float32)

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`C`: how far the weights may go from zero."""
        return {"C": 30.0, "max_iter": 300}

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> "LinearIntents":
        """As GraphComponent.create."""
        return cls(config, model_storage, resource)

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
        loaded = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            names = json.loads((folder / "names.json").read_text("utf-8"))
            numbers = np.load(folder / "numbers.npz")
            loaded._index = {name: place for place, name in enumerate(names["features"])}
            loaded._intents = names["intents"]
            loaded._idf, loaded._weights, loaded._bias = numbers["idf"], numbers["weights"], numbers["bias"]
        return loaded

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the intent examples. Raises ValueError with fewer than two intents."""
        examples = [m for m in training_data.intent_examples if m.get(INTENT) and m.get(TEXT)]
        if len({m.get(INTENT) for m in examples}) < 2:
            raise ValueError("a classifier needs examples of at least two intents")
        bags = [Counter(features(m.get(TEXT))) for m in examples]
        document_count = Counter(name for bag in bags for name in bag)
        self._index = {name: place for place, name in enumerate(sorted(document_count))}
        self._idf = np.array(
            [log((1 + len(bags)) / (1 + document_count[name])) + 1 for name in self._index], np.float32
        )
        rows = [self._vector(bag) for bag in bags]
        places = np.concatenate([row[0] for row in rows])
        values = np.concatenate([row[1] for row in rows])
        ends = np.cumsum([0, *(len(row[0]) for row in rows)])
        matrix = csr_matrix((values, places, ends), shape=(len(rows), len(self._index)))
        model = LogisticRegression(
            C=self._config["C"], max_iter=self._config["max_iter"], class_weight="balanced", random_state=0
        )
        model.fit(matrix, [m.get(INTENT) for m in examples])
        # Two intents are told apart by one row of weights; give each its own.
        coefficients = model.coef_ if len(model.classes_) > 2 else np.vstack([-model.coef_, model.coef_]) / 2
        bias = model.intercept_ if len(model.classes_) > 2 else np.array([-1.0, 1.0]) * model.intercept_ / 2
        self._intents = [str(name) for name in model.classes_]
        self._weights = np.ascontiguousarray(coefficients.T, np.float32)
        self._bias = bias.astype(np.float32)
        self._persist()
        return self._resource

    def _persist(self) -> None:
        with self._storage.write_to(self._resource) as folder:
            names = {"features": list(self._index), "intents": self._intents}
            (folder / "names.json").write_text(json.dumps(names, ensure_ascii=False), "utf-8")
            np.savez(folder / "numbers.npz", idf=self._idf, weights=self._weights, bias=self._bias)

    def _vector(self, bag: dict[str, int]) -> tuple[Any, Any]:
        """Places and values of a message's features, scaled to length 1."""
        known = [(self._index[name], count) for name, count in bag.items() if name in self._index]
        places = np.array([place for place, _ in known], np.int32)
        values = np.array([1 + log(count) for _, count in known], np.float32) * self._idf[places]
        length = float(np.sqrt(values @ values)) or 1.0
        return places, values / length

    def process(self, messages: list[Message]) -> list[Message]:
        """Judge each message; a button's payload names its intent itself."""
        for message in messages:
            text = message.get(TEXT) or ""
            # Rasa reads the payload after the pipeline, whose FallbackClassifier wants a sure intent meanwhile.
            ranking = [{"name": None, "confidence": 1.0}] if text.startswith("/") else self._rank(text)
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
        return messages

    def _rank(self, text: str) -> list[dict[str, Any]]:
        places, values = self._vector(Counter(features(text)))
        scores = values @ self._weights[places] + self._bias
        chances = np.exp(scores - scores.max())
        chances /= chances.sum()
        if not len(places):
            chances = np.full_like(chances, 1 / len(chances))  # nothing is known of it: no guess is better
        best = np.argsort(-chances)[:RANKED]
        return [{"name": self._intents[place], "confidence": float(chances[place])} for place in best]
