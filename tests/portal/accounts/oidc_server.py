"""A virtual directory: OpenID Connect on a real socket, with knobs for what goes wrong."""

from __future__ import annotations

import base64
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT = "otziv"
SECRET = "s3cret"


@dataclass
class Directory:
    """What the server knows.

    Attributes:
        knob: what goes wrong: ``issuer``, ``audience``, ``nonce``, ``expired``, ``algorithm``,
            ``key``, ``no-token``, ``down``.
        claims: of whoever signs in next.
    """

    port: int = 0
    knob: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    other: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def issuer(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def approve(self, url: str, **claims: Any) -> dict[str, str]:  # noqa: ANN401  # JSON
        """What the browser brings back once a person signed in at ``url``."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        assert asked["client_id"] == CLIENT
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        self.claims = claims
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return {"code": code, "state": asked["state"]}

    def describe(self) -> dict[str, Any]:
        """The discovery document."""
        return {
            "issuer": "https://other.example" if self.knob == "issuer" else self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
        }

    def token(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """The token for a code; once, with the right verifier, to the right client."""
        asked = self.codes.pop(form.get("code", ""), None)
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        digest = sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if authorization != f"Basic {basic}":
            return 401, {"error": "invalid_client"}
        if asked is None or asked["code_challenge"] != challenge:
            return 400, {"error": "invalid_grant"}
        if asked["redirect_uri"] != form.get("redirect_uri"):
            return 400, {"error": "invalid_grant"}
        found = {"access_token": "x", "token_type": "Bearer"}
        return 200, found if self.knob == "no-token" else {**found, "id_token": self.sign(asked)}

    def sign(self, asked: dict[str, str]) -> str:
        """An id_token."""
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": "somebody" if self.knob == "audience" else CLIENT,
            "iat": now - 7_200 if self.knob == "expired" else now,
            "exp": now - 3_600 if self.knob == "expired" else now + 300,
            "nonce": "other" if self.knob == "nonce" else asked["nonce"],
            **self.claims,
        }
        if self.knob == "algorithm":
            plain = [{"alg": "none"}, claims]
            parts = [base64.urlsafe_b64encode(json.dumps(each).encode()) for each in plain]
            return ".".join(part.rstrip(b"=").decode() for part in parts) + "."
        key = self.other if self.knob == "key" else self.key
        return jwt.encode({"alg": "RS256", "kid": "one"}, claims, key)


@contextmanager
def running_directory() -> Iterator[Directory]:
    """A directory on a free port."""
    directory = Directory()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(directory))
    directory.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield directory
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


def _handler(directory: Directory) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if directory.knob == "down":
                self.answer(503, {})
            elif self.path == "/.well-known/openid-configuration":
                self.answer(200, directory.describe())
            elif self.path == "/keys":
                self.answer(200, {"keys": [directory.key.as_dict(private=False)]})
            else:
                self.answer(404, {})

        def do_POST(self) -> None:
            read = self.rfile.read(int(self.headers["content-length"])).decode()
            form = {name: values[0] for name, values in parse_qs(read).items()}
            self.answer(*directory.token(form, self.headers.get("authorization", "")))

        def answer(self, status: int, content: dict[str, Any]) -> None:
            body = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler
