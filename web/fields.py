"""Shapes of input that every door shares."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import Field

Seq = Annotated[int, Field(ge=0, le=2**63 - 1)]
"""A place in the log; what the stores' 64 bits cannot hold is refused by name."""


def storable(value: Any) -> Any:
    """The value itself. Raises ValueError for characters that no store keeps, however deep they stand."""
    if _unkept(value):
        raise ValueError("a null character or half of a surrogate pair cannot be stored")
    return value


def _unkept(value: Any) -> bool:
    if isinstance(value, str):
        return "\x00" in value or any("\ud800" <= one <= "\udfff" for one in value)
    if isinstance(value, Mapping):
        return any(_unkept(part) for pair in value.items() for part in pair)
    return isinstance(value, Sequence) and not isinstance(value, bytes) and any(map(_unkept, value))
