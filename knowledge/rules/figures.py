"""Figures that a text names, by their unit, in digits or in words of both languages."""

import re
from typing import Final

from language.fold import fold

_NUMBER: Final = r"(\d+(?:[.,]\d+)*)\s*"
_UNIT: Final = (
    r"个工作日|个月|小时|分钟|周岁|公斤|千克|厘米|公里|千米|%|°c"
    r"|(?!(?:to|or|and|at|of|in|on|for|per)\b)[a-z]+?(?=s?\b)|[\u4e00-\u9fff]"
)
_FIGURE: Final = re.compile(rf"{_NUMBER}({_UNIT}|)")
_RANGE: Final = re.compile(rf"{_NUMBER}(?:to|or|and|[-–~至到或])\s*(?=\d+(?:[.,]\d+)*\s*({_UNIT}))")
_TIMES: Final = {"year": "年", "month": "个月", "week": "周", "day": "天", "日": "天", "hour": "小时", "minute": "分钟"}
_SIZES: Final = {"°c": "度", "degree": "度", "公斤": "kg", "千克": "kg", "厘米": "cm", "公里": "km", "千米": "km"}
_UNITS: Final = {**_TIMES, **_SIZES, "周岁": "岁", "块": "元"}
_DIGITS: Final = {one: n for n, letters in enumerate(("零〇", "一", "二两", *"三四五六七八九")) for one in letters}
_PLACES: Final = {"十": 10, "百": 100, "千": 1000}
_SAID: Final = f"[{''.join((*_DIGITS, *_PLACES))}]+"
_CHINESE: Final = re.compile(
    rf"(?<![第期周每任何哪某这那同\d]){_SAID}(?=(?:[至到或]{_SAID})?(?:个工作日|个月|小时|分钟|[天年月日周元块折次倍件期人份]))"
)
_NUMBERS: Final = """
one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
nineteen twenty
"""
_ENGLISH: Final = {word: n for n, word in enumerate(_NUMBERS.split(), 1)} | {"thirty": 30, "sixty": 60, "ninety": 90}
_SPELT: Final = re.compile(
    rf"\b(?:{'|'.join(_ENGLISH)})(?=(?: (?:to|or|and) (?:{'|'.join(_ENGLISH)}))?"
    r"[ -](?:(?:working|business|calendar) )?(?:year|month|week|day|hour|minute|time|yuan)s?\b)"
)


def figures(text: str) -> dict[str, set[str]]:
    """The figures of each unit, of a range both; a unit is the same however it is written, and in both languages."""
    text = _CHINESE.sub(lambda met: str(_count(met[0])), fold(text))
    text = _SPELT.sub(lambda met: str(_ENGLISH[met[0]]), text)
    text = _RANGE.sub(r"\1 \2 ", text)
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
