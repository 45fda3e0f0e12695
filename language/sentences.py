"""Where sentences begin and end."""

import re
from typing import Final

from language.spans import Span

# A full stop ends a sentence only before a space: 3.5 and kefu.example stay whole.
SENTENCE: Final = re.compile(r".+?(?:[。！？!?；;…]+[”’」』）)\"']*|\.+(?=\s|$)|\n|$)", re.DOTALL)


def sentences(text: str) -> list[Span]:
    """Sentences in order, without the space around them; nothing between two spans but space."""
    return [span for span in (_trimmed(text, found.start(), found.end()) for found in SENTENCE.finditer(text)) if span]


def _trimmed(text: str, start: int, end: int) -> Span | None:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    end -= len(piece) - len(piece.rstrip())
    return Span(start, end) if start < end else None
