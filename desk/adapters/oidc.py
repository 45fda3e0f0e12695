"""Sign-in by a company's own identity provider: OpenID Connect, authorization code with PKCE."""

import time
from collections.abc import Mapping
from secrets import token_urlsafe
from typing import Any, Final

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from desk.ports import Identity, NotIdentified

ALGORITHMS: Final = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"]
SECONDS: Final = 10.0
FRESH_SECONDS: Final = 3600.0
LEEWAY: Final = 60


class OidcProvider:
    """Found by its issuer's `/.well-known/openid-configuration`, asked for anew each hour."""

    def __init__(self, issuer: str, client_id: str, client_secret: str) -> None:
        self._issuer = issuer.rstrip("/")
        self._client_id = client_id
        self._client_secret = client_secret
        self._known: tuple[float, Mapping[str, Any], KeySet] | None = None

    def _client(self, redirect: str) -> AsyncOAuth2Client:
        return AsyncOAuth2Client(
            self._client_id,
            self._client_secret,
            scope="openid profile email",
            redirect_uri=redirect,
            code_challenge_method="S256",
            timeout=SECONDS,
        )

    async def begin(self, redirect: str) -> tuple[str, Mapping[str, str]]:
        """As IdentityProvider.begin."""
        about, _ = await self._provider()
        kept = {"nonce": token_urlsafe(24), "verifier": token_urlsafe(48)}
        async with self._client(redirect) as client:
            url, kept["state"] = client.create_authorization_url(
                about["authorization_endpoint"], nonce=kept["nonce"], code_verifier=kept["verifier"]
            )
        return url, kept

    async def finish(self, redirect: str, kept: Mapping[str, str], state: str, code: str) -> Identity:
        """As IdentityProvider.finish."""
        if state != kept["state"]:
            raise NotIdentified("the answer belongs to another sign-in")
        about, keys = await self._provider()
        try:
            async with self._client(redirect) as client:
                answer = await client.fetch_token(
                    about["token_endpoint"], code=code, code_verifier=kept["verifier"], grant_type="authorization_code"
                )
            token = jwt.decode(answer["id_token"], keys, algorithms=ALGORITHMS)
            self._check(token.claims, kept["nonce"])
        except (AuthlibBaseError, JoseError, httpx2.HTTPError, KeyError, ValueError) as error:
            self._known = None  # keys may have been exchanged
            raise NotIdentified(type(error).__name__) from error
        said = token.claims
        email = str(said.get("email", "")) if said.get("email_verified") is True else ""
        name = str(said.get("name") or said.get("preferred_username") or email or said["sub"])
        return Identity(self._issuer, str(said["sub"]), email[:200], name[:64])

    def _check(self, claims: dict[str, Any], nonce: str) -> None:
        """OpenID Connect Core 3.1.3.7. Raises JoseError."""
        jwt.JWTClaimsRegistry(
            leeway=LEEWAY,
            iss={"essential": True, "value": self._issuer},
            aud={"essential": True, "value": self._client_id},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        ).validate(claims)

    async def _provider(self) -> tuple[Mapping[str, Any], KeySet]:
        """What the provider says of itself, and its keys. Raises NotIdentified."""
        if self._known is None or time.monotonic() - self._known[0] > FRESH_SECONDS:
            try:
                async with httpx2.AsyncClient(timeout=SECONDS) as client:
                    about = await _json(client, f"{self._issuer}/.well-known/openid-configuration")
                    if about["issuer"].rstrip("/") != self._issuer:
                        raise NotIdentified("the provider calls itself by another name")
                    keys = KeySet.import_key_set(await _json(client, about["jwks_uri"]))
            except (httpx2.HTTPError, JoseError, KeyError, ValueError) as error:
                raise NotIdentified(type(error).__name__) from error
            self._known = (time.monotonic(), about, keys)
        return self._known[1], self._known[2]


async def _json(client: httpx2.AsyncClient, url: str) -> Any:
    answer = await client.get(url)
    answer.raise_for_status()
    return answer.json()
