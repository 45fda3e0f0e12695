"""A place in a text."""

from typing import NamedTuple


class Span(NamedTuple):
    """Characters `start` to `end` (exclusive) of a text, and what is there."""

    start: int
    end: int
    label: str = ""

    def of(self, text: str) -> str:
        """What the text says there."""
        return text[self.start : self.end]
