"""What the doors ask of the rest of the house."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol


class Absence(Protocol):
    """Nobody is there for them; `opens_at` is when office hours begin again, None while they last. `crowded`: somebody
    is, but too many wait."""

    @property
    def opens_at(self) -> datetime | None: ...
    @property
    def crowded(self) -> bool: ...


class Place(Protocol):
    """Where somebody waits: the position from 1, seconds to wait (None: not known), and whether nobody is there."""

    @property
    def position(self) -> int: ...
    @property
    def wait_seconds(self) -> float | None: ...
    @property
    def absence(self) -> Absence | None: ...


class Staffing(Protocol):
    """Knows who waits how long, and whether anybody is there for them."""

    async def place(self, conversation: str) -> Place | None:
        """None when it does not wait."""


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
