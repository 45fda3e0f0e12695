"""Numbers as people write them: 1,299.50 · 1.2万 · 三百五十 · twenty · 1.5k."""

import re
from typing import NamedTuple

HAN_DIGITS = {character: n for n, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
HAN_UNITS = {"十": 10, "百": 100, "千": 1_000, "万": 10_000, "亿": 100_000_000}
WORDS = {
    word: n
    for n, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
} | {
    word: n * 10
    for n, word in enumerate(["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2)
}
WORDS |= {"a": 1, "an": 1}
MULTIPLES = {"hundred": 100, "thousand": 1_000, "k": 1_000, "千": 1_000, "万": 10_000, "w": 10_000}

HAN = f"[{''.join([*HAN_DIGITS, *HAN_UNITS])}]+"
ENGLISH = (
    rf"\b(?:{'|'.join(sorted(WORDS, key=len, reverse=True))})(?:[\s-](?:{'|'.join(WORDS)}|hundred|thousand|and))*\b"
)
DIGITS = r"(?<![\w.])\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
NUMBER = rf"(?:(?:{DIGITS})(?:\s?[k千万w](?![a-z]))?|{HAN}|{ENGLISH})"
"""A pattern for all of them; letters in lower case."""


class Found(NamedTuple):
    """A stretch of a message and what it stands for."""

    start: int
    end: int
    value: str


def number_of(text: str) -> float | None:
    """What a match of NUMBER stands for; None for characters that make no number (百千)."""
    said = text.strip().replace(",", "")
    if digits := re.fullmatch(r"(\d+(?:\.\d+)?)\s?([k千万w]?)", said):
        return round(float(digits[1]) * MULTIPLES.get(digits[2], 1), 4)
    return _english(said) if said.isascii() else _han(said)


def _english(said: str) -> float | None:
    total, part = 0, 0
    for word in re.split(r"[\s-]+", said):
        if word in WORDS:
            part += WORDS[word]
        elif word in MULTIPLES:
            part = max(part, 1) * MULTIPLES[word]
            if MULTIPLES[word] == MULTIPLES["thousand"]:
                total, part = total + part, 0
    return float(total + part)


def _han(said: str) -> float | None:
    """三百五十 and 二〇二六; 三百五 is 350."""
    if all(character in HAN_DIGITS for character in said):
        return float("".join(str(HAN_DIGITS[character]) for character in said))
    total, section, digit, unit = 0, 0, None, 1
    for character in said:
        if character in HAN_DIGITS:
            digit, unit = HAN_DIGITS[character], 10 if character == "零" else unit
        elif (unit := HAN_UNITS[character]) < HAN_UNITS["万"]:
            section, digit = section + (1 if digit is None else digit) * unit, None
        elif section or digit:
            total, section, digit = (total + section + (digit or 0)) * unit, 0, None
        else:
            return None
    return float(total + section + (digit or 0) * max(unit // 10, 1))
