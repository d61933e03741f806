"""The endpoint where kiosks enrol and rotate: HTTPS on a port of its own, JSON in and out.

A thread of its own serves it; each request's work is done in a worker thread. The kiosk does not
believe our certificate because of its names: during enrolment both sides confirm that they saw the
same one, and later the kiosk knows our root.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from pathlib import Path
from threading import Thread
from typing import Any, Final, TypeAlias, TypeVar

import msgspec
import structlog
import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from broker.fleet.allowance import Allowance
from broker.fleet.attempts import record_attempt
from broker.fleet.authority import Authority
from broker.fleet.enrolments import Directions, Enrolling
from broker.fleet.errors import FleetError
from broker.fleet.patience import HEAD_S, MOST_CONNECTIONS, Porch, patient_protocol
from broker.fleet.refused import RefusedError
from broker.fleet.rotations import rotate
from broker.store.database import Database
from broker.store.errors import StoreError
from broker.wire.enrolment import (
    OPEN_PATH,
    PROVE_PATH,
    ROTATE_PATH,
    Credentials,
    Opened,
    Opening,
    Proof,
    Rotation,
)
from broker.wire.messages import Message

MAX_BODY_BYTES: Final = 64 * 1024
PER_MINUTE: Final = 300
"""Requests of one address that are answered: a hundred kiosks behind one router need fewer."""
_BODY_S: Final = 10.0
_STOP_S: Final = 10.0

Handler: TypeAlias = Callable[[bytes, Mapping[str, str]], tuple[int, dict[str, Any]]]
"""Answers a POST: its body and headers in, a status and what is said as JSON out. It runs in a
worker thread."""
Answering: TypeAlias = Callable[[bytes, str, Mapping[str, str]], tuple[int, bytes]]
M = TypeVar("M", bound=Message)

_log: Final[structlog.stdlib.BoundLogger] = structlog.get_logger(__name__)


class Endpoint:
    """The enrolment endpoint.

    Args:
        database: codes, certificates, attempts.
        authority: signs.
        identity: PEM with our key and the chain of our certificate.
        listen: the address to wait on.
        port: likewise; 0 picks a free one.
        mqtt_host, mqtt_port: where kiosks find the broker.
        fleet_url: where they find us.
        routes: more paths, and who answers there.
        per_minute: requests of one address that are answered.
        most_connections: of one address at the same time.
        head_s: how long we wait for the head of a connection's next request.
        clock: tells the time.

    Attributes:
        port: that we listen on, from :meth:`start` on.
    """

    def __init__(  # noqa: PLR0913  # all of it is where and who; nothing has a default to hide
        self,
        database: Database,
        authority: Authority,
        identity: Path,
        *,
        listen: str,
        port: int,
        mqtt_host: str,
        mqtt_port: int,
        fleet_url: str,
        routes: Sequence[tuple[str, Handler]] = (),
        per_minute: int = PER_MINUTE,
        most_connections: int = MOST_CONNECTIONS,
        head_s: float = HEAD_S,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.port = port
        self._database: Final = database
        self._authority: Final = authority
        self._identity: Final = identity
        self._listen: Final = listen
        self._directions: Final = Directions(mqtt_host, mqtt_port, fleet_url)
        self._enrolling: Final = Enrolling(database, authority, self._directions)
        self._allowance: Final = Allowance(per_minute)
        self._clock: Final = clock
        self._context: Final = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.minimum_version = ssl.TLSVersion.TLSv1_2
        self._met: tuple[bytes, ...] = ()
        protocol = patient_protocol(most_connections, head_s)
        self._server: Final = uvicorn.Server(self._configure(routes, protocol))
        self._thread: Final = Thread(target=self._run, name="endpoint", daemon=True)
        self._socket: socket.socket | None = None

    def start(self) -> None:
        """Listen; from the return on, who connects is answered.

        Raises:
            FleetError: the port is taken, or the identity can't be used.
        """
        self.renew()
        family = socket.AF_INET6 if ":" in self._listen else socket.AF_INET
        try:
            self._socket = Porch(socket.create_server((self._listen, self.port), family=family))
        except OSError as error:
            raise FleetError(
                f"enrolment can't listen on {self._listen}, port {self.port}: "
                f"{error.strerror or error}; end who does, or set another fleet_port"
            ) from error
        self.port = self._socket.getsockname()[1]
        self._thread.start()

    @property
    def is_running(self) -> bool:
        """Whether anybody is answered."""
        return self._thread.is_alive()

    def renew(self) -> None:
        """Read our identity again; connections from now on meet the new certificate.

        Raises:
            FleetError: it can't be used; we go on with what we had.
        """
        try:
            certificate = ssl.PEM_cert_to_DER_cert(_first_certificate(self._identity))
            self._context.load_cert_chain(self._identity)
        except (OSError, ValueError) as error:
            raise FleetError(f"the identity {self._identity} can't be used: {error}") from error
        met = sha256(certificate).digest()
        # A kiosk may have met the one before, a moment ago.
        self._met = (met, *(each for each in self._met[:1] if each != met))

    def stop(self) -> None:
        """Answer nobody any more."""
        self._server.should_exit = True
        if self._thread.is_alive():
            self._thread.join(_STOP_S)

    def _run(self) -> None:
        self._server.run(sockets=[] if self._socket is None else [self._socket])

    def _configure(
        self, routes: Sequence[tuple[str, Handler]], protocol: type[asyncio.Protocol]
    ) -> uvicorn.Config:
        answering: dict[str, Answering] = {
            OPEN_PATH: self._open,
            PROVE_PATH: self._prove,
            ROTATE_PATH: self._rotate,
            **{path: partial(_ask, handler) for path, handler in routes},
        }
        application = Starlette(
            routes=[
                Route(path, partial(self._serve, answer), methods=["POST"])
                for path, answer in answering.items()
            ],
            exception_handlers={HTTPException: _say_no, Exception: _apologise},
        )
        return uvicorn.Config(
            application,
            http=protocol,
            ws="none",
            loop="asyncio",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            limit_concurrency=200,
            timeout_graceful_shutdown=1,
            ssl_context_factory=lambda *_: self._context,
        )

    async def _serve(self, answer: Answering, request: Request) -> Response:
        """Any request: its body within limits, the work in a worker thread, never a traceback."""
        address = request.client.host if request.client else ""
        try:
            await self._check_allowance(address)
            body = await _read(request)
            status, said = await run_in_threadpool(answer, body, address, request.headers)
        except RefusedError as error:
            status, said = error.status, msgspec.json.encode(error.refusal)
        except (StoreError, FleetError) as error:
            _log.error("enrolment can't work", error=str(error))
            busy = RefusedError("busy", "the server can't do this now; try again later")
            status, said = busy.status, msgspec.json.encode(busy.refusal)
        return _json(status, said)

    async def _check_allowance(self, address: str) -> None:
        excess = self._allowance.excess(address, time.monotonic())
        if excess == 1:  # once a minute, so that the many don't become many rows
            await run_in_threadpool(self._note_excess, address)
        if excess:
            raise RefusedError("busy", "too many requests from this address: wait a minute")

    def _note_excess(self, address: str) -> None:
        with self._database.transaction() as connection:
            record_attempt(connection, self._clock(), address, "too-many")

    def _open(self, body: bytes, address: str, _headers: Mapping[str, str]) -> tuple[int, bytes]:
        said: Opened = self._enrolling.open(_decode(body, Opening), address, self._clock())
        return 200, msgspec.json.encode(said)

    def _prove(self, body: bytes, address: str, _headers: Mapping[str, str]) -> tuple[int, bytes]:
        proof = _decode(body, Proof)
        said: Credentials = self._enrolling.prove(proof, self._met, address, self._clock())
        return 200, msgspec.json.encode(said)

    def _rotate(self, body: bytes, address: str, _headers: Mapping[str, str]) -> tuple[int, bytes]:
        rotation = _decode(body, Rotation)
        said = rotate(
            self._database, self._authority, self._directions, rotation, address, self._clock()
        )
        return 200, msgspec.json.encode(said)


def _ask(
    handler: Handler, body: bytes, _address: str, headers: Mapping[str, str]
) -> tuple[int, bytes]:
    status, said = handler(body, headers)
    return status, msgspec.json.encode(said)


def _decode(body: bytes, kind: type[M]) -> M:
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise RefusedError("not-valid", f"this is no {kind.__name__}: {error}") from error


async def _read(request: Request) -> bytes:
    """The body, if it is small and comes soon."""
    body = bytearray()
    try:
        async with asyncio.timeout(_BODY_S):
            async for chunk in request.stream():
                body += chunk
                if len(body) > MAX_BODY_BYTES:
                    raise RefusedError("too-large", f"more than {MAX_BODY_BYTES} bytes")
    except (TimeoutError, ClientDisconnect) as error:
        raise RefusedError("not-valid", "the request did not come to its end") from error
    return bytes(body)


async def _say_no(_request: Request, error: Exception) -> Response:
    """An unknown path, or another method than POST."""
    is_method = isinstance(error, HTTPException) and error.status_code == 405
    refused = (
        RefusedError("wrong-method", "only POST is answered here")
        if is_method
        else RefusedError("not-found", "there is nothing at this path")
    )
    return _json(refused.status, msgspec.json.encode(refused.refusal))


async def _apologise(_request: Request, _error: Exception) -> Response:
    """A fault of ours, which the server logs: the one who asked is told nothing of it."""
    refused = RefusedError("busy", "something went wrong at the server, which has noted it")
    return _json(500, msgspec.json.encode(refused.refusal))


def _json(status: int, said: bytes) -> Response:
    headers = {"Cache-Control": "no-store"}
    return Response(said, status, headers, media_type="application/json")


def _first_certificate(path: Path) -> str:
    """The first certificate of a PEM file that begins with a key."""
    text = path.read_text(encoding="ascii")
    begin, end = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"
    if begin not in text:
        raise ValueError("it has no certificate")
    return text[text.index(begin) : text.index(end) + len(end)] + "\n"
