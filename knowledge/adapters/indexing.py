"""Writes an index in a process of its own, so that a large import takes no time from conversations."""

import asyncio
import os
import sys
from collections.abc import Callable, Coroutine, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

import orjson
from orjson import Fragment

from knowledge.adapters.child import Child, serve
from knowledge.adapters.index import TantivyIndex
from knowledge.adapters.meaning import MeantWords
from knowledge.adapters.vectors import VectorFile
from knowledge.ports import Embedder, EmbedderAway, Filed, Passage
from knowledge.rules.rank import core
from language.meanings import meanings

SECONDS: Final = 300.0
KEY: Final = "KEFU_EMBEDDING_KEY"

Documents = Mapping[str, Sequence[Passage]]


class IndexerProcess:
    """Where an index is written; `write` tells whether this process may.

    `arguments` name it: "words" and its folder, "meanings", its folder and the table, or "server", its folder, URL
    and model; a key goes by the environment, where no list of processes shows it.
    """

    def __init__(self, *arguments: str, key: str = "") -> None:
        secrets = {KEY: key} if key else {}
        self._child = Child("knowledge.adapters.indexing", *arguments, seconds=SECONDS, secrets=secrets)

    async def write(self, documents: Sequence[Filed], revision: int, *, anew: bool) -> bool:
        """As Indexer.write."""
        packed = [[one.document, Fragment(one.pieces), one.shared] for one in documents]
        told = await self._child.ask(b"anew" if anew else b"", orjson.dumps([revision, packed]))
        if "away" in told:
            raise EmbedderAway(told["away"])
        return bool(told["written"])

    async def close(self) -> None:
        """End the process; what was committed stays."""
        await self._child.close()


def open_vectors(what: str, folder: str, *rest: str, key: str = "") -> tuple[Embedder, VectorFile]:
    """Where the vectors come from, and where they lie; the arguments are IndexerProcess's."""
    if what == "server":
        url, model = rest
        from knowledge.adapters.embedding import EmbeddingServer, name_of  # its HTTP client costs a start 0.4 s

        return EmbeddingServer(url, model, key), VectorFile(Path(folder), name_of(url, model))
    table = meanings(Path(rest[0]))
    return MeantWords(table), VectorFile(Path(folder), table.digest)


async def write_words(index: TantivyIndex, documents: Documents) -> None:
    """Replace them in the index; not yet committed."""
    for document, passages in documents.items():
        index.replace(document, passages)


async def write_vectors(embedder: Embedder, file: VectorFile, documents: Documents) -> None:
    """As write_words, for the vectors. Raises EmbedderAway."""
    every = [passage for passages in documents.values() for passage in passages]
    vectors, first = await embedder.embed([said(passage) for passage in every]), 0
    for document, passages in documents.items():
        file.replace(document, vectors[first : first + len(passages)])
        first += len(passages)


def said(passage: Passage) -> str:
    """What a passage's vector stands for: what is held against a question, under its heading."""
    return core(passage) if passage.question else f"{passage.heading or passage.title}\n{passage.text}"


def _passages(document: str, pieces: Sequence[Mapping[str, Any]], shared: Mapping[str, Any]) -> list[Passage]:
    return [Passage.of({**piece, **shared, "document": document, "number": n}) for n, piece in enumerate(pieces)]


def main(what: str, *arguments: str) -> None:
    """The child's side."""
    os.nice(10)
    index: TantivyIndex | VectorFile
    write: Callable[[Documents], Coroutine[Any, Any, None]]
    if what == "words":
        index = TantivyIndex(Path(arguments[0]))
        write = partial(write_words, index)
    else:
        embedder, index = open_vectors(what, *arguments, key=os.environ.get(KEY, ""))
        write = partial(write_vectors, embedder, index)

    def tell(name: bytes, content: bytes) -> dict[str, Any]:
        if not index.lock():
            return {"written": False}
        if name == b"anew":
            index.clear()
        revision, told = orjson.loads(content)
        try:
            asyncio.run(write({document: _passages(document, *rest) for document, *rest in told}))
        except EmbedderAway as error:
            return {"away": str(error)}
        index.commit(revision)
        return {"written": True}

    serve(sys.stdin.buffer, sys.stdout.buffer, tell)


if __name__ == "__main__":
    main(*sys.argv[1:])
