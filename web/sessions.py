"""Staff sessions: a signed HttpOnly cookie, and a CSRF token for whatever changes something."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from secrets import token_urlsafe
from typing import Final

import jwt
from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from web.errors import Refused

COOKIE: Final = "kefu_session"
HOURS: Final = 12
AUDIENCE: Final = "staff"
PASSWORD_LENGTH: Final = 10


@dataclass(frozen=True, slots=True)
class Session:
    """Who signed in, the token their pages send back, and the session's own id."""

    staff: str
    csrf: str
    id: str


class Sessions:
    """Signs sessions with the house's secret."""

    def __init__(self, secret: str) -> None:
        self._secret = secret

    def open(self, staff: str) -> tuple[str, Session]:
        """A cookie's value for this member of staff, good for 12 hours."""
        session = Session(staff, token_urlsafe(16), token_urlsafe(16))
        until = datetime.now(UTC) + timedelta(hours=HOURS)
        claims = {"sub": staff, "csrf": session.csrf, "jti": session.id, "aud": AUDIENCE, "exp": until}
        return jwt.encode(claims, self._secret, "HS256"), session

    def read(self, cookie: str | None) -> Session:
        """Raises Refused when there is no valid session."""
        try:
            claims = jwt.decode(
                cookie or "", self._secret, ["HS256"], audience=AUDIENCE, options={"require": ["sub", "jti", "exp"]}
            )
        except jwt.InvalidTokenError:
            raise Refused("unauthenticated", "please sign in") from None
        return Session(claims["sub"], claims["csrf"], claims["jti"])


@cache
def _nobody() -> str:
    """A hash that no password has; making it takes as long as checking one."""
    return PasswordHasher().hash(token_urlsafe(16))


class Passwords:
    """argon2id, off the event loop."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher()
        self._nobody = _nobody()

    def hash(self, password: str) -> str:
        """Raises Refused for one that is too short."""
        if len(password) < PASSWORD_LENGTH:
            raise Refused("invalid", f"at least {PASSWORD_LENGTH} characters", "password")
        return self._hasher.hash(password)

    async def match(self, known: str | None, password: str) -> bool:
        """Is this the password? An unknown login (None) takes just as long."""
        try:
            return await asyncio.to_thread(self._hasher.verify, known or self._nobody, password) and known is not None
        except VerificationError:
            return False
