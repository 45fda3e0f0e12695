"""A small identity provider on this machine: OpenID Connect with PKCE, one person who always agrees."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, HTTPServer
from secrets import token_urlsafe
from threading import Thread
from time import time
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "kefu", "the client's secret"


@dataclass
class Provider:
    """What it says of the person is `claims`; `forge` changes a token's claims before they are signed."""

    issuer: str = ""
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "k1", "use": "sig"}))
    claims: dict[str, Any] = field(default_factory=dict)
    forge: dict[str, Any] = field(default_factory=dict)
    signs_with: RSAKey | None = None
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def token(self, asked: dict[str, str]) -> dict[str, Any]:
        """What the token endpoint answers, or {} when the code or the verifier is wrong."""
        known = self.codes.pop(asked.get("code", ""), None)
        proof = urlsafe_b64encode(sha256(asked.get("code_verifier", "").encode()).digest()).rstrip(b"=").decode()
        if known is None or known["code_challenge"] != proof or known["redirect_uri"] != asked["redirect_uri"]:
            return {}
        now = int(time())
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 60, "nonce": known["nonce"]}
        signer = self.signs_with or self.key
        signed = jwt.encode({"alg": "RS256", "kid": "k1"}, {**claims, **self.claims, **self.forge}, signer)
        return {"access_token": "a", "token_type": "Bearer", "id_token": signed}


@contextmanager
def provider() -> Iterator[Provider]:
    """It, listening."""
    known = Provider()

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path, query = urlsplit(self.path).path, parse_qs(urlsplit(self.path).query)
            asked = {name: some[0] for name, some in query.items()}
            if path == "/authorize":
                code = token_urlsafe(8)
                known.codes[code] = asked
                self.send_response(302)
                back = urlencode({"state": asked["state"], "code": code})
                self.send_header("Location", f"{asked['redirect_uri']}?{back}")
                self.end_headers()
            elif path == "/keys":
                self._json({"keys": [known.key.as_dict(private=False)]})
            else:
                ends = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
                self._json({"issuer": known.issuer} | {name: f"{known.issuer}/{end}" for name, end in ends.items()})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            answer = known.token({name: some[0] for name, some in parse_qs(body).items()})
            self._json(answer or {"error": "invalid_grant"}, 200 if answer else 400)

        def _json(self, told: dict[str, Any], status: int = 200) -> None:
            body = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Answer)
    known.issuer = f"http://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield known
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
