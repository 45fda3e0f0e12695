"""Which language a message is in."""

import re
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
WORD = re.compile(r"[A-Za-z]{2,}")
CODE = re.compile(r"[A-Za-z0-9._%+@-]*(?:[0-9@]|\.[A-Za-z0-9])[A-Za-z0-9._%+@-]*")


BRIEF = 2
"""So many Latin words alone ("ok", "yes please") are said in Chinese talks too."""


def language_of(text: str) -> str | None:
    """`zh` when at least a fifth of the letters are Han, as the platform has it (language/detect.py), else `en`.

    None when there is neither a Han character nor a Latin word. Order numbers and addresses of mail tell nothing.
    """
    words = CODE.sub(" ", text)
    han, letters = len(HAN.findall(words)), sum(character.isalpha() for character in words)
    if han and han * 5 >= letters:
        return "zh"
    return "en" if WORD.search(words) else None


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR], is_trainable=False)
class LanguageDetector(GraphComponent):
    """Adds the entity `language`, which fills the slot of that name (domain.yml); `brief` is its role in few words."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "LanguageDetector":
        """As GraphComponent.create."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Look at each message; a button's payload has no language."""
        for message in messages:
            text = message.get(TEXT) or ""
            language = None if text.startswith("/") else language_of(text)
            if language:
                found = {"entity": "language", "value": language, "start": 0, "end": len(text)}
                found["extractor"] = "LanguageDetector"
                if language == "en" and len(WORD.findall(text)) <= BRIEF:
                    found["role"] = "brief"
                message.set(ENTITIES, [*message.get(ENTITIES, []), found], add_to_output=True)
        return messages
