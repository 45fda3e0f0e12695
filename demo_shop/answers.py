"""What the shop's counter answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP status and its body."""

    status: int
    body: Mapping[str, Any]


def refusal(status: int, code: str, message: str, field: str | None = None) -> Answer:
    """An error in the house's form."""
    return Answer(status, {"error": {"code": code, "message": message, "field": field}})
