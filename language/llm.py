"""The door to a large language model, closed unless a URL is configured."""

import asyncio
import json
from collections.abc import AsyncIterator, Collection, Sequence
from typing import Final, Protocol

import aiohttp

from language.veil import Lifting, Veil

ANSWER_TOKENS: Final = 600
SIGNS: Final = " What stands in double brackets, such as [[name 1]], stands for something hidden: keep it as it is."


class LlmUnavailable(ConnectionError):
    """No answer in time, an answer that is none, or the budget is spent; offline ways go on."""


class Llm(Protocol):
    """Something that continues a text. What is given to it leaves the house with everything personal hidden, and
    `names` too, which are known of the conversation; in the answer it stands again."""

    async def ask(self, instruction: str, passages: Sequence[str], names: Collection[str] = ()) -> str:
        """The whole answer. Raises LlmUnavailable."""

    def stream(self, instruction: str, passages: Sequence[str], names: Collection[str] = ()) -> AsyncIterator[str]:
        """The answer piece by piece. Raises LlmUnavailable."""


class OpenAiCompatible:
    """Any server that speaks OpenAI's chat completions over HTTP.

    `seconds` is the most a call may take; `budget` how many calls there may be a minute; `hides` are patterns (RE2 over
    folded text) of what is hidden beside personal data.
    """

    def __init__(
        self,
        url: str,
        model: str,
        key: str = "",
        *,
        seconds: float = 10.0,
        budget: int = 60,
        hides: Sequence[str] = (),
    ) -> None:
        self._url = f"{url.rstrip('/')}/chat/completions"
        self._model = model
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._timeout = aiohttp.ClientTimeout(total=seconds)
        self._budget = budget
        self._hides = hides
        self._calls: list[float] = []

    async def ask(self, instruction: str, passages: Sequence[str], names: Collection[str] = ()) -> str:
        """As Llm says."""
        return "".join([piece async for piece in self.stream(instruction, passages, names)])

    async def stream(
        self, instruction: str, passages: Sequence[str], names: Collection[str] = ()
    ) -> AsyncIterator[str]:
        """As Llm says."""
        self._spend()
        veil = Veil(passages, names, self._hides)
        lifting = Lifting(veil)
        async for piece in self._told(instruction + SIGNS * bool(veil.hidden), veil.texts):
            if said := lifting.more(piece):
                yield said
        if said := lifting.rest():
            yield said

    async def _told(self, instruction: str, passages: Sequence[str]) -> AsyncIterator[str]:
        told = "\n\n".join(f"[{number}] {passage}" for number, passage in enumerate(passages, 1))
        messages = [{"role": "system", "content": instruction}, {"role": "user", "content": told}]
        body = {"model": self._model, "messages": messages, "stream": True, "max_tokens": ANSWER_TOKENS}
        try:
            async with (
                aiohttp.ClientSession(timeout=self._timeout, headers=self._headers) as session,
                session.post(self._url, json=body) as answer,
            ):
                answer.raise_for_status()
                async for line in answer.content:
                    if piece := _piece(line):
                        yield piece
        except (aiohttp.ClientError, TimeoutError, ValueError, KeyError, IndexError) as error:
            raise LlmUnavailable(type(error).__name__) from error

    def _spend(self) -> None:
        now = asyncio.get_running_loop().time()
        self._calls = [at for at in self._calls if at > now - 60]
        if len(self._calls) >= self._budget:
            raise LlmUnavailable("the budget of this minute is spent")
        self._calls.append(now)


def _piece(line: bytes) -> str:
    """The words in one line of a server-sent stream; "" when it carries none."""
    head, _, rest = line.decode("utf-8").strip().partition(":")
    if head != "data" or rest.strip() in ("", "[DONE]"):
        return ""
    content = json.loads(rest)["choices"][0]["delta"].get("content")
    return content if isinstance(content, str) else ""
