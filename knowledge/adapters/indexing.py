"""Writes the index in a process of its own, so that a large import takes no time from conversations."""

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import orjson

from knowledge.adapters.child import Child, serve
from knowledge.adapters.index import TantivyIndex
from knowledge.ports import Passage

SECONDS: Final = 300.0


class IndexerProcess:
    """Where the index is written; `write` tells whether this process may."""

    def __init__(self, folder: Path) -> None:
        self._child = Child("knowledge.adapters.indexing", str(folder), seconds=SECONDS)

    async def write(self, documents: Mapping[str, Sequence[Passage]], revision: int, *, anew: bool) -> bool:
        """As Indexer.write."""
        told = await self._child.ask(b"anew" if anew else b"", orjson.dumps([revision, documents]))
        return bool(told["written"])

    async def close(self) -> None:
        """End the process; what was committed stays."""
        await self._child.close()


def main(folder: Path) -> None:
    """The child's side."""
    os.nice(10)
    index = TantivyIndex(folder)

    def tell(name: bytes, content: bytes) -> dict[str, Any]:
        if not index.lock():
            return {"written": False}
        if name == b"anew":
            index.clear()
        revision, documents = orjson.loads(content)
        for document, passages in documents.items():
            index.replace(document, [Passage.of(one) for one in passages])
        index.commit(revision)
        return {"written": True}

    serve(sys.stdin.buffer, sys.stdout.buffer, tell)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
