"""What may leave the house of a conversation: everything personal stands there as [[name 1]], [[phone 1]], …"""

import re
from collections.abc import Collection, Sequence
from typing import Final

import re2

from language import private
from language.fold import fold

SIGN: Final = re.compile(r"\[\[\s*([a-z_]+)\s+(\d+)\s*\]\]", re.I)
BEGUN: Final = re.compile(r"\[(?:\[[^\[\]]{0,24}\]?)?$")
SHORTEST: Final = 2  # characters of a name that is hidden wherever it stands
LATIN: Final = re.compile(r"[A-Za-z][A-Za-z'’.-]+")


class Veil:
    """Over all texts of one call, so that one person is one sign in each. `names` are known of the conversation;
    `hides` are further patterns (RE2 over folded text), such as a house's order numbers."""

    def __init__(self, texts: Sequence[str], names: Collection[str] = (), hides: Sequence[str] = ()) -> None:
        self._kinds: dict[str, str] = {}
        self._signs: dict[str, str] = {}
        plain = [text.replace("[[", "[ [") for text in texts]  # nobody may write a sign themselves
        for name in names:
            self._hide(name.strip(), "name")
            for part in LATIN.findall(name) if " " in name.strip() else ():
                if len(part) > SHORTEST and part[0].isupper():
                    self._hide(part, "name")
        for text in plain:
            for pattern in hides:
                for match in re2.finditer(pattern, fold(text)):
                    self._hide(text[match.start() : match.end()], "number")
            for span in private.find(text):
                self._hide(span.of(text), span.label)
        longest = sorted(self._kinds, key=lambda one: (-len(one), one))  # one may be a part of another
        anything = re.compile("|".join(map(_whole, longest)) or "(?!)")
        self.texts = [anything.sub(lambda found: self._sign(found[0]), text) for text in plain]

    @property
    def hidden(self) -> Collection[str]:
        """What stood in the texts and does no more."""
        return self._signs.keys()

    def _hide(self, said: str, kind: str) -> None:
        if len(said) >= SHORTEST:
            self._kinds.setdefault(said, kind)

    def _sign(self, said: str) -> str:
        kind = self._kinds[said]
        number = 1 + sum(self._kinds[one] == kind for one in self._signs)
        return self._signs.setdefault(said, f"[[{kind} {number}]]")

    def off(self, told: str) -> str:
        """What a model told, with what its signs stand for."""
        said = {sign: one for one, sign in self._signs.items()}
        return SIGN.sub(lambda found: said.get(f"[[{found[1].lower()} {found[2]}]]", found[0]), told)


class Lifting:
    """Takes the veil off what comes piece by piece: a sign may come in several."""

    def __init__(self, veil: Veil) -> None:
        self._veil = veil
        self._held = ""

    def more(self, piece: str) -> str:
        """What can be told now."""
        told = self._held + piece
        begun = BEGUN.search(told)
        cut = begun.start() if begun else len(told)
        self._held = told[cut:]
        return self._veil.off(told[:cut])

    def rest(self) -> str:
        """What was held back to the end."""
        return self._veil.off(self._held)


def _whole(said: str) -> str:
    """As a word of its own where the script has words."""
    first = r"(?<![A-Za-z0-9])" if said[0].isascii() and said[0].isalnum() else ""
    last = r"(?![A-Za-z0-9])" if said[-1].isascii() and said[-1].isalnum() else ""
    return first + re.escape(said) + last
