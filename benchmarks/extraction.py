"""How many known facts of documents the library answers right, wrong or not at all."""

import asyncio
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks.shelf import Shelf
from knowledge.adapters.parser import ParserProcess
from knowledge.ports import Answer, Passage, Unreadable, Wish
from knowledge.rules.answer import AGAINST, EVIDENCE, Extract, lead, quoted
from knowledge.rules.files import TAKEN
from knowledge.rules.learning import certainty, listwise
from knowledge.service.search import Search
from language.fold import fold
from language.lines import BadLine, objects

CANDIDATES: Final = 40
RIDGE: Final = 20.0
CERTAIN: Final = 3.0  # the ridge of the second fit


@dataclass(frozen=True, slots=True)
class Truth:
    """A question and the words that a right answer holds (any of them); none when the documents do not say."""

    question: str
    answers: tuple[str, ...]
    document: str

    def holds(self, text: str) -> bool:
        """Does the text say it?"""
        return any(plain(one) in plain(text) for one in self.answers)


@dataclass(frozen=True, slots=True)
class Judged:
    """A question with what was answered."""

    truth: Truth
    answer: Answer
    extracts: Sequence[Extract] = ()

    @property
    def right(self) -> bool:
        """Does the answer hold what it should?"""
        return self.answer.known and self.truth.holds(self.answer.text)


def plain(text: str) -> str:
    """As it is compared: folded, without spaces."""
    return "".join(fold(text).split())


def read_truth(path: Path) -> tuple[list[Truth], list[Path]]:
    """The questions, and the documents: those named, else all beside the file. Raises BadLine, OSError."""
    found = []
    for number, row in objects(path):
        question, answer, document = row.get("question"), row.get("answer"), row.get("document", "")
        answers = answer if isinstance(answer, list) else [] if answer is None else [answer]
        if not isinstance(question, str) or not all(isinstance(one, str | int | float) for one in answers):
            raise BadLine(f"{path}:{number}: question and answer (words, a list of them, or null) are needed")
        if not isinstance(document, str) or (document and not (path.parent / document).is_file()):
            raise BadLine(f"{path}:{number}: document: there is no such file beside the truth")
        found.append(Truth(question, tuple(map(str, answers)), document))
    if not found:
        raise BadLine(f"{path}: there is no question in it")
    named = dict.fromkeys(truth.document for truth in found if truth.document)
    beside = (one.name for one in sorted(path.parent.iterdir()) if one.suffix.lower() in TAKEN)
    return found, [path.parent / name for name in named or beside]


async def measure_extraction(
    truths: Sequence[Truth], documents: Sequence[Path], server: tuple[str, str] | None = None
) -> list[Judged]:
    """All documents in one library, each question asked of it; `server` (URL and model) gives vectors.

    Raises BadLine for a document that is not taken, EmbedderAway.
    """
    with tempfile.TemporaryDirectory() as folder:
        shelf = Shelf(Path(folder), server)
        await shelf.put(await read_documents(documents))
        judged = [await _judge(shelf.search, truth) for truth in truths]
        shelf.close()
    return judged


async def read_documents(documents: Sequence[Path]) -> dict[str, list[Passage]]:
    """Their passages, by name. Raises BadLine for a document that is not taken."""
    parser, read = ParserProcess(), dict[str, list[Passage]]()
    try:
        for path in documents:
            parsed = await parser.parse(path.name, await asyncio.to_thread(path.read_bytes))
            read[path.name] = passages(path.name, parsed.title, parsed.language, parsed.pieces)
    except Unreadable as error:
        raise BadLine(f"{path}: {error}") from error
    finally:
        await parser.close()
    return read


async def _judge(search: Search, truth: Truth) -> Judged:
    wish = Wish(truth.question, "staff")
    return Judged(truth, await search.answer(wish), (await search.extracts(wish))[:CANDIDATES])


def passages(document: str, title: str, language: str, pieces: Sequence[Any]) -> list[Passage]:
    """What the index holds of a document."""
    return [
        Passage(document, number, one.text, one.kind, one.question, title, one.heading, one.page, language)
        for number, one in enumerate(pieces)
    ]


def figures(judged: Sequence[Judged]) -> dict[str, Any]:
    """Counts and shares; AUROC of how sure it was, right answers' questions against unanswerable ones."""
    facts = [one for one in judged if one.truth.answers]
    others = [one for one in judged if not one.truth.answers]
    right = sum(one.right for one in facts)
    refused = sum(not one.answer.known for one in facts)
    told: dict[str, Any] = {"facts": len(facts), "right": right, "wrong": len(facts) - right - refused}
    told["refused"] = refused
    for name in ("right", "wrong", "refused"):
        told[f"{name}_share"] = round(told[name] / len(facts), 4) if facts else None
    told["unanswerable"] = len(others)
    told["unanswerable_answered"] = sum(one.answer.known for one in others)
    told["auroc"] = auroc([one.answer.sure for one in facts], [one.answer.sure for one in others])
    return told


def fitted(judged: Sequence[Judged]) -> dict[str, Any]:
    """Weights of the evidence: first which extract says what is asked, then how sure it is that the best one does.

    The second is learned on the best extract of each question, those that nothing answers among them (Platt 1999).
    Evidence is brought to variance 1 before, and its weight keeps its sign.
    """
    kept = [one for one in judged if one.extracts]
    spread = np.std([extract.evidence for one in kept for extract in one.extracts], axis=0) + 1e-6
    spread *= [-1.0 if name in AGAINST else 1.0 for name in EVIDENCE]
    seen = [np.array([extract.evidence for extract in one.extracts]) / spread for one in kept]
    good = [np.array([one.truth.holds(extract.text) for extract in one.extracts]) for one in kept]
    answered = [place for place, right in enumerate(good) if right.any()]
    choice = listwise([seen[place] for place in answered], [good[place] for place in answered], RIDGE, least=0.0)
    best, right = [], []
    for one, rows in zip(kept, seen, strict=True):
        scores = rows @ choice
        order = np.argsort(-scores, kind="stable")
        falling, found = scores[order], [one.extracts[place] for place in order]
        best.append([scores[order[0]], *rows[order[0]], lead(falling, found)])
        right.append(one.truth.holds("\n".join(quoted(falling, found))))
    bias, sure = certainty(np.array(best), np.array(right), CERTAIN)
    told = {"choice": choice / spread, "weights": (sure[1:-1] + sure[0] * choice) / spread}
    named = {name: dict(zip(EVIDENCE, map(_rounded, found), strict=True)) for name, found in told.items()}
    return {**named, "lead": _rounded(sure[-1]), "bias": _rounded(bias)}


def _rounded(value: Any) -> float:
    return round(float(value), 2)


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float | None:
    """How often one of the first is above one of the second, ties half (Mann-Whitney); None without both."""
    if not positive or not negative:
        return None
    above = sum((one > other) + (one == other) / 2 for one in positive for other in negative)
    return round(above / len(positive) / len(negative), 4)
