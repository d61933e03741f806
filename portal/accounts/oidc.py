"""OpenID Connect: a directory of the town hall (Keycloak, Entra ID, Authentik …), or a bridge.

The code flow with PKCE (RFC 7636), state and nonce. What the directory says of itself is read anew
at each sign-in: a few a day, and keys that were changed are known at once.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
from authlib.common.errors import AuthlibBaseError  # type: ignore[import-untyped]
from authlib.integrations.httpx_client import OAuth2Client  # type: ignore[import-untyped]
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from portal.accounts.providers import Assertion, Begun, ProviderError, UnreachableError
from portal.web.actor import Kind

TIMEOUT_S: Final = 10.0
SCOPE: Final = "openid profile email"
_ALGORITHMS: Final = ["RS256", "PS256", "ES256", "EdDSA"]
_SECOND_FACTORS: Final = frozenset({"mfa", "otp", "hwk", "swk", "sms", "fpt"})
"""Of RFC 8176: what ``amr`` says of more than a password."""
_LEEWAY_S: Final = 60


@dataclass(frozen=True, slots=True)
class OpenIdConnect:
    """A directory.

    Attributes:
        issuer: its address, to which ``/.well-known/openid-configuration`` is added.
        login_claim: what names a person until the first sign-in.
        identifier_claim: where the personal identifier is, as ``PNOBG-…``; for citizens.
        acr: what the directory calls the levels of assurance (``acr`` of OpenID Connect Core, 2)
            that are enough for citizens; all of them at least substantial.
    """

    code: str
    name: str
    kind: Kind
    issuer: str
    client_id: str
    client_secret: str
    login_claim: str = "preferred_username"
    identifier_claim: str = ""
    acr: tuple[str, ...] = ()

    def begin(self, state: str, back: str) -> Begun:
        """To the directory's sign-in page."""
        nonce, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
        about = self._about()
        with self._client(back) as client:
            url, _ = client.create_authorization_url(
                about["authorization_endpoint"],
                state=state,
                nonce=nonce,
                code_verifier=verifier,
                **({"acr_values": " ".join(self.acr)} if self.acr else {}),
            )
        return Begun(str(url), {"nonce": nonce, "verifier": verifier})

    def finish(self, kept: Mapping[str, str], answer: Mapping[str, str], back: str) -> Assertion:
        """Fetch the token that the code stands for, and judge it."""
        if answer.get("error") or not answer.get("code"):
            raise ProviderError(f"the directory says {answer.get('error', 'nothing')!r:.80}")
        about = self._about()
        if answer.get("iss", self.issuer) != self.issuer:
            raise ProviderError("the answer is of another directory (RFC 9207)")
        token = self._token(about, answer["code"], kept.get("verifier", ""), back)
        claims = self._claims(about, token, kept.get("nonce", ""))
        return self._assertion(claims)

    def _about(self) -> dict[str, Any]:
        """What the directory says of itself."""
        found = self._read(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
        needed = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        if found.get("issuer") != self.issuer or not all(found.get(name) for name in needed):
            raise ProviderError(f"{self.issuer} describes itself as {found.get('issuer')!r:.80}")
        for name in needed:
            check_address(str(found[name]))
        return found

    def _read(self, url: str) -> dict[str, Any]:
        try:
            answer = httpx.get(url, timeout=TIMEOUT_S, follow_redirects=False)
            answer.raise_for_status()
            found = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise UnreachableError(f"{url}: {error}") from error
        if not isinstance(found, dict):
            raise UnreachableError(f"{url}: this is no description of a directory")
        return found

    def _token(self, about: Mapping[str, Any], code: str, verifier: str, back: str) -> str:
        try:
            with self._client(back) as client:
                found = client.fetch_token(
                    about["token_endpoint"], code=code, code_verifier=verifier
                )
        except httpx.HTTPError as error:
            raise UnreachableError(f"{about['token_endpoint']}: {error}") from error
        except (AuthlibBaseError, ValueError) as error:
            raise ProviderError(f"no token for the code: {error}") from error
        token = found.get("id_token")
        if not isinstance(token, str):
            raise ProviderError("the directory gave no id_token")
        return token

    def _claims(self, about: Mapping[str, Any], token: str, nonce: str) -> dict[str, Any]:
        """What a token says, once it is sure who says it, to whom, when, and in answer to what."""
        try:
            keys = KeySet.import_key_set(self._read(str(about["jwks_uri"])))  # type: ignore[arg-type]  # as it was read
            claims = jwt.decode(token, keys, algorithms=_ALGORITHMS).claims
            jwt.JWTClaimsRegistry(
                leeway=_LEEWAY_S,
                iss={"essential": True, "value": self.issuer},
                aud={"essential": True, "value": self.client_id},
                sub={"essential": True},
                exp={"essential": True},
                iat={"essential": True},
                nonce={"essential": True, "value": nonce},
            ).validate(claims)
        except (JoseError, ValueError, KeyError) as error:
            raise ProviderError(f"the token can't be trusted: {error}") from error
        if claims.get("azp", self.client_id) != self.client_id:
            raise ProviderError("the token was given to another program")
        return claims

    def _assertion(self, claims: Mapping[str, Any]) -> Assertion:
        said = claims.get(self.identifier_claim, "") if self.identifier_claim else ""
        is_sure = claims.get("acr") in self.acr
        if self.kind == "citizen" and not is_sure:
            raise ProviderError(f"the level of assurance is not enough: {claims.get('acr')!r:.80}")
        factors = claims.get("amr")
        return Assertion(
            self.code,
            str(claims["sub"]),
            str(claims.get(self.login_claim, "")),
            str(claims.get("name", "")),
            identifier_of(str(said)),
            "substantial" if is_sure else "low",
            has_second_factor=isinstance(factors, list)
            and not _SECOND_FACTORS.isdisjoint(map(str, factors)),
        )

    def _client(self, back: str) -> OAuth2Client:
        return OAuth2Client(
            self.client_id,
            self.client_secret,
            scope=SCOPE,
            redirect_uri=back,
            code_challenge_method="S256",
            timeout=TIMEOUT_S,
            follow_redirects=False,
        )


def identifier_of(said: str) -> tuple[str, str] | None:
    """``PNOBG-…`` (ETSI EN 319 412-1) or ten digits as kind and value of an identifier."""
    digits = said.strip().removeprefix("PNOBG-")
    if len(digits) == 10 and digits.isascii() and digits.isdigit():
        return "egn", digits
    if said.startswith(("PI:BG-", "PNRBG-")):
        return "lnch", said.rpartition("-")[2]
    return None


def check_address(url: str) -> None:
    """See that an address is one of TLS; without it only this machine may answer.

    Raises:
        ProviderError: it is not.
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError as error:
        raise ProviderError(f"{url!r} is no address") from error
    is_here = parts.scheme == "http" and host in {"127.0.0.1", "::1", "localhost"}
    if not host or (parts.scheme != "https" and not is_here):
        raise ProviderError(f"{url!r} must begin with https://")
