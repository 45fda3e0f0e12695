"""The member of staff who asks, as every room's doors see them."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from fastapi import Request


class Person(Protocol):
    """A member of staff."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def role(self) -> str: ...


Asks = Callable[[Request], Awaitable[Person]]
"""Who is signed in. Raises Refused."""
