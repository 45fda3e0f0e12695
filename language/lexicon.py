"""Many words looked for at once."""

from collections.abc import Iterable

from ahocorasick_rs import AhoCorasick, Implementation

from language.fold import fold
from language.spans import Span


class Lexicon:
    """A list of words, each under a label, found in one pass however many there are (Aho-Corasick).

    Words and text are folded first, so width, case and traditional characters do not matter. A Latin word is found
    as a whole word only: "ass" is not in "class".
    """

    def __init__(self, words: Iterable[tuple[str, str]]) -> None:
        """`words` are (word, label) pairs; empty words raise ValueError."""
        pairs = [(fold(word.strip()), label) for word, label in words]
        if any(not word for word, _ in pairs):
            raise ValueError("a lexicon holds no empty word")
        self._labels = [label for _, label in pairs]
        self._latin = [_latin(word[0]) or _latin(word[-1]) for word, _ in pairs]
        self._automaton = AhoCorasick([word for word, _ in pairs], implementation=Implementation.ContiguousNFA)

    def find(self, text: str) -> list[Span]:
        """Every occurrence in order, overlapping ones too; the label says whose word it is."""
        return self.inside(fold(text))

    def inside(self, folded: str) -> list[Span]:
        """The same in a text that is folded already."""
        found = self._automaton.find_matches_as_indexes(folded, overlapping=True)
        latin, labels = self._latin, self._labels
        return [
            Span(start, end, labels[which])
            for which, start, end in found
            if not latin[which] or _whole(folded, start, end)
        ]


def _whole(text: str, start: int, end: int) -> bool:
    return not (_joins(text, start - 1, start) or _joins(text, end - 1, end))


def _joins(text: str, left: int, right: int) -> bool:
    """Do the characters at these places belong to one Latin word?"""
    if left < 0 or right >= len(text):
        return False
    return _latin(text[left]) and _latin(text[right])


def _latin(character: str) -> bool:
    return character.isascii() and character.isalnum()
