"""A rule for these examples: words and patterns that are in the messages people marked and seldom in others."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import log, sqrt
from typing import Any, Final, Literal

import re2
import yaml

from language.fold import fold
from language.segment import tokens
from quality_check.rules.blocks import failed
from quality_check.rules.document import read_rubric
from quality_check.rules.view import Role

LONGEST: Final = 3  # words of a term
TERMS: Final = 60  # the most telling, of which patterns are made
WORDS: Final = 8  # of a list
PARTS: Final = 3  # alternatives of a pattern
REACH: Final = 12  # characters between the two terms of a pattern
SHOWN: Final = 5  # examples of a proposed rule
READ: Final = 300  # characters of a message
SHORTEST: Final = 2


@dataclass(frozen=True, slots=True)
class Proposal:
    """`words`, any of them, or a `pattern` in RE2 syntax; in how many marked messages and in how many others it is."""

    kind: Literal["words", "pattern"]
    words: tuple[str, ...]
    pattern: str
    found: int
    wrong: int


def propose(marked: Sequence[str], others: Sequence[str]) -> list[Proposal]:
    """What tells the marked messages from the others, the better first; [] when nothing does.

    Terms are runs of up to three words, weighed by the z-score of their log odds ratio with 0.5 added to each count
    (J. B. S. Haldane, The estimation and significance of the logarithm of a ratio of frequencies, Annals of Human
    Genetics 20, 1956). Lists and patterns grow by the part that raises F1 most.
    """
    good, rest = [fold(one[:READ]) for one in marked], [fold(one[:READ]) for one in others]
    terms = _telling(good, rest)
    found = []
    if words := _grown(terms, good, rest, lambda term: lambda text: term in text, WORDS):
        found.append(_counted("words", tuple(words), "", good, rest, lambda text: any(one in text for one in words)))
    patterns = sorted({pair for text in good for pair in _pairs(text, terms)})
    if parts := _grown(patterns, good, rest, lambda part: _searcher(part), PARTS):
        pattern = "|".join(parts)
        found.append(_counted("pattern", (), pattern, good, rest, _searcher(pattern)))
    return sorted(found, key=lambda one: (-_f1(one.found, one.wrong, len(good)), one.kind != "words"))


def drafted(proposal: Proposal, name: str, role: Role, marked: Iterable[str], others: Iterable[str]) -> str:
    """A rule of the proposal in YAML, with those examples that come out right; a person gives it id, points, names."""
    operator: dict[str, Any] = {"keyword": {"words": list(proposal.words)}}
    if proposal.kind == "pattern":
        operator = {"regex": {"match": proposal.pattern}}
    rule: dict[str, Any] = {
        "id": "new_rule",
        "name": {"zh": name, "en": name},
        "section": "professional",
        "severity": "minor",
        "score": -5,
        "when": {"said": {"role": role, **operator}},
    }
    hits = [[{role: text}] for text in dict.fromkeys(marked)]
    misses = [[{role: text}] for text in dict.fromkeys(others)]
    [read] = read_rubric(_written({"rules": [{**rule, "hits": hits, "misses": misses}]}), "proposal")[0]
    wrong = set(failed(read))
    right = {
        kind: [one for n, one in enumerate(said) if f"{kind}[{n}]" not in wrong][:SHOWN]
        for kind, said in (("hits", hits), ("misses", misses))
    }
    return _written({**rule, **right})


def _written(told: dict[str, Any]) -> str:
    return yaml.safe_dump(told, allow_unicode=True, sort_keys=False, width=1000)


def _telling(good: Sequence[str], rest: Sequence[str]) -> list[str]:
    """Terms of at least two marked messages (of one, when there is no more), the most telling first."""
    terms = {term for text in good for term in _terms(text)}
    least = min(SHORTEST, len(good))
    weighed = []
    for term in terms:
        inside, outside = sum(term in text for text in good), sum(term in text for text in rest)
        if inside >= least and (weight := _z(inside, len(good), outside, len(rest))) > 0:
            weighed.append((-weight, len(term), term))
    return [term for _, _, term in sorted(weighed)[:TERMS]]


def _terms(text: str) -> set[str]:
    """Runs of words that follow each other with at most a blank between."""
    words = [one for one in tokens(text) if any(sign.isalnum() for sign in one.text)]
    found = set()
    for first in range(len(words)):
        for last in range(first, min(first + LONGEST, len(words))):
            if last > first and words[last].start - words[last - 1].end > 1:
                break
            term = text[words[first].start : words[last].end]
            if len(term) >= SHORTEST and not term.isdigit():
                found.add(term)
    return found


def _z(inside: int, good: int, outside: int, rest: int) -> float:
    cells = (inside + 0.5, good - inside + 0.5, outside + 0.5, rest - outside + 0.5)
    ratio = log(cells[0] / cells[1]) - log(cells[2] / cells[3])
    return ratio / sqrt(sum(1 / cell for cell in cells))


def _pairs(text: str, terms: Sequence[str]) -> set[str]:
    """Patterns of two terms in this order, near each other."""
    places = [(text.index(term), term) for term in terms if term in text]
    found = set()
    for at, one in places:
        for then, two in places:
            if 0 < then - at - len(one) <= REACH:
                found.add(f"{re.escape(one)}.{{0,{REACH}}}{re.escape(two)}")
    return found


def _searcher(pattern: str) -> Callable[[str], bool]:
    ready = re2.compile(pattern)
    return lambda text: bool(ready.search(text))


def _grown(
    parts: Sequence[str],
    good: Sequence[str],
    rest: Sequence[str],
    ready: Callable[[str], Callable[[str], bool]],
    most: int,
) -> list[str]:
    """Parts that together find the marked messages, each the one that raises F1 most."""
    reach = {}
    for part in parts:
        finds = ready(part)
        reach[part] = (
            {n for n, text in enumerate(good) if finds(text)},
            {n for n, text in enumerate(rest) if finds(text)},
        )
    chosen: list[str] = []
    found, wrong, best = set[int](), set[int](), 0.0
    while len(chosen) < most and reach:
        scored = ((_f1(len(found | a), len(wrong | b), len(good)), part) for part, (a, b) in reach.items())
        f1, part = max(scored, key=lambda pair: (pair[0], -len(pair[1]), pair[1]))
        if f1 <= best:
            break
        a, b = reach.pop(part)
        found, wrong, best = found | a, wrong | b, f1
        chosen.append(part)
    return chosen


def _f1(found: int, wrong: int, wanted: int) -> float:
    return 2 * found / (found + wrong + wanted)


def _counted(
    kind: Literal["words", "pattern"],
    words: tuple[str, ...],
    pattern: str,
    good: Sequence[str],
    rest: Sequence[str],
    finds: Callable[[str], bool],
) -> Proposal:
    return Proposal(kind, words, pattern, sum(map(finds, good)), sum(map(finds, rest)))
