"""What the doors ask of the rest of the house."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol


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


class Offer(Protocol):
    """What a member of staff, `by`, wrote to a visitor of a site."""

    @property
    def id(self) -> str: ...
    @property
    def site(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def by(self) -> str: ...


class Visitors(Protocol):
    """Knows who is on the sites without having written."""

    async def seen(self, id: str, site: str, about: Mapping[str, Any]) -> Offer | None:
        """They are there; what they were offered by hand."""

    async def offered(self, id: str) -> Offer | None:
        """The offer by hand that has this id."""


class SiteStore(Protocol):
    """Keeps the sites as people changed them."""

    async def read(self) -> Mapping[str, Any] | None:
        """What was last written; None until then."""

    async def write(self, by: str, body: Mapping[str, Any]) -> None:
        """In the place of what there was."""


class Sealing(Protocol):
    """Hides secrets in what is kept."""

    def close(self, text: str) -> str: ...
    def open(self, sealed: str) -> str: ...
