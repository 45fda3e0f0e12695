"""What a browser carries for the house through a few minutes: signed, so that it cannot be changed."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

import jwt

from web.errors import Refused

AUDIENCE: Final = "slip"


class Slips:
    """Signs with the house's secret; `use` keeps slips for one purpose from being shown for another."""

    def __init__(self, secret: str, use: str, seconds: int) -> None:
        self._secret = secret
        self._audience = f"{AUDIENCE}:{use}"
        self.seconds = seconds

    def sign(self, told: Mapping[str, str]) -> str:
        """Good for `seconds`."""
        until = datetime.now(UTC) + timedelta(seconds=self.seconds)
        return jwt.encode({**told, "aud": self._audience, "exp": until}, self._secret, "HS256")

    def read(self, slip: str | None) -> Mapping[str, str]:
        """Raises Refused when there is none, it is too old, or it was not signed here."""
        try:
            return jwt.decode(
                slip or "", self._secret, ["HS256"], audience=self._audience, options={"require": ["exp"]}
            )
        except jwt.InvalidTokenError:
            raise Refused("unauthenticated", "this took too long or began elsewhere; please start again") from None
