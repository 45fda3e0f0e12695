"""Entities that are worked out rather than looked up: days and amounts of money."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message

from kefu_engine.components.amounts import amounts
from kefu_engine.components.dates import dates
from kefu_engine.components.entities import half_width


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR], is_trainable=False)
class Values(GraphComponent):
    """`date` as 2026-11-25, counted from the day of the message (its metadata's `at`), and `amount` as "299.5 CNY"."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "Values":
        """As GraphComponent.create."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Find values in each message; a button's payload brings its own entities."""
        for message in messages:
            text = message.get(TEXT) or ""
            if not text.startswith("/"):
                today = _day((message.get(METADATA) or {}).get("at"))
                message.set(ENTITIES, [*message.get(ENTITIES, []), *values(text, today)], add_to_output=True)
        return messages


def values(text: str, today: date) -> Iterator[dict[str, Any]]:
    """The days and amounts of a text."""
    plain = half_width(text).lower()
    for name, found in (("date", dates(plain, today)), ("amount", amounts(plain))):
        for start, end, value in found:
            yield {"entity": name, "value": value, "start": start, "end": end, "extractor": "Values"}


def _day(at: str | None) -> date:
    """The day where the engine runs."""
    return (datetime.fromisoformat(at) if at else datetime.now()).astimezone().date()
