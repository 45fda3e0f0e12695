"""Answers that a large language model words, from the library's passages and from nothing else."""

import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Final

from knowledge.ports import Answer, Hit, Wish
from knowledge.rules.grounding import INSTRUCTION, carried, cited, finished
from knowledge.service.search import Search
from language.llm import Llm, LlmUnavailable

TOLD: Final = 5  # passages that leave the house, personal numbers masked
LEAST: Final = 0.2  # how sure the extract must be for the model to be asked at all

logger: Final = logging.getLogger(__name__)


class Grounded:
    """As Knowledge; without a model, or when what it says is not carried by the passages, the extract answers."""

    def __init__(self, search: Search, llm: Llm | None) -> None:
        self._search = search
        self._llm = llm

    async def search(self, wish: Wish) -> list[Hit]:
        """As Knowledge.search."""
        return await self._search.search(wish)

    async def answer(self, wish: Wish) -> Answer:
        """As Knowledge.answer."""
        *_, last = [answer async for answer in self.stream(wish)]
        return last

    async def stream(self, wish: Wish) -> AsyncIterator[Answer]:
        """The answer as far as it is checked, again and again; the last one counts."""
        extract = await self._search.answer(wish)
        hits = [hit for hit in (extract.hit, *extract.others) if hit is not None][:TOLD]
        if self._llm is None or extract.sure < LEAST or not hits:
            yield extract
            return
        said: list[str] = []
        sources: list[Hit] = []
        try:
            async for sentence in self._sentences(wish, hits):
                text, places = cited(sentence)
                found = [hits[place] for place in places if 0 <= place < len(hits)]
                if not carried(text, [_told(hit) for hit in found]):
                    said = []
                    break
                said.append(text)
                sources += [hit for hit in found if hit not in sources]
                yield replace(extract, text=" ".join(said), hit=sources[0], others=tuple(sources[1:]))
        except LlmUnavailable as error:
            logger.warning("the model did not word an answer: %s", error)
            said = []
        if not said:
            yield extract

    async def _sentences(self, wish: Wish, hits: list[Hit]) -> AsyncIterator[str]:
        assert self._llm is not None
        held = ""
        async for piece in self._llm.stream(INSTRUCTION, [wish.text, *map(_told, hits)]):
            done, held = finished(held + piece)
            for sentence in done:
                yield sentence
        if held.strip():
            yield held  # without a citation: it is carried by nothing


def _told(hit: Hit) -> str:
    passage = hit.passage
    return "\n".join(filter(None, (passage.title, passage.heading, passage.question, passage.text)))
