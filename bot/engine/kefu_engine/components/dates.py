"""Days in both languages, told outright or from today: 上周三 · 3号 · 十一月二十号 · last Friday · in 3 days."""

import re
from calendar import day_name, month_abbr, month_name, monthrange
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from kefu_engine.components.numerals import ENGLISH, HAN, Found, number_of

AHEAD = timedelta(days=60)
"""A day without a year is the last one of that name, unless the next one is nearer than this: people write of what
they bought, or of a delivery to come."""
DAYS = {
    "大前天": -3, "前天": -2, "后天": 2, "大后天": 3,
    **{sign + part: away for sign, away in (("昨", -1), ("今", 0), ("明", 1)) for part in "天日晚早夜晨"},
    "the day before yesterday": -2, "day before yesterday": -2, "yesterday": -1, "last night": -1,
    "today": 0, "tonight": 0,
    "this morning": 0, "tomorrow": 1, "day after tomorrow": 2, "the day after tomorrow": 2,
}  # fmt: skip
SHIFTS = {"前年": -2, "去年": -1, "last year": -1, "今年": 0, "this year": 0, "明年": 1, "next year": 1}
MONTHS = {name.lower(): n for names in (month_name, month_abbr) for n, name in enumerate(names) if name} | {"sept": 9}
WEEKDAYS = {name.lower(): n for n, name in enumerate(day_name)} | {name: n for n, name in enumerate("一二三四五六日")}
WEEKDAYS["天"] = WEEKDAYS["日"]
WEEKS = {"上上": -2, "上": -1, "last": -1, "这": 0, "本": 0, "this": 0, "下": 1, "next": 1, "下下": 2}
SPANS = {"天": 1, "日": 1, "day": 1, "周": 7, "星期": 7, "礼拜": 7, "week": 7}

_N = rf"(?<!\d)\d{{1,3}}|{HAN}"
_M = "|".join(sorted(MONTHS, key=len, reverse=True))
_W = "|".join(name.lower() for name in day_name)
_EN, _ZH = (
    "|".join(sorted((d for d in DAYS if d.isascii() == ascii), key=len, reverse=True)) for ascii in (True, False)
)
_YEAR = r"(?:,?\s+(?P<year>\d{4}|last year|this year|next year)\b)?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?\b"
_AWAY = rf"(?P<count>\d{{1,3}}|{ENGLISH})\s+(?P<unit>day|week|month|year)s?"

Reading = Callable[[dict[str, str | None], date], date | None]
"""Reads the named parts of a match, given what day it is; None when there is no such day."""


def _written(told: dict[str, str | None], today: date) -> date | None:
    """Month and day, with or without a year."""
    month, day, year = MONTHS.get(told["month"] or "") or _number(told["month"]), _number(told["day"]), told["year"]
    if year:
        return _day(today.year + SHIFTS[year] if year in SHIFTS else _number(year.removesuffix("年")), month, day)
    nearby = [_day(today.year + away, month, day) for away in (1, 0, -1)]
    return next((found for found in nearby if found and found <= today + AHEAD), None)


def _of_month(told: dict[str, str | None], today: date) -> date | None:
    """A day of this month, or of the one before or after it."""
    first = _months(today.replace(day=1), WEEKS[told.get("which") or "this"])
    return _day(first.year, first.month, _number(told["day"]))


def _of_week(told: dict[str, str | None], today: date) -> date | None:
    """Weeks begin on Monday; in English the last Friday is the latest that is over."""
    which, day = told["which"] or "this", WEEKDAYS[told["weekday"] or ""]
    if which == "last":
        return today - timedelta(days=(today.weekday() - day - 1) % 7 + 1)
    return today + timedelta(days=day - today.weekday(), weeks=WEEKS[which])


def _named(told: dict[str, str | None], today: date) -> date | None:
    return today + timedelta(days=DAYS[told["named"] or ""])


def _away(told: dict[str, str | None], today: date) -> date | None:
    """So many days, weeks, months or years before or after today."""
    count, unit = _number(told["count"]) * (-1 if told.get("ago") else 1), told["unit"] or ""
    if unit in SPANS:
        return today + timedelta(days=count * SPANS[unit])
    return _months(today, count * (1 if unit in ("月", "month") else 12))


def _number(said: str | None) -> int:
    return int(number_of(said or "") or 0)


def _months(day: date, count: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


_FORMS: list[tuple[str, Reading]] = [
    (r"(?<!\d)(?P<year>\d{4})(?P<sign>[-/.])(?P<month>\d{1,2})(?P=sign)(?P<day>\d{1,2})(?!\d)", _written),
    (rf"(?:(?P<year>(?:\d{{4}}|{HAN})年|去年|今年|明年|前年)的?)?(?P<month>{_N})月(?P<day>{_N})[日号]?", _written),
    (rf"(?P<which>上|这|本|下)个?月的?(?P<day>{_N})[日号]", _of_month),
    (rf"(?<![第a-z])(?P<day>{_N})号(?![楼线店门仓机员馆码])", _of_month),
    (
        r"(?<!每)(?<![一二三四五六日天][到至])(?P<which>上上|上|这|本|下下|下)?个?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天])(?![到至])",
        _of_week,
    ),
    (rf"(?P<count>{_N})个?(?P<unit>天|日|周|星期|礼拜|月|年)(?:(?P<ago>之?前|以前)|之?后|以后)", _away),
    (rf"\b(?P<month>{_M})\b\.?\s+(?:the\s+)?{_DAY}{_YEAR}", _written),
    (rf"\b{_DAY}\s+(?:of\s+)?(?P<month>{_M})\b{_YEAR}", _written),
    (
        rf"\b(?:on|by|before|since|until|from|after)\s+the\s+{_DAY}(?:\s+of\s+(?P<which>last|this|next)\s+month)?(?!\s+\w*(?:item|order|time|one)\b)",
        _of_month,
    ),
    (rf"(?<!every )(?<!to )\b(?:(?P<which>last|this|next)\s+)?(?P<weekday>{_W})\b(?!\s+(?:to|through)\b)", _of_week),
    (rf"\b{_AWAY}\s+(?:(?P<ago>ago)|from\s+(?:now|today))\b", _away),
    (rf"\bin\s+{_AWAY}\b", _away),
    (rf"(?P<named>\b(?:{_EN})\b|{_ZH})", _named),
]
FORMS = [(re.compile(pattern, re.ASCII), reading) for pattern, reading in _FORMS]
HINT = re.compile(
    rf"\d{{4}}[-/.]\d|[月号天日晚早夜晨周年]|星期|礼拜|day\b|\b(?:{_M})\b|\bthe\s+\d|\bago\b|\bfrom\s+(?:now|today)|"
    r"\bin\s+\w+\s+(?:day|week|month|year)|tonight|yesterday|tomorrow|last night|this morning",
    re.ASCII,
)


def dates(text: str, today: date) -> Iterator[Found]:
    """Days that a message in lower case and half width names, as 2026-11-25; the first form that fits counts."""
    if not HINT.search(text):
        return
    taken: list[range] = []
    for pattern, reading in FORMS:
        for match in pattern.finditer(text):
            if any(match.start() < one.stop and one.start < match.end() for one in taken):
                continue
            found = reading(match.groupdict(), today)
            if found:
                taken.append(range(match.start(), match.end()))
                yield Found(match.start(), match.end(), found.isoformat())
