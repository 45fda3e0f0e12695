"""Several wishes in one message: where one may end and the next begin, and whether each part is surely one."""

import re
from collections.abc import Callable
from typing import NamedTuple

from kefu_engine.components.text import LONGEST, NUMBERS

Judge = Callable[[str], list[tuple[str, float]]]

SURE = 0.6
"""The confidence that each part's intent must have."""
MOST = 6
"""Parts looked at; who writes more of them tells a story."""
SEAM = re.compile(
    r"""
      [,，;；。!！?？\n]+(?:\s*(?:and|also|plus|then|but|besides|另外|还有|然后|顺便|再|并且|以及)(?![a-z]))*
    | \.(?=\s|$)
    | 另外|还有|然后|顺便|以及|并且|同时|此外|接着|还要|还想|[和并](?!且|非|不)
    | \b(?:and\s+then|and\s+also|and|also|plus|then|besides|as\s+well\s+as)\b
    """,
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)


class Wish(NamedTuple):
    """A part of a message, the characters `start` to `end` of it, what it wants and how sure that is."""

    text: str
    intent: str
    confidence: float
    start: int
    end: int


def wishes(text: str, judge: Judge, asides: frozenset[str] = frozenset()) -> list[Wish]:
    """A message's parts when they surely have different intents, each among the likeliest of the whole or with an
    order or the like of its own; else none.

    A part that is unsure by itself, or one of the `asides` (a greeting), belongs to the part before it or the first.
    """
    parts = _parts(text[:LONGEST])
    if not 1 < len(parts) <= MOST:
        return []
    found: list[Wish] = []
    ahead, begins = "", None
    for part, start, end in parts:
        intent, confidence = judge(part)[0]
        if confidence >= SURE and intent not in asides and (not found or intent != found[-1].intent):
            found.append(Wish(f"{ahead} {part}".strip(), intent, confidence, start if begins is None else begins, end))
            ahead, begins = "", None
        elif found:
            found[-1] = found[-1]._replace(text=f"{found[-1].text} {part}", end=end)
        else:
            ahead, begins = f"{ahead} {part}".strip(), start if begins is None else begins
    names = {wish.intent for wish in found}
    if len(names) < 2:
        return []
    numbered = all(NUMBERS.search(wish.text.lower()) for wish in found)
    return found if numbered or names <= {name for name, _ in judge(text)[: len(names) + 1]} else []


def _parts(text: str) -> list[tuple[str, int, int]]:
    """What stands between the seams, with its place."""
    seams = [*SEAM.finditer(text)]
    ends = zip([0, *(seam.end() for seam in seams)], [*(seam.start() for seam in seams), len(text)], strict=True)
    return [(text[start:end].strip(), start, end) for start, end in ends if text[start:end].strip()]
