"""All that could be said, and what of it fits a moment: found by words, and by the model where there is one."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from scipy import sparse

from agent_assist.ports import Line
from agent_assist.rules.dialogue import Moment
from agent_assist.rules.replies import ReplyModel
from agent_assist.rules.space import Vector, Vocabulary
from agent_assist.rules.terms import terms
from agent_assist.rules.topic import topic

TERMS: Final = 60_000
BLOCK: Final = 2000  # texts brought into the model's space at once
CLOSE: Final = 60  # lines that are judged one by one
UNLIKE: Final = 0.1  # mean cosine of questions that have nothing to do with each other
ASKED: Final = 3  # different questions from which that can be said


@dataclass(frozen=True, slots=True)
class Match:
    """A line and how well it fits: by words of what it answers (0 to 1), and by the model (-1 to 1, 0 without one)."""

    line: Line
    words: float
    model: float


@dataclass(frozen=True, slots=True)
class Repertoire:
    """Lines, one row each in `vectors`; in `triggers` and `said` (the terms of what is answered, and of the answer) a
    column each and a row for each term. Never changed, only followed."""

    lines: tuple[Line, ...]
    vocabulary: Vocabulary
    triggers: Any
    said: Any
    vectors: Vector
    model: ReplyModel | None

    @classmethod
    def of(cls, lines: Sequence[Line], model: ReplyModel | None) -> "Repertoire":
        """From scratch; without a model terms are weighed by these lines alone, with one as it learned them, and what
        it has not seen of these lines counts too."""
        documents = (terms(line.trigger) for line in lines)
        vocabulary = (
            model.contexts.vocabularies[0].grown(documents)
            if model
            else Vocabulary.learn(documents, at_least=1, at_most=TERMS)
        )
        words, dimensions = model.reply_map.shape if model else (0, 0)
        triggers, said = (sparse.csr_matrix((many, 0), dtype=np.float32) for many in (len(vocabulary), words))
        vectors = np.zeros((0, dimensions), np.float32)
        return cls((), vocabulary, triggers, said, vectors, model).with_more(lines)

    def with_more(self, lines: Sequence[Line]) -> "Repertoire":
        """And these lines too."""
        if not lines:
            return self
        triggers = self.vocabulary.matrix(terms(line.trigger) for line in lines).T
        said = self.model.terms_of([line.text for line in lines]).T if self.model else self.said[:, :0]
        return replace(
            self,
            lines=(*self.lines, *lines),
            triggers=sparse.hstack([self.triggers, triggers]).tocsr(),
            said=sparse.hstack([self.said, said]).tocsr(),
            vectors=np.concatenate([self.vectors, self._vectors([line.text for line in lines])]),
        )

    def only(self, refs: Collection[str]) -> "Repertoire":
        """As if none but these had ever been there."""
        kept = [place for place, line in enumerate(self.lines) if line.ref in refs]
        lines = tuple(self.lines[place] for place in kept)
        said = self.said[:, kept] if self.model else self.said
        return replace(self, lines=lines, triggers=self.triggers[:, kept], said=said, vectors=self.vectors[kept])

    def fillers(self) -> frozenset[str]:
        """Texts that were said to questions of all kinds, as "one moment" is: they answer none of them."""
        places = defaultdict[str, dict[str, int]](dict)
        for place, line in enumerate(self.lines):
            places[line.text].setdefault(line.trigger, place)
        columns, found = self.triggers.tocsc(), set[str]()
        for text, asked in places.items():
            if (many := len(asked)) >= ASKED:
                questions = columns[:, list(asked.values())]
                together = np.square(questions.sum(axis=1)).sum() - questions.power(2).sum()
                if together < UNLIKE * many * (many - 1):
                    found.add(text)
        return frozenset(found)

    def _vectors(self, texts: Sequence[str]) -> Vector:
        if self.model is None:
            return np.zeros((len(texts), 0), np.float32)
        blocks = [self.model.replies(texts[start : start + BLOCK]) for start in range(0, len(texts), BLOCK)]
        return np.concatenate(blocks)

    def match(self, moment: Moment, language: str, limit: int) -> list[Match]:
        """The lines that fit best, in this language or in none, each text once: the model judges what is close."""
        if self.model is None:
            return self.close(moment, language, limit)
        close = self.close(moment, language, CLOSE)
        fits = self.model.scores(moment, self.model.ready([one.line.text for one in close])) if close else ()
        judged = [replace(one, model=float(fit)) for one, fit in zip(close, fits, strict=True)]
        return sorted(judged, key=lambda one: -one.words - one.model)[:limit]

    def close(self, moment: Moment, language: str, limit: int) -> list[Match]:
        """The closest lines, in this language or in none, each text once."""
        if not self.lines:
            return []
        places, weights = self.vocabulary.vector(terms(topic(moment.asked, moment.earlier)))
        by_words = np.asarray(weights @ self.triggers[places]).ravel() if places else np.zeros(len(self.lines))
        by_model = self._by_model(moment) if self.model else np.zeros(len(self.lines))
        return list(self._best(by_words, by_model, language, limit))

    def _by_model(self, moment: Moment) -> Vector:
        assert self.model is not None
        asked = self.model.asked([moment])
        shared = np.asarray(asked.data @ self.said[asked.indices]).ravel()
        return np.asarray(self.vectors @ self.model.moments([moment])[0] + shared, np.float32)

    def _best(self, by_words: Any, by_model: Any, language: str, limit: int) -> Iterable[Match]:
        together = by_words + by_model
        many = min(len(together), limit * 8)
        likely = np.argpartition(-together, many - 1)[:many]
        said = set[str]()
        for place in likely[np.argsort(-together[likely])]:
            line = self.lines[place]
            if line.language not in ("", language) or line.text in said:
                continue
            said.add(line.text)
            yield Match(line, float(by_words[place]), float(by_model[place]))
            if len(said) == limit:
                return
