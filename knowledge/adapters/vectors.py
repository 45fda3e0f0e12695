"""The vectors of all passages: one file beside the index, read by every process and searched by brute force."""

import fcntl
import os
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Final

import numpy as np
import simsimd
from numpy.typing import NDArray

from knowledge.ports import Passage
from language.meanings import Vectors, lengths

FULL: Final = 127.0  # a number of one byte
AGAIN: Final = 4  # times as many as are wanted are found with the question in bytes too, then measured with all of it

STRETCH: Final = 64


class VectorFile:
    """One writer at a time; what it commits replaces the file as a whole, so readers see the old or the new one.

    A number takes one byte: 100,000 passages of 128 numbers are 13 MB. Vectors of another embedder, by its `name`,
    are another file.
    """

    def __init__(self, folder: Path, name: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / f"vectors-{name}.npz"
        self._lock: IO[bytes] | None = None
        self._fresh: dict[str, tuple[list[str], NDArray[np.int8]]] | None = None
        self._seen = 0
        self._none()
        self.reload()

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return self._path.stat().st_size if self._path.exists() else 0

    def _none(self) -> None:
        self.revision = 0
        self._ids: list[str] = []
        self._rows = np.zeros((0, 1), np.int8)
        self._lengths = np.zeros(0, np.float32)
        self._places: dict[str, int] = {}

    def reload(self) -> int:
        """As Nearness.reload."""
        try:
            seen = self._path.stat().st_mtime_ns
        except FileNotFoundError:
            return self.revision
        if seen != self._seen:
            with np.load(self._path) as kept:
                ids = bytes(kept["ids"]).decode("utf-8")
                self._ids, self._rows = ids.split("\n") if ids else [], kept["rows"]
                self.revision = int(kept["revision"])
            self._lengths = lengths(self._rows) + np.float32(1e-6)
            self._places, self._seen = {id: place for place, id in enumerate(self._ids)}, seen
        return self.revision

    def nearest(self, vector: Vectors, limit: int) -> list[str]:
        """As Nearness.nearest."""
        ids, rows, lengths = self._ids, self._rows, self._lengths
        if not ids or rows.shape[1] != len(vector) or not vector.any():
            return []
        asked = np.round(vector / np.abs(vector).max() * FULL).astype(np.int8)
        near = np.asarray(simsimd.cdist(asked[np.newaxis], rows, metric="dot"))[0] / lengths
        some = _largest(near, AGAIN * limit)
        scores = rows[some].astype(np.float32) @ vector / lengths[some]
        return [ids[place] for place in some[np.argsort(-scores)][:limit]]

    def cosines(self, vector: Vectors, ids: Sequence[str]) -> list[float | None]:
        """As Nearness.cosines."""
        rows, lengths, places = self._rows, self._lengths, self._places
        if rows.shape[1] != len(vector):
            return [None] * len(ids)
        found = [places.get(id) for id in ids]
        return [None if n is None else float(rows[n].astype(np.float32) @ vector / lengths[n]) for n in found]

    def lock(self) -> bool:
        """Become the writer; False when another process is."""
        if self._lock is None:
            held = self._path.with_suffix(".lock").open("wb")
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                held.close()
                return False
            self._lock = held
        return True

    def unlock(self) -> None:
        """Let others write; what was not committed is forgotten."""
        if self._lock is not None:
            self._lock.close()
            self._lock, self._fresh = None, None

    def clear(self) -> None:
        """Forget everything at the next commit."""
        self._fresh = {}

    def replace(self, passages: Sequence[Passage], vectors: Vectors, document: str) -> None:
        """These are the document's vectors from the next commit on; the caller holds the lock."""
        if self._fresh is None:
            self._fresh = self._by_document()
        self._fresh.pop(document, None)
        if len(passages):
            most = np.abs(vectors).max(axis=1, keepdims=True) + 1e-9
            rows = np.round(vectors / most * FULL).astype(np.int8)
            self._fresh[document] = [one.id for one in passages], rows

    def commit(self, revision: int) -> None:
        """Show what was replaced."""
        kept = self._fresh if self._fresh is not None else self._by_document()
        ids = "\n".join(id for names, _ in kept.values() for id in names).encode()
        rows = np.concatenate([rows for _, rows in kept.values()]) if kept else np.zeros((0, 1), np.int8)
        part = self._path.with_suffix(".part")
        with part.open("wb") as file:
            np.savez(file, ids=np.frombuffer(ids, np.uint8), rows=rows, revision=np.int64(revision))
            file.flush()
            os.fsync(file.fileno())
        part.replace(self._path)
        self.reload()

    def _by_document(self) -> dict[str, tuple[list[str], NDArray[np.int8]]]:
        self.reload()
        places: dict[str, list[int]] = {}
        for place, id in enumerate(self._ids):
            places.setdefault(id.rpartition(":")[0], []).append(place)
        return {document: ([self._ids[n] for n in at], self._rows[at]) for document, at in places.items()}


def _largest(values: NDArray[np.float64], count: int) -> NDArray[np.intp]:
    """Places of the `count` largest, in no order. They lie in the `count` stretches whose largest are largest."""
    whole = len(values) // STRETCH * STRETCH
    if whole // STRETCH > count:
        heights = values[:whole].reshape(-1, STRETCH).max(axis=1)
        high = np.argpartition(-heights, count)[:count]
        places = np.concatenate(
            [np.add.outer(high * STRETCH, np.arange(STRETCH)).ravel(), np.arange(whole, len(values))]
        )
    else:
        places = np.arange(len(values))
    best = np.argpartition(-values[places], min(count, len(places) - 1))[:count]
    return np.asarray(places[best])
