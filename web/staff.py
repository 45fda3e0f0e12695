"""The member of staff who asks, as every room's doors see them."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

from fastapi import Request


class Person(Protocol):
    """A member of staff."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def role(self) -> str: ...


Record = Callable[[str, str, str, str, Mapping[str, Any]], Awaitable[None]]
"""Writes into the house's audit: who (id, name), what was done, to what, and how it is since."""

Asks = Callable[[Request], Awaitable[Person]]
"""Who is signed in. Raises Refused."""
