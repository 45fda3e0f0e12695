"""Tables for spreadsheets."""

import csv
from collections.abc import Iterable
from datetime import datetime
from io import StringIO
from typing import Any, Literal
from zoneinfo import ZoneInfo

Language = Literal["zh", "en"]
Both = tuple[str, str]
"""A word in Chinese and in English."""


def safe(value: Any) -> Any:
    """A cell that a spreadsheet does not take for a formula (OWASP: CSV injection)."""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + value
    return value.isoformat() if isinstance(value, datetime) else value


def line(values: Iterable[Any]) -> str:
    """One line of CSV."""
    text = StringIO()
    csv.writer(text).writerow(values)
    return text.getvalue()


def head(names: Iterable[str]) -> str:
    """The first line; spreadsheets know by its beginning that the rest is UTF-8."""
    return "\ufeff" + line(names)


def worded(both: Both, language: Language) -> str:
    """The word in that language."""
    return both[language == "en"]


def local(at: datetime, zone: ZoneInfo) -> str:
    """A time as a person there reads it."""
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
