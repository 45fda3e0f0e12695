"""A customer's token: who they are on a site, signed, so that the house keeps no session for them."""

from dataclasses import dataclass
from typing import Final

import jwt

from web.errors import Refused

ALGORITHM: Final = "HS256"


@dataclass(frozen=True, slots=True)
class Pass:
    """What a token says."""

    contact: str
    site: str


@dataclass(frozen=True, slots=True)
class Identity:
    """A site's own signed-in user, as the site's server vouches for them."""

    subject: str
    name: str = ""
    email: str = ""
    phone: str = ""


def read_identity(token: str, secret: str) -> Identity:
    """What a site's server signed (HS256, with `sub` and `exp`). Raises Refused, also when the site has no secret."""
    if not secret:
        raise Refused("forbidden", "this site signs no identities", "identity")
    try:
        claims = jwt.decode(token, secret, [ALGORITHM], options={"require": ["sub", "exp"], "verify_aud": False})
    except jwt.InvalidTokenError as error:
        raise Refused("unauthenticated", f"this identity is not valid: {error}", "identity") from None
    if not claims["sub"]:  # else everybody whom the site does not know would share a conversation
        raise Refused("unauthenticated", "this identity is not valid: its subject is empty", "identity")
    told = {name: str(claims.get(name, ""))[:200] for name in ("name", "email", "phone")}
    return Identity(claims["sub"], **told)


class Tokens:
    """Signs and reads customers' tokens with the house's secret (at least 32 bytes)."""

    def __init__(self, secret: str) -> None:
        self._secret = secret

    def sign(self, visitor: Pass) -> str:
        """A token for a contact on a site."""
        return jwt.encode({"sub": visitor.contact, "site": visitor.site}, self._secret, ALGORITHM)

    def read(self, token: str) -> Pass:
        """Raises Refused when the token is not ours."""
        try:
            claims = jwt.decode(token, self._secret, [ALGORITHM], options={"require": ["sub"]})
            return Pass(claims["sub"], claims["site"])
        except (jwt.InvalidTokenError, KeyError):
            raise Refused("unauthenticated", "this token was not signed here", "token") from None
