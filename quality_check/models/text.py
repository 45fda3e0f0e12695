"""A linear model over a message's characters: pieces of one to four, TF-IDF, logistic regression.

Pieces of characters need no word list and read Chinese, English and their mixture alike. They are hashed, so a model
is its weights alone (Weinberger et al. 2009). Only numpy is needed here; `training` makes the models.
"""

import io
import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final
from zipfile import BadZipFile
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from language.fold import fold
from quality_check.models.tasks import TASKS, Task

Matrix = NDArray[np.float64]
PIECES: Final = 2**18
WIDTH: Final = 4  # bytes of a character
SIZES: Final = tuple(WIDTH * size for size in (1, 2, 3, 4))
LONGEST: Final = 2_000  # characters of a message that are read
FORM: Final = 1
DIGITS: Final = re.compile(r"\d+")


class Unlearnable(ValueError):
    """The examples are too few or all alike, or a file is no model of this form."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How often each piece is in each text: row by row the pieces and their numbers, and where each row starts."""

    pieces: NDArray[np.int32]
    times: Matrix
    starts: NDArray[np.int64]  # one more than there are texts

    def rows(self, chosen: Sequence[int]) -> "Counts":
        """Some of the texts."""
        lengths = np.diff(self.starts)[chosen]
        places = [np.arange(self.starts[row], self.starts[row + 1]) for row in chosen]
        inside = np.concatenate(places) if places else np.zeros(0, np.int64)
        return Counts(self.pieces[inside], self.times[inside], np.concatenate([[0], np.cumsum(lengths)]))


@dataclass(frozen=True)
class TextModel:
    """One task's model; `held_out` are its figures on messages it was not trained on (models/figures.py)."""

    task: Task
    labels: tuple[str, ...]
    temperature: float
    idf: NDArray[np.float32]  # one a piece
    weights: NDArray[np.float32]  # pieces × labels
    bias: NDArray[np.float32]
    held_out: dict[str, Any] = field(default_factory=dict)
    digest: str = ""  # of the file it was read from

    def probabilities(self, counts: Counts) -> Matrix:
        """Calibrated, one row a text, in the order of `labels`."""
        if len(counts.starts) == 1:
            return np.zeros((0, len(self.labels)))
        weighed = weigh(counts, self.idf)
        scores = np.add.reduceat(weighed[:, None] * self.weights[counts.pieces], counts.starts[:-1]) + self.bias
        return softmax(np.asarray(scores, np.float64) / self.temperature)

    def to_bytes(self) -> bytes:
        """For a file."""
        about = {
            "form": FORM,
            "task": self.task.name,
            "labels": self.labels,
            "temperature": self.temperature,
            "held_out": self.held_out,
        }
        written = io.BytesIO()
        words = np.frombuffer(json.dumps(about).encode(), np.uint8)
        np.savez_compressed(written, about=words, idf=self.idf, weights=self.weights, bias=self.bias)
        return written.getvalue()


def from_bytes(content: bytes) -> TextModel:
    """What `to_bytes` wrote. Raises Unlearnable for anything else; no code in it is ever run."""
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            about = json.loads(arrays["about"].tobytes())
            if about["form"] != FORM:
                raise Unlearnable(f"a model of form {about['form']}; this house reads form {FORM}, train it anew")
            task, labels = TASKS[about["task"]], tuple(about["labels"])
            arrays = (arrays["idf"], arrays["weights"], arrays["bias"])
            digest = sha256(content).hexdigest()[:12]
            return TextModel(task, labels, about["temperature"], *arrays, about["held_out"], digest)
    except (OSError, KeyError, TypeError, ValueError, EOFError, BadZipFile) as error:
        raise error if isinstance(error, Unlearnable) else Unlearnable("no model of this house") from error


def count(texts: Sequence[str]) -> Counts:
    """Never without a piece, however short the text.

    Hashed here, as scikit-learn's vectorizers take longer to be called than a live message may cost.
    """
    pieces: list[int] = []
    times: list[int] = []
    starts = [0]
    for text in texts:
        read = f" {DIGITS.sub('0', fold(text[:LONGEST]))} ".encode("utf-32-le", "surrogatepass")
        parts = (read[at : at + size] for size in SIZES for at in range(0, len(read) - size + 1, WIDTH))
        found = Counter(crc32(part) % PIECES for part in parts)
        pieces += found.keys()
        times += found.values()
        starts.append(len(pieces))
    return Counts(np.array(pieces, np.int32), np.array(times, np.float64), np.array(starts, np.int64))


def weigh(counts: Counts, idf: NDArray[np.floating[Any]]) -> Matrix:
    """Each text's pieces by TF-IDF, of length one together."""
    weights = (np.log(counts.times) + 1) * idf[counts.pieces]
    lengths = np.sqrt(np.add.reduceat(weights**2, counts.starts[:-1]))
    return np.asarray(weights / np.repeat(np.maximum(lengths, 1e-9), np.diff(counts.starts)))


def softmax(scores: Matrix) -> Matrix:
    """Row by row."""
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))
