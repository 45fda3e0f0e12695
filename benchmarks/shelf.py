"""A library of passages in a folder, searched with all that the product's search has."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from app.wiring.knowledge import MEANINGS, read_meanings, read_synonyms
from knowledge.adapters.index import TantivyIndex
from knowledge.adapters.indexing import open_vectors, write_vectors, write_words
from knowledge.ports import Passage
from knowledge.service.search import Dense, Search


class Shelf:
    """Words and vectors, written in this process; with `server` (URL and model) the vectors are asked of it."""

    def __init__(self, folder: Path, server: tuple[str, str] | None = None) -> None:
        self.index = TantivyIndex(folder)
        where = ("server", str(folder), *server) if server else ("meanings", str(folder), str(MEANINGS))
        self._embedder, self.vectors = open_vectors(*where)
        self.search = Search(self.index, read_synonyms(), read_meanings(), Dense(self._embedder, self.vectors))

    async def put(self, documents: Mapping[str, Sequence[Passage]], revision: int = 1) -> None:
        """These are the documents from now on."""
        if not (self.index.lock() and self.vectors.lock()):
            raise RuntimeError("another process writes this library")
        await write_words(self.index, documents)
        await write_vectors(self._embedder, self.vectors, documents)
        self.index.commit(revision)
        self.vectors.commit(revision)

    def close(self) -> None:
        """Let what runs finish, and others write."""
        self.search.close()
        self.index.unlock()
        self.vectors.unlock()
