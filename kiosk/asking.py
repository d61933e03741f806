"""Asking the enrolment endpoint: JSON over HTTPS, with the standard library alone."""

from __future__ import annotations

import hashlib
import ssl
from http.client import HTTPException, HTTPSConnection
from types import TracebackType
from typing import Final, Self, TypeVar
from urllib.parse import urlsplit

import msgspec

from broker.wire.enrolment import Refusal
from broker.wire.messages import Message
from hardware.errors import ReadableError

TIMEOUT_S: Final = 15.0
"""For each step; a signature takes a busy server well below a second."""
MAX_ANSWER_BYTES: Final = 128 * 1024
DEFAULT_PORT: Final = 8443

_NOT_YET_VALID: Final = 9
_EXPIRED: Final = 10
"""OpenSSL's verify codes (x509_vfy.h)."""

AnyMessage = TypeVar("AnyMessage", bound=Message)


class AskingError(ReadableError):
    """There is no answer that can be used; the text says why, and what to do."""


class RefusedError(AskingError):
    """The server said no.

    Attributes:
        reason: a code; see :class:`broker.wire.enrolment.Refusal`.
    """

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(f"the server refuses: {refusal.detail}")
        self.reason = refusal.reason


class Asking:
    """One connection to a server; as a context manager it connects and closes.

    Args:
        url: ``https://HOST:PORT``; scheme and port may be left out.
        trust: PEM of the roots to believe; ``None`` believes nobody, and talks to anybody: then
            who answers has to prove himself otherwise.

    Attributes:
        met: SHA-256 of the certificate (DER) of whoever answers.
        where: host and port, for people.
    """

    def __init__(self, url: str, trust: str | None = None) -> None:
        host, port = _split(url)
        self.met = b""
        self.where: Final = f"{host}:{port}"
        context = _context(trust)
        self._connection = HTTPSConnection(host, port, timeout=TIMEOUT_S, context=context)

    def __enter__(self) -> Self:
        """Connect.

        Raises:
            AskingError: nobody is there, or nobody that can be believed.
        """
        try:
            self._connection.connect()
        except (OSError, UnicodeError) as error:
            self._connection.close()
            raise AskingError(self._explain(error)) from error
        shown = self._connection.sock.getpeercert(binary_form=True)
        if not isinstance(shown, bytes):
            raise AskingError(self._no_otziv())
        self.met = hashlib.sha256(shown).digest()
        return self

    def ask(self, path: str, question: Message, kind: type[AnyMessage]) -> AnyMessage:
        """Ask, and return the answer.

        Raises:
            RefusedError: the server said no.
            AskingError: there is no answer, or it is none of an Otziv server.
        """
        body, headers = msgspec.json.encode(question), {"Content-Type": "application/json"}
        try:
            self._connection.request("POST", path, body, headers)
            answer = self._connection.getresponse()
            content = answer.read(MAX_ANSWER_BYTES)
        except (OSError, HTTPException) as error:
            raise AskingError(self._explain(error)) from error
        try:
            if answer.status == 200:
                return msgspec.json.decode(content, type=kind)
            refusal = msgspec.json.decode(content, type=Refusal)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise AskingError(self._no_otziv()) from error
        raise RefusedError(refusal)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        self._connection.close()

    def _explain(self, error: Exception) -> str:
        if isinstance(error, ssl.SSLCertVerificationError):
            return self._disbelief(error)
        if isinstance(error, (ssl.SSLError, HTTPException, UnicodeError)):
            return self._no_otziv()
        why = "no answer in time" if isinstance(error, TimeoutError) else error
        return f"{self.where} can't be reached ({why}): look at the address and the network"

    def _disbelief(self, error: ssl.SSLCertVerificationError) -> str:
        if error.verify_code in (_NOT_YET_VALID, _EXPIRED):
            return (
                f"by this kiosk's clock the certificate of {self.where} does not hold "
                f"({error.verify_message}): set the clock; it comes over the network"
            )
        return (
            f"{self.where} is not the server that this kiosk belongs to ({error.verify_message}): "
            "look at the network, and enrol the kiosk anew if the server was made anew"
        )

    def _no_otziv(self) -> str:
        return (
            f"what answers at {self.where} is no enrolment endpoint of Otziv: its address is "
            "what 'otziv device enrol' shows"
        )


def _split(url: str) -> tuple[str, int]:
    """Host and port of what people type for a server."""
    wrong = AskingError(f"{url!r} is no server: give https://HOST:PORT")
    try:
        parts = urlsplit(url if "://" in url else f"https://{url}")
        host, port = parts.hostname, parts.port or DEFAULT_PORT
    except ValueError as error:
        raise wrong from error
    if parts.scheme != "https" or not host:
        raise wrong
    return host, port


def _context(trust: str | None) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if trust is None:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    else:
        context.load_verify_locations(cadata=trust)
    return context
