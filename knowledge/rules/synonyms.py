"""Words that mean the same."""

from collections.abc import Iterable, Sequence
from typing import Final

from knowledge.rules.terms import stems
from language.fold import fold

NOTE: Final = "#"


class Synonyms:
    """Groups of words; the first word of a group stands for all of them."""

    def __init__(self, lines: Iterable[str] = ()) -> None:
        """One group a line, words apart by spaces; lines that begin with # are notes."""
        self._head: dict[str, str] = {}
        self._groups: dict[str, list[str]] = {}
        for line in lines:
            group = [form(word) for word in line.split()] if not line.startswith(NOTE) else []
            for word in group:
                self._head.setdefault(word, group[0])
            if group:
                self._groups[group[0]] = list(dict.fromkeys(group))

    def head(self, word: str) -> str:
        """The word that stands for this one; itself when it has no group."""
        return self._head.get(word, word)

    def others(self, words: Sequence[str]) -> list[str]:
        """What else could be said for these words, without them."""
        said = set(words)
        groups = dict.fromkeys(head for word in words if (head := self._head.get(word)))
        return [one for head in groups for one in self._groups[head] if one not in said]


def form(word: str) -> str:
    """The word as `stems` has it, or folded when it is several."""
    found = stems(word)
    return found[0] if len(found) == 1 else fold(word)
