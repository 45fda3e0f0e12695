"""Patterns of tokens in spaCy's form, over words as the house cuts them and entities as it finds them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import re2

from language import pii
from language.segment import tokens

Found = list[tuple[int, int]]
ENTITIES: Final[Mapping[str, str]] = {
    "order_number": r"\b(?:[a-z]{1,3}-?)?\d{8,20}\b",
    "amount": r"(?:[¥$€]\s?\d[\d,]*(?:\.\d+)?|\d[\d,]*(?:\.\d+)?\s?(?:元|块|yuan|rmb|dollars|usd))",
}
SLOW: Final = ("REGEX", "FUZZY")  # Python's regular expressions may take exponential time


def ready(patterns: Sequence[Sequence[Mapping[str, Any]]]) -> Callable[[str], Found]:
    """Where one of the patterns is found in a folded text, longest first where they overlap.

    Raises ValueError for what is no pattern, and where spaCy is not installed.
    """
    if slow := sorted({key for pattern in patterns for token in pattern for key in _keys(token) if key in SLOW}):
        raise ValueError(f"{', '.join(slow)} may take exponential time; use the regex operator")
    try:
        import spacy  # slow to load, and few rubrics ask for it
        from spacy.errors import MatchPatternError
        from spacy.matcher import Matcher
        from spacy.tokens import Doc
        from spacy.util import filter_spans
    except ImportError:
        raise ValueError("patterns of tokens need the extra kefu[tokens]") from None
    vocabulary = spacy.blank("xx").vocab
    matcher = Matcher(vocabulary, validate=True)
    try:
        matcher.add("", [[dict(token) for token in pattern] for pattern in patterns])
    except (MatchPatternError, ValueError, TypeError) as error:
        raise ValueError(f"no pattern of tokens: {' '.join(str(error).split())}") from None

    def find(folded: str) -> Found:
        read = tokens(folded)
        if not read:
            return []
        doc = Doc(vocabulary, words=[one.text for one in read], ents=_entities(folded, read))
        spans = filter_spans(matcher(doc, as_spans=True))
        return [(read[span.start].start, read[span.end - 1].end) for span in spans]

    return find


def _keys(value: Any) -> set[str]:
    """All keys in a token's description, however deep."""
    if not isinstance(value, Mapping):
        return set()
    return set(value) | {key for inner in value.values() for key in _keys(inner)}


def _entities(folded: str, read: Sequence[Any]) -> list[str]:
    """Each token's entity in spaCy's B-, I-, O form; personal numbers go before the rest."""
    spans = [(start, end, kind) for start, end, kind in pii.inside(folded)]
    for kind, pattern in ENTITIES.items():
        spans += [(*match.span(), kind) for match in re2.finditer(pattern, folded)]
    told = []
    for token in read:
        inside = next((one for one in spans if one[0] <= token.start and token.end <= one[1]), None)
        told.append("O" if inside is None else f"{'B' if inside[0] == token.start else 'I'}-{inside[2]}")
    return told
