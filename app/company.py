"""The company's own file: sites, groups, office hours."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Final

import re2
from pydantic import AfterValidator, TypeAdapter, ValidationError

from channels.rules import Site
from desk.api.hall import Reason
from desk.rules.people import Group
from desk.rules.premises import Levels, Premises
from desk.rules.tickets import Book
from quality_check.service.reviews import Deadlines
from web.hours import Hours


class BadCompany(ValueError):
    """The company's file cannot be read; the message says where and why."""


def _pattern(text: str) -> str:
    try:
        re2.compile(text)
    except re2.error as error:
        raise ValueError(f"no regular expression: {error}") from error
    return text


@dataclass(frozen=True, slots=True)
class AlertLimits:
    """Seconds a customer may wait in the queue, and for a reply; 0 is for ever. `angry` words raise an alert."""

    wait_seconds: int = 120
    no_reply_seconds: int = 180
    angry: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Company:
    """What differs from one company to the next."""

    sites: dict[str, Site]
    groups: tuple[Group, ...] = ()
    hours: Hours = field(default_factory=Hours)
    alerts: AlertLimits = field(default_factory=AlertLimits)
    service_level_seconds: int = 30
    accept_seconds: int = 0
    silent_seconds: int = 0
    reasons: tuple[Reason, ...] = ()
    tickets: Book = field(default_factory=Book)
    quality: Deadlines = field(default_factory=Deadlines)
    sensitive: dict[str, tuple[str, ...]] = field(default_factory=dict)
    keywords: tuple[str, ...] = ()
    order_number: Annotated[str, AfterValidator(_pattern)] = ""

    def order_numbers(self, text: str) -> list[str]:
        """What looks like a number of an order in it."""
        return [found.group() for found in re2.finditer(self.order_number, text)] if self.order_number else []

    def premises(self) -> Premises:
        """How the desk begins; what people change afterwards is in the store."""
        limits = (self.alerts.wait_seconds, self.alerts.no_reply_seconds)
        levels = Levels(self.service_level_seconds, *limits, self.accept_seconds, self.silent_seconds)
        groups = {group.id: group for group in self.groups}
        return Premises(groups, self.hours, levels, self.tickets, keywords=self.keywords, sites=self.sites)


_COMPANY: Final = TypeAdapter(Company)


def read_company(path: Path) -> Company:
    """Raises BadCompany with the line or the field at fault."""
    try:
        return _COMPANY.validate_python(tomllib.loads(path.read_text("utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadCompany(f"{path}: {error}") from error
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        raise BadCompany(f"{path}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from error
