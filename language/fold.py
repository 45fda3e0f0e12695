"""One spelling for what people spell in many ways, without moving a single character."""

import unicodedata
from functools import cache
from typing import Final

import opencc

HAN: Final = (0x3400, 0x9FFF)
SEPARATOR: Final = "\n"  # keeps the converter from reading neighbours as a phrase


def fold(text: str) -> str:
    """Half width, simplified, lower case; as long as `text`, so a span of one is a span of the other.

    A character whose usual form has another length (such as ﬁ or İ) stays as it is.
    """
    return text.translate(_table())


@cache
def _table() -> dict[int, str]:
    """Each character of the basic plane that has another form, and that form."""
    simple = _simplified()
    folded = ((code, _one(chr(code), simple)) for code in range(0x10000) if not 0xD800 <= code <= 0xDFFF)
    return {code: other for code, other in folded if other != chr(code)}


def _one(character: str, simple: dict[str, str]) -> str:
    """The character's form, by Unicode's compatibility forms (NFKC), lower case, and traditional to simplified."""
    plain = unicodedata.normalize("NFKC", character)
    plain = plain if len(plain) == 1 else character
    low = plain.lower()
    low = low if len(low) == 1 else plain
    return simple.get(low, low)


def _simplified() -> dict[str, str]:
    """Traditional to simplified, character by character. Source: OpenCC's t2s tables."""
    characters = [chr(code) for code in range(HAN[0], HAN[1] + 1)]
    converted = opencc.OpenCC("t2s").convert(SEPARATOR.join(characters)).split(SEPARATOR)
    return {one: other for one, other in zip(characters, converted, strict=True) if len(other) == 1 and one != other}
