"""The thesaurus: words and phrases that mean the same, and kinds of things."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from types import MappingProxyType
from typing import Final, NamedTuple

from knowledge.rules.terms import is_han, stems, units
from language.lines import BadLine
from language.segment import tokens, words

NOTE: Final = "#"
KINDS: Final = ">"
BLANK: Final = "_"
BROADER: Final = 0.8  # how far a text that says pet meets a question that says dog
NARROWER: Final = 0.6  # and one that says dog a question that says pet
# Stand in the midst of what is said as one: send it back, 退个货.
_SMALL: Final = "a an the it them this that these my your his her our their me us some 个 我 你 您"
FILLING: Final = frozenset(_SMALL.split())


class Phrase(NamedTuple):
    """A phrase of the thesaurus in a text: its name, and the first and last of its places there."""

    name: str
    first: int
    last: int


class Synonyms:
    """Groups of words and phrases; the first of a group, its head, stands for all of them."""

    def __init__(self, lines: Iterable[str] = ()) -> None:
        """One group a line, then its kinds after KINDS; a BLANK joins the words of a phrase.

        A word stands in one group; it may be a kind of several. Lines that begin with NOTE are notes. Raises BadLine,
        which says the line's number.
        """
        self._head: dict[str, str] = {}
        self._groups: dict[str, list[str]] = {}
        self._starts: dict[tuple[str, str], list[tuple[Sequence[str], str]]] = {}
        kinds = [(number, *self._read(number, line)) for number, line in enumerate(lines, 1) if _says(line)]
        self._meets: dict[str, dict[str, float]] = {head: {head: 1.0} for head in self._groups}
        for number, head, below in kinds:
            for word in below:
                self._is_kind(number, self._known(number, word), head)

    def _read(self, number: int, line: str) -> tuple[str, list[str]]:
        """The head of a line's group, and its kinds as they are written."""
        same, *below = (part.split() for part in line.split(KINDS))
        if not same or len(below) > 1 or [] in below:
            raise BadLine(f"{number}: words that mean the same, then {KINDS} and kinds of it, if any")
        names = list(dict.fromkeys(self._form(number, word) for word in same))
        for name in names:
            if self._head.setdefault(name, names[0]) != names[0]:
                raise BadLine(f"{number}: {name} stands in the group of {self._head[name]}, too")
        self._groups[names[0]] = names
        return names[0], [word for part in below for word in part]

    def _form(self, number: int, word: str) -> str:
        """A word as `stems` has it, or a phrase, which is remembered by its first two parts."""
        plain = word.replace(BLANK, " ")
        cut, found = words(plain), stems(plain)
        if len(cut) == 1:
            return found[0] if found else cut[0]
        said = [unit for unit in units(plain) if unit not in FILLING]
        if len(said) < 2:
            raise BadLine(f"{number}: {word} says too little")
        name = ("" if any(map(is_han, said)) else " ").join(said)
        known = self._starts.setdefault((said[0], said[1]), [])
        if (said, name) not in known:
            known.append((said, name))
            known.sort(key=lambda one: -len(one[0]))
        return name

    def _known(self, number: int, word: str) -> str:
        """The head of a word; one that has no group is one by itself."""
        name = self._form(number, word)
        if name not in self._head:
            self._head[name], self._groups[name], self._meets[name] = name, [name], {name: 1.0}
        return self._head[name]

    def _is_kind(self, number: int, below: str, above: str) -> None:
        if above in self._meets[below]:
            raise BadLine(f"{number}: {below} is said to be a kind of {above} twice, or of itself")
        self._meets[below][above] = BROADER
        self._meets[above][below] = NARROWER

    def head(self, word: str) -> str:
        """The word that stands for this one; itself when it has no group."""
        return self._head.get(word, word)

    def meets(self, head: str) -> Mapping[str, float]:
        """The heads of what a text may say for it, and how far each meets it: 0 to 1."""
        return self._meets.get(head) or MappingProxyType({head: 1.0})

    def same(self, word: str) -> Sequence[str]:
        """All that means the same, the word too."""
        return self._groups.get(self.head(word)) or (word,)

    def __contains__(self, word: str) -> bool:
        return word in self._head

    def phrases(self, said: Sequence[str]) -> Iterator[Phrase]:
        """Those that `units` of a text hold, the longer before the shorter, none within another."""
        kept = [place for place, unit in enumerate(said) if unit not in FILLING]
        plain, free = [said[place] for place in kept], 0
        for start, known in enumerate(map(self._starts.get, pairwise(plain))):
            for parts, name in known or () if start >= free else ():
                if plain[start : start + len(parts)] == parts:
                    free = start + len(parts)
                    yield Phrase(name, kept[start], kept[free - 1])
                    break

    def spoken(self, text: str) -> list[Phrase]:
        """As `phrases`, of a text; places are those of letters."""
        said = [
            (unit, token.start + place, token.start + place + 1 if is_han(unit) else token.end)
            for token in tokens(text)
            for place, unit in enumerate(units(token.text))
        ]
        found = self.phrases([unit for unit, *_ in said])
        return [Phrase(name, said[first][1], said[last][2]) for name, first, last in found]

    def others(self, said: Sequence[str]) -> list[str]:
        """What else could be said for these words and phrases, without them."""
        heads = (near for word in said if word in self._head for near in self._meets[self._head[word]])
        known = {word: None for head in dict.fromkeys(heads) for word in self._groups[head]}
        return [word for word in known if word not in said]


def _says(line: str) -> bool:
    return bool(line.strip()) and not line.startswith(NOTE)
