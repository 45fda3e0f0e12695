"""What the doors ask of the rest of the house."""

from datetime import datetime
from typing import Protocol


class Absence(Protocol):
    """Nobody is at the desk; `opens_at` is when office hours begin again, None while they last."""

    @property
    def opens_at(self) -> datetime | None: ...


class Staffing(Protocol):
    """Knows whether anybody is there, and who waits how long."""

    async def absence(self) -> Absence | None:
        """None while somebody is at the desk."""

    async def place(self, conversation: str) -> tuple[int, float | None] | None:
        """The place in the queue and the seconds to wait (None: not known); None when it does not wait."""


class Blocks(Protocol):
    """Knows whom staff have blocked."""

    async def blocked(self, contact: str) -> bool:
        """May this contact not write just now?"""
