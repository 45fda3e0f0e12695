"""What a language model makes of an ended conversation, for those questions of the rules that only it can answer."""

import logging
from collections.abc import Mapping, Sequence
from typing import Final

from language.llm import Llm, LlmUnavailable
from quality_check.rules.opinions import AT_ONCE, heard, instruction, passages
from quality_check.rules.transcript import Said
from quality_check.rules.view import Opinion

logger: Final = logging.getLogger(__name__)


class Judge:
    """Asks the model, where there is one. Time and number of calls are limited by its door (language/llm.py)."""

    def __init__(self, llm: Llm | None = None) -> None:
        self._llm = llm

    @property
    def there(self) -> bool:
        """Is a model configured?"""
        return self._llm is not None

    async def ask(self, questions: Sequence[str], messages: Sequence[Said]) -> Mapping[str, Opinion]:
        """By question. A question without a usable answer is not among them."""
        found: dict[str, Opinion] = {}
        for start in range(0, len(questions) if self._llm and messages else 0, AT_ONCE):
            asked = questions[start : start + AT_ONCE]
            assert self._llm
            try:
                found |= heard(await self._llm.ask(instruction(asked), passages(messages)), asked, messages)
            except LlmUnavailable as error:
                logger.warning("the model judged nothing: %s", error)
                break
        return found
