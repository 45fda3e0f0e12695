"""Figures that a text names, by their unit, in digits or in words of both languages."""

import re
from typing import Final

from language.fold import fold

_FIGURE: Final = re.compile(r"(\d+(?:[.,]\d+)*)\s*(个工作日|个月|小时|分钟|%|[a-z]+?(?=s?\b)|[\u4e00-\u9fff]?)")
_UNITS: Final = {"year": "年", "month": "个月", "week": "周", "day": "天", "日": "天", "hour": "小时", "minute": "分钟"}
_DIGITS: Final = {one: n for n, letters in enumerate(("零〇", "一", "二两", *"三四五六七八九")) for one in letters}
_PLACES: Final = {"十": 10, "百": 100, "千": 1000}
_CHINESE: Final = re.compile(
    rf"(?<![第期周每任何哪某这那同\d])[{''.join((*_DIGITS, *_PLACES))}]+"
    r"(?=个工作日|个月|小时|分钟|[天年月日周元块折次倍件期人份])"
)
_NUMBERS: Final = """
one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
nineteen twenty
"""
_ENGLISH: Final = {word: n for n, word in enumerate(_NUMBERS.split(), 1)} | {"thirty": 30, "sixty": 60, "ninety": 90}
_SPELT: Final = re.compile(
    rf"\b(?:{'|'.join(_ENGLISH)})"
    r"(?=[ -](?:(?:working|business|calendar) )?(?:year|month|week|day|hour|minute|time|yuan)s?\b)"
)


def figures(text: str) -> dict[str, set[str]]:
    """The figures of each unit; units of time are the same in both languages."""
    text = _CHINESE.sub(lambda met: str(_count(met[0])), fold(text))
    text = _SPELT.sub(lambda met: str(_ENGLISH[met[0]]), text)
    found = dict[str, set[str]]()
    for figure, unit in _FIGURE.findall(text):
        found.setdefault(_UNITS.get(unit, unit), set()).add(figure)
    return found


def _count(said: str) -> int:
    """三 is 3, 十五 15, 两百零五 205."""
    whole, digit = 0, 0
    for one in said:
        if one in _PLACES:
            whole, digit = whole + (digit or 1) * _PLACES[one], 0
        else:
            digit = 10 * digit + _DIGITS[one]
    return whole + digit
