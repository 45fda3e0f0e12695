"""What may answer a question: the evidence for it, how it is weighed, and what is quoted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from knowledge.ports import Hit, Passage
from knowledge.rules.rank import sigmoid
from language.sentences import sentences

EVIDENCE: Final = (
    *("wide", "shape", "lacks", "focus", "place", "meant", "alike", "unmet", "over", "exact", "holds", "rare"),
    *("around", "short", "absent", "home", "told", "long", "flow", "aside", "unit", "key", "under"),
)
AGAINST: Final = frozenset({"lacks", "unmet", "short", "absent", "long", "aside"})  # the others speak for it
# From `kefu eval extract --fit` on benchmarks/documents, tune, open and lessons together: what is chosen, and how sure
# it is that this answers.
CHOICE: Final = (
    *(1.76, 2.24, -0.82, 3.71, 1.23, 1.96, 4.2, -1.47, 1.21, 1.32, 0.81, 2.15),
    *(1.68, -1.22, -0.21, 0.48, 0.0, -0.5, 2.26, -1.19, 0.41, 0.94, 1.2),
)
WEIGHTS: Final = (
    *(0.0, 0.0, -1.03, 0.0, 0.39, 0.0, 3.98, 0.0, 0.0, 0.4, 0.16, 0.12),
    *(2.13, -1.89, -1.61, 0.15, 2.05, -2.0, 2.25, -5.32, 0.92, 0.0, 0.0),
)
LEAD: Final = 2.12  # what it weighs that no other passage's extract comes near
FAR: Final = 4.0  # nats by which the best is ahead when none does
BIAS: Final = -6.63
THRESHOLD: Final = 0.6  # a wrong answer costs more than none
CLOSE: Final = 1.5  # a sentence this near to the best one of its passage is quoted with it
ROWS: Final = 4  # of a table, at most, are quoted together
ENDS: Final = ("。", "！", "？", "；", ";", ".", "!", "?")
BARE: Final = 60  # letters: an item that is shorter and does not end as a sentence names something


@dataclass(frozen=True, slots=True)
class Extract:
    """A piece of a hit that could be the answer, and the EVIDENCE for it, each about 0 to 1."""

    text: str
    hit: Hit
    evidence: tuple[float, ...]
    lead: float = 0.0  # of the best: how far it is ahead of other passages, 0 to 1

    @property
    def score(self) -> float:
        """What orders the extracts of a question, in nats."""
        return sum(weight * value for weight, value in zip(CHOICE, self.evidence, strict=True))

    @property
    def sure(self) -> float:
        """How probable it is that this answers, when it is the best: 0 to 1."""
        known = sum(weight * value for weight, value in zip(WEIGHTS, self.evidence, strict=True))
        return sigmoid(BIAS + known + LEAD * self.lead)


def lead(scores: Sequence[float], found: Sequence[Extract]) -> float:
    """How far the best score is ahead of those of passages that are not quoted with it: 0 to 1; best first."""
    mine = {found[place].hit.passage.id for place in together(scores, found)}
    others = (score for score, one in zip(scores, found, strict=True) if one.hit.passage.id not in mine)
    return min(scores[0] - max(others, default=scores[0] - FAR), FAR) / FAR


def together(scores: Sequence[float], found: Sequence[Extract]) -> list[int]:
    """Places of what is quoted as one answer, best first.

    Of a text the best sentence, and the next of its passage when it is as good; of a table all rows that are as good,
    unless they are many: then the question is about one that it does not name.
    """
    best = found[0]
    passage = best.hit.passage
    close = [place for place, score in enumerate(scores) if scores[0] - score <= CLOSE]
    if passage.kind == "row":
        rows = [place for place in close if found[place].hit.passage.kind == "row"]
        same = [place for place in rows if _table(found[place].hit.passage) == _table(passage)]
        return same if len(same) <= ROWS else [0]
    if passage.kind == "text":
        of_it = [place for place, one in enumerate(found) if one.hit.passage.id == passage.id]
        apart = (place for place in of_it[1:] if not _within(found[place].text, best.text))
        return [0, second] if (second := next(apart, None)) in close else [0]
    return [0]


def _table(passage: Passage) -> tuple[str, ...]:
    """Tells rows of one table from others by their heads."""
    heads = (cell.partition(":")[0] for cell in passage.text.split("; "))
    return passage.document, passage.heading, *heads


def _within(one: str, other: str) -> bool:
    return one in other or other in one


def quoted(scores: Sequence[float], found: Sequence[Extract]) -> tuple[str, ...]:
    """What is quoted of possible answers, best first, in the order of the document."""
    both = [found[place] for place in together(scores, found)]
    both.sort(key=lambda one: (one.hit.passage.number, one.hit.passage.text.find(one.text)))
    return tuple(one.text for one in both)


def texts(passage: Passage) -> Iterator[str]:
    """What may be quoted: a pair or row as a whole, of other passages a sentence, but none that asks.

    A list too, with what leads to it, or when its items only name something: rules that stand in a row are not one.
    """
    if passage.kind != "text":
        yield passage.text
        return
    before, *items = passage.text.split("\n- ")
    names = not any(one.endswith(ENDS) or len(one) >= BARE for one in (before, *items))
    if items and (names or before.endswith((":", "："))):
        yield passage.text
    title = _letters(passage.title)
    yield from (clause for clause in _clauses(passage.text) if _letters(clause) != title and _tells(clause))


def _letters(text: str) -> list[str]:
    """What it says, however it is written: the title of a plain text is its file's name."""
    return list(filter(str.isalnum, text.lower()))


def _tells(clause: str) -> bool:
    """Does it say something, rather than ask?"""
    return any(map(str.isalnum, clause)) and not clause.rstrip("*_ ").endswith(("?", "？"))


def _clauses(text: str) -> Iterator[str]:
    """Sentences; what a semicolon parts is one."""
    start = end = 0
    for span in sentences(text):
        start = span.start if not text[start:end].endswith((";", "；")) else start
        end = span.end
        if not text[start:end].endswith((";", "；")):
            yield text[start:end]
    if text[start:end].endswith((";", "；")):
        yield text[start:end]
