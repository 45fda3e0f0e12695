"""Vectors from a server that speaks OpenAI's embeddings."""

from collections.abc import Sequence
from typing import Any, Final
from zlib import crc32

import aiohttp
import numpy as np

from knowledge.adapters.meaning import LETTERS
from knowledge.ports import EmbedderAway
from language.meanings import Vectors
from language.pii import mask

TOGETHER: Final = 64
SECONDS: Final = 30.0


class EmbeddingServer:
    """`POST url/embeddings`. Personal numbers are masked before they leave the house."""

    def __init__(self, url: str, model: str, key: str = "", *, seconds: float = SECONDS) -> None:
        self._url = f"{url.rstrip('/')}/embeddings"
        self._model = model
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._timeout = aiohttp.ClientTimeout(total=seconds)

    async def embed(self, texts: Sequence[str]) -> Vectors:
        """As Embedder.embed."""
        rows = list[Any]()
        try:
            async with aiohttp.ClientSession(timeout=self._timeout, headers=self._headers) as session:
                for first in range(0, len(texts), TOGETHER):
                    rows += await self._few(session, [mask(text[:LETTERS]) for text in texts[first : first + TOGETHER]])
            return np.asarray(rows, np.float32).reshape(len(texts), -1 if texts else 1)
        except (aiohttp.ClientError, TimeoutError, ValueError, KeyError, TypeError) as error:
            raise EmbedderAway(type(error).__name__) from error

    async def _few(self, session: aiohttp.ClientSession, texts: list[str]) -> list[Any]:
        async with session.post(self._url, json={"model": self._model, "input": texts}) as answer:
            answer.raise_for_status()
            told = await answer.json()
        found = sorted(told["data"], key=lambda one: one["index"])
        if len(found) != len(texts):
            raise ValueError("another number of vectors than texts")
        return [one["embedding"] for one in found]


def name_of(url: str, model: str) -> str:
    """Tells the vectors of one server and model from those of another."""
    return f"{crc32(f'{url} {model}'.encode()):08x}"
