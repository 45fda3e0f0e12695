"""Words that say who somebody is: telephone, mail, identity and bank card numbers."""

import re
from collections.abc import Callable, Mapping
from typing import Final

from language.fold import fold
from language.spans import Span

# ASCII classes: Python's \w takes Han characters too, and a mail address would swallow the word before it.
PATTERNS: Final[Mapping[str, re.Pattern[str]]] = {
    "email": re.compile(r"[a-z0-9._%+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+"),
    "id_card": re.compile(r"(?<![0-9a-z])\d{17}[0-9x](?![0-9a-z])"),
    "bank_card": re.compile(r"(?<![0-9a-z-])\d{4}(?:[ -]?\d{4}){2}[ -]?\d{1,7}(?![0-9a-z-])"),
    "phone": re.compile(
        r"(?<![0-9a-z])(?:(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}|\+\d{1,3}[ -]?(?:\(?\d{2,4}\)?[ -]?){2,4}\d{2,4}"
        r"|0\d{2,3}-\d{7,8}|\(?\d{3}\)?[ -]\d{3}-\d{4})(?![0-9a-z])"
    ),
}
WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS: Final = "10x98765432"


def find(text: str) -> list[Span]:
    """Personal numbers and addresses in order, none inside another; the label is the pattern's name."""
    return inside(fold(text))


def inside(folded: str) -> list[Span]:
    """The same in a text that is folded already."""
    found = list[Span]()
    for kind, pattern in PATTERNS.items():
        for match in pattern.finditer(folded):
            span = Span(match.start(), match.end(), kind)
            if CHECKED.get(kind, _any)(match[0]) and all(
                span.end <= one.start or one.end <= span.start for one in found
            ):
                found.append(span)
    return sorted(found)


def mask(text: str) -> str:
    """The text with each of them replaced by its kind in brackets, such as [phone]."""
    for span in reversed(find(text)):
        text = f"{text[: span.start]}[{span.label}]{text[span.end :]}"
    return text


def _any(found: str) -> bool:
    return True


def _luhn(found: str) -> bool:
    """Is the check digit of a bank card right? Source: ISO/IEC 7812-1, annex B."""
    digits = [int(one) for one in found if one.isdigit()]
    doubled = [sum(divmod(2 * one, 10)) for one in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def _citizen(found: str) -> bool:
    """Is the check sign of a Chinese identity number right? Source: GB 11643-1999 (ISO 7064 MOD 11-2)."""
    return CHECKS[sum(weight * int(digit) for weight, digit in zip(WEIGHTS, found, strict=False)) % 11] == found[-1]


CHECKED: Final[Mapping[str, Callable[[str], bool]]] = {"bank_card": _luhn, "id_card": _citizen}
