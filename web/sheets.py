"""Tables for spreadsheets."""

import csv
from collections.abc import Iterable
from datetime import datetime
from io import StringIO
from typing import Any


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
