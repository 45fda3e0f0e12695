"""A tokenizer for the comparison with DIET in Chinese: Rasa's JiebaTokenizer with rjieba, which cuts the same words."""

from typing import Any

import rjieba
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER], is_trainable=False)
class JiebaWords(Tokenizer):
    """Words as jieba cuts them."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """As Tokenizer's."""
        return {
            "intent_tokenization_flag": False,
            "intent_split_symbol": "_",
            "token_pattern": None,
            "prefix_separator_symbol": None,
        }

    @classmethod
    def create(cls, config: dict[str, Any], *_: Any) -> "JiebaWords":
        """As GraphComponent.create."""
        return cls(config)

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """Words with their places; blanks are none."""
        tokens, place = [], 0
        for word in rjieba.cut(message.get(attribute)):
            if word.strip():
                tokens.append(Token(word, place))
            place += len(word)
        return tokens
