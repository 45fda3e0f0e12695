"""The vectors of all passages: a file that grows beside the index, read by every process, searched by brute force."""

import fcntl
import os
import struct
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from contextlib import suppress
from io import BufferedReader
from pathlib import Path
from threading import Lock
from typing import IO, Any, Final
from zlib import crc32

import numpy as np
import orjson
import simsimd
from numpy.typing import NDArray

from language.meanings import Vectors, lengths

FULL: Final = 127.0  # a number of one byte
AGAIN: Final = 4  # times as many as are wanted are found with the question in bytes too, then measured with all of it
STRETCH: Final = 64

MARK: Final = 16  # bytes
HEAD: Final = struct.Struct("<IIII")  # of a commit: bytes that tell of it, rows, numbers of a row, checksum of it all
COMMITS: Final = 5_000  # so many, or a dead row to so many that live, and the file is written anew
LIVE_TO_DEAD: Final = 4
SPARE: Final = 16  # of so many rows, one more has room

Rows = NDArray[np.int8]


class VectorFile:
    """One writer at a time appends what each commit changes, and readers read what is new: all of a commit or nothing.

    A file begins with a mark of its own. A commit tells its revision, and its documents with how many rows each has;
    the rows follow, one byte a number (100,000 passages of 128 numbers are 13 MB). A document's earlier rows are dead
    from then on; a file with many of them is replaced by one without. A commit that a crash cut off is nothing, and the
    next one is written over it. Vectors of another embedder, by its `name`, are another file.
    """

    def __init__(self, folder: Path, name: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / f"vectors-{name}.rows"
        self._lock: IO[bytes] | None = None
        self._fresh: dict[str, Rows] = {}
        self._anew = False
        self._turn = Lock()  # questions and what is read come from different threads
        self._none(b"")
        self.reload()

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return self._path.stat().st_size if self._path.exists() else 0

    def _none(self, mark: bytes) -> None:
        self._mark = mark
        self.revision = 0
        self._end = MARK  # bytes that were read
        self._commits = 0
        self._documents: list[str] = []
        self._starts = [0]  # a document's rows begin at its own and end before the next
        self._places: dict[str, int] = {}  # a living document's, in both
        self._rows, self._lengths, self._dead = np.zeros((0, 1), np.int8), np.zeros(0, np.float32), np.zeros(0, np.bool)

    def reload(self) -> int:
        """As Nearness.reload; costs what is new."""
        with self._turn, suppress(FileNotFoundError), self._path.open("rb") as file:
            mark = file.read(MARK)
            if mark != self._mark:
                self._none(mark)
            while self._read(file):
                pass
        return self.revision

    def _read(self, file: BufferedReader) -> bool:
        """Take in the next commit; False when none is there as a whole."""
        left = os.fstat(file.fileno()).st_size - self._end - HEAD.size
        if left <= 0:
            return False
        file.seek(self._end)
        length, count, width, check = HEAD.unpack(file.read(HEAD.size))
        if not length or length + count * width > left:
            return False
        told, rows = file.read(length), self._room(count, width, left)
        if len(told) < length or file.readinto(rows.data) < rows.nbytes or _checksum(told, [rows]) != check:
            return False
        self._take(rows, *orjson.loads(told))
        self._end += HEAD.size + length + rows.nbytes
        self._commits += 1
        return True

    def _room(self, count: int, width: int, left: int) -> Rows:
        """Where the next rows belong. Room is made at once for all that the rest of the file may hold."""
        used = self._starts[-1]
        if count and not used:
            self._rows = np.zeros((0, width), np.int8)
        if used + count > len(self._rows):
            many = used + max(left // width, used // SPARE)
            self._rows, self._lengths = _longer(self._rows, used, many), _longer(self._lengths, used, many)
            self._dead = _longer(self._dead, used, many)
        return self._rows[used : used + count]

    def _take(self, rows: Rows, revision: int, counts: Mapping[str, int]) -> None:
        used = self._starts[-1]
        self._lengths[used : used + len(rows)] = lengths(rows) + np.float32(1e-6)
        for document, count in counts.items():
            place = self._places.pop(document, None)
            if place is not None:
                self._dead[self._span(place)] = True
            if count:
                self._places[document] = len(self._documents)
                self._documents.append(document)
                self._starts.append(self._starts[-1] + count)
        self.revision = revision

    def _span(self, place: int) -> slice:
        return slice(self._starts[place], self._starts[place + 1])

    def nearest(self, vector: Vectors, limit: int) -> list[str]:
        """As Nearness.nearest."""
        with self._turn:
            used = self._starts[-1]
            rows, lengths, dead = self._rows[:used], self._lengths[:used], self._dead[:used]
            if not used or rows.shape[1] != len(vector) or not vector.any():
                return []
            asked = np.round(vector / np.abs(vector).max() * FULL).astype(np.int8)
            near = np.asarray(simsimd.cdist(asked[np.newaxis], rows, metric="dot"))[0] / lengths
            near[dead] = -np.inf
            some = _largest(near, AGAIN * limit)
            some = some[~dead[some]]
            scores = rows[some].astype(np.float32) @ vector / lengths[some]
            return [self._id(at) for at in some[np.argsort(-scores)][:limit].tolist()]

    def cosines(self, vector: Vectors, ids: Sequence[str]) -> list[float | None]:
        """As Nearness.cosines."""
        with self._turn:
            if self._rows.shape[1] != len(vector):
                return [None] * len(ids)
            found = [self._row(id) for id in ids]
            rows, lengths = self._rows, self._lengths
            return [None if n is None else float(rows[n].astype(np.float32) @ vector / lengths[n]) for n in found]

    def _id(self, row: int) -> str:
        place = bisect_right(self._starts, row) - 1
        return f"{self._documents[place]}:{row - self._starts[place]}"

    def _row(self, id: str) -> int | None:
        document, _, number = id.rpartition(":")
        place = self._places.get(document)
        if place is None:
            return None
        row = self._starts[place] + int(number)
        return row if row < self._starts[place + 1] else None

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
            self.reload()
        return True

    def unlock(self) -> None:
        """Let others write; what was not committed is forgotten."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None
            self._fresh, self._anew = {}, False

    def clear(self) -> None:
        """Forget everything at the next commit."""
        self._fresh, self._anew = {}, True

    def replace(self, document: str, vectors: Vectors) -> None:
        """From the next commit on these are the document's: of its passage 0, 1, …; the caller holds the lock.

        Raises ValueError when they are longer or shorter than those that are there.
        """
        width = self._rows.shape[1]
        if len(vectors) and self._starts[-1] and not self._anew and vectors.shape[1] != width:
            raise ValueError(f"vectors of {vectors.shape[1]} numbers where all others have {width}")
        most = np.abs(vectors).max(axis=1, keepdims=True, initial=1e-9)
        self._fresh[document] = np.round(vectors / most * FULL).astype(np.int8)

    def commit(self, revision: int) -> None:
        """Show what was replaced. Raises OSError, and what stood still stands."""
        dead = int(np.count_nonzero(self._dead))
        if self._anew or not self._mark or self._commits > COMMITS or dead * LIVE_TO_DEAD > self._starts[-1] - dead:
            kept = {} if self._anew else {one: self._rows[self._span(place)] for one, place in self._places.items()}
            part = self._path.with_suffix(".part")
            with part.open("wb") as file:
                file.write(os.urandom(MARK))
                _write(file, revision, {**kept, **self._fresh})
            part.replace(self._path)
        else:
            with self._path.open("r+b") as file:
                file.truncate(self._end)
                file.seek(self._end)
                _write(file, revision, self._fresh)
        self._fresh, self._anew = {}, False
        self.reload()


def _write(file: IO[bytes], revision: int, documents: Mapping[str, Rows]) -> None:
    told = orjson.dumps([revision, {document: len(rows) for document, rows in documents.items()}])
    every = [rows for rows in documents.values() if len(rows)]
    width = every[0].shape[1] if every else 1
    file.write(HEAD.pack(len(told), sum(map(len, every)), width, _checksum(told, every)) + told)
    for rows in every:
        file.write(rows.data)
    file.flush()
    os.fsync(file.fileno())


def _checksum(told: bytes, every: Sequence[Rows]) -> int:
    check = crc32(told)
    for rows in every:
        check = crc32(rows.data, check)
    return check


def _longer(column: NDArray[Any], used: int, many: int) -> NDArray[Any]:
    grown = np.zeros((many, *column.shape[1:]), column.dtype)
    grown[:used] = column[:used]
    return grown


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
