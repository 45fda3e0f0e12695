"""Words that mean the same."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from knowledge.rules.terms import stems
from language.fold import fold
from language.segment import words

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
        apart = sorted((word for word in self._head if len(words(word)) > 1), key=len, reverse=True)
        self._apart = re.compile("|".join(map(re.escape, apart)) or r"(?!)")

    def head(self, word: str) -> str:
        """The word that stands for this one; itself when it has no group."""
        return self._head.get(word, word)

    def __contains__(self, word: str) -> bool:
        return word in self._head

    def phrases(self, text: str) -> list[str]:
        """Those of its words that the text says and that are cut into several, such as 谁出."""
        return self._apart.findall(fold(text))

    def others(self, words: Sequence[str]) -> list[str]:
        """What else could be said for these words, without them."""
        said = set(words)
        groups = dict.fromkeys(head for word in words if (head := self._head.get(word)))
        return [one for head in groups for one in self._groups[head] if one not in said]


def form(word: str) -> str:
    """The word as `stems` has it, or folded when it is cut into several."""
    found = stems(word)
    return found[0] if len(found) == len(words(word)) == 1 else fold(word)
