"""Which intent a text has, and how sure that is: linear support vector machines with calibrated confidence."""

import json
from collections import Counter
from dataclasses import dataclass
from math import log
from pathlib import Path
from typing import Any

import numpy as np
from rapidfuzz.distance import OSA
from rapidfuzz.process import extractOne

from kefu_engine.components.meanings import meanings
from kefu_engine.components.text import features, runs, words_of

OOS = "oos"
"""The intent of training examples that are nothing the bot is for."""
MEANING = 0.8
"""The length of the vector of meanings, where that of the features is 1."""
SPELLED = 4
"""Latin words of fewer letters are taken as they stand: one slip makes another word of them."""


@dataclass(frozen=True)
class Seen:
    """A text as numbers: places and values of its known features (length 1), its meaning, and the share of its
    features, by squared weight, that training had seen."""

    places: Any
    values: Any
    meaning: Any
    known: float


class Vocabulary:
    """Features with their inverse document frequencies, and the words that misspelt ones are set right to."""

    def __init__(self, names: list[str], idf: Any, examples: int) -> None:
        self.names, self.idf, self.examples = names, idf, examples
        self._index = {name: place for place, name in enumerate(names)}
        self._words = [n[2:] for n in names if n.startswith("w:") and len(n) >= SPELLED + 2 and n[2:].isascii()]
        self._rare = log(1 + examples) + 1

    @classmethod
    def of(cls, texts: list[str]) -> "Vocabulary":
        """All that occurs in `texts`."""
        counts: Counter[str] = Counter()
        for text in texts:
            stretches = runs(text)
            counts.update(set(features(stretches, words_of(stretches))))
        names = sorted(counts)
        idf = np.array([log((1 + len(texts)) / (1 + counts[name])) + 1 for name in names], np.float32)
        return cls(names, idf, len(texts))

    def __len__(self) -> int:
        return len(self.names)

    def see(self, text: str) -> Seen:
        """Read a text, slips of spelling set right."""
        stretches = [self._spelt(run) for run in runs(text)]
        words = words_of(stretches)
        bag = Counter(features(stretches, words))
        known = [(self._index[name], count) for name, count in bag.items() if name in self._index]
        places = np.array([place for place, _ in known], np.int32)
        values = np.array([1 + log(count) for _, count in known], np.float32) * self.idf[places]
        squares = float(values @ values)
        strange = sum((1 + log(count)) ** 2 for name, count in bag.items() if name not in self._index)
        meaning = meanings().mean(words, [self._weight(word) for word in words])
        share = squares / (squares + strange * self._rare**2) if squares else 0.0
        return Seen(places, values / (np.sqrt(squares) or 1.0), meaning * MEANING, share)

    def _weight(self, word: str) -> float:
        place = self._index.get(f"w:{word}")
        return self._rare if place is None else float(self.idf[place])

    def _spelt(self, run: str) -> str:
        if len(run) < SPELLED or not run.isascii() or f"w:{run}" in self._index or run in meanings():
            return run
        found = extractOne(run, self._words, scorer=OSA.distance, score_cutoff=1 if len(run) < 2 * SPELLED else 2)
        return str(found[0]) if found else run


@dataclass(frozen=True)
class Scope:
    """A logistic regression on signs that a text is none of the intents."""

    weights: Any
    bias: float

    def chance(self, signs: Any) -> Any:
        """The probability of being in scope, row by row."""
        return 1 / (1 + np.exp(-(signs @ self.weights + self.bias)))


@dataclass(frozen=True)
class Model:
    """One row of weights an intent; margins become chances by a softmax at `sharpness`, then by the scope."""

    vocabulary: Vocabulary
    intents: list[str]
    weights: Any  # features by intents, float32
    meaning_weights: Any  # meaning by intents
    bias: Any
    centres: Any  # intents by meaning: the mean meaning of an intent's examples
    sharpness: float
    scope: Scope

    def judge(self, text: str) -> list[tuple[str, float]]:
        """Each intent with its confidence, best first; `oos` is among them when training had it."""
        seen = self.vocabulary.see(text)
        margins = seen.values @ self.weights[seen.places] + seen.meaning @ self.meaning_weights + self.bias
        chances, inside = confidences(margins[None], seen.meaning[None], np.array([seen.known]), self)
        if not len(seen.places) and not seen.meaning.any():
            chances = np.full_like(chances, 1 / chances.shape[1])  # nothing is known of it: no guess is better
        ranked = [
            (name, float(chance * inside[0]))
            for name, chance in zip(self.intents, chances[0], strict=True)
            if name != OOS
        ]
        if OOS in self.intents:
            ranked.append((OOS, float(1 - inside[0])))
        return sorted(ranked, key=lambda one: -one[1])

    def save(self, folder: Path) -> None:
        """Write names.json and numbers.npz."""
        names = {
            "features": self.vocabulary.names,
            "intents": self.intents,
            "examples": self.vocabulary.examples,
            "meanings": meanings().digest,
        }
        (folder / "names.json").write_text(json.dumps(names, ensure_ascii=False), "utf-8")
        np.savez(
            folder / "numbers.npz",
            idf=self.vocabulary.idf,
            weights=self.weights.astype(np.float16),
            meaning_weights=self.meaning_weights,
            bias=self.bias,
            centres=self.centres,
            sharpness=self.sharpness,
            scope_weights=self.scope.weights,
            scope_bias=self.scope.bias,
        )

    @classmethod
    def load(cls, folder: Path) -> "Model":
        """What `save` wrote. Raises ValueError when it was trained with another table of meanings."""
        names = json.loads((folder / "names.json").read_text("utf-8"))
        if names.get("meanings") != meanings().digest:
            raise ValueError("the model was trained with another table of word meanings; train it again")
        with np.load(folder / "numbers.npz") as kept:
            return cls(
                Vocabulary(names["features"], kept["idf"], names["examples"]),
                names["intents"],
                kept["weights"].astype(np.float32),
                kept["meaning_weights"],
                kept["bias"],
                kept["centres"],
                float(kept["sharpness"]),
                Scope(kept["scope_weights"], float(kept["scope_bias"])),
            )


def confidences(margins: Any, meaning: Any, known: Any, model: "Model") -> tuple[Any, Any]:
    """Chances of each intent given that the text is in scope (0 for `oos`), and the chance of that; row by row."""
    inner = np.array([name != OOS for name in model.intents])
    chances = softmax(np.where(inner, margins, -np.inf) * model.sharpness)
    return chances, model.scope.chance(signs(margins, inner, meaning, known, model.centres))


def signs(margins: Any, inner: Any, meaning: Any, known: Any, centres: Any) -> Any:
    """What tells what is out of scope, a row each: the best margin, its lead over the next, the share of known
    features, the likeness in meaning to the best intent's centre, and the margin of `oos` (0 without one)."""
    among = np.where(inner, margins, -np.inf)
    best = among.argmax(axis=1)
    top = np.sort(among, axis=1)[:, -2:]
    likeness = (meaning * centres[best]).sum(axis=1) / MEANING
    outside = margins[:, ~inner].sum(axis=1)
    return np.stack([top[:, 1], top[:, 1] - np.maximum(top[:, 0], -2), np.sqrt(known), likeness, outside], axis=1)


def softmax(scores: Any) -> Any:
    """Row by row."""
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return raised / raised.sum(axis=1, keepdims=True)
