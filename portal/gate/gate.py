"""The gate itself: pure ASGI around the dashboard, which is an ASGI application, too.

Whoever has no pass is sent to the portal; whoever has one is looked at again at each request, and
every few seconds while a websocket is open.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from analytics.dashboard.person import Person
from broker.store.errors import StoreError
from portal.gate.admission import Admission, name_of, new_door
from portal.gate.policy import Policy
from portal.gate.requests import cookies_of, only, passed_on
from portal.gate.sockets import GuardedSocket
from portal.gate.wanted import kept, wanted_in
from portal.web.actor import Actor
from portal.web.language import FIRST, NAMES

ENTER: Final = "/enter"
RECHECK_S: Final = 10.0
"""How often it is asked whether somebody may stay."""
TRUST_S: Final = 25.0
"""How long the last answer holds while the database gives none."""

_SOCKET: Final = "/_stcore/stream"
_CORE: Final = frozenset({"/_stcore/health", "/_stcore/host-config", _SOCKET})
"""What the dashboard's browser side asks for; uploads, metrics and programs' ways in aren't."""
_PARTS: Final = ("/static/", "/media/", "/component/", "/_stcore/")
"""What is no page, so that nobody need be sent anywhere."""
_CLOSED: Final = ("/auth", "/oauth2callback", "/~", "/app/")
_DOOR_S: Final = 30 * 60
"""How long somebody may take to sign in."""

_log: Final[structlog.stdlib.BoundLogger] = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Addresses:
    """How browsers reach portal and dashboard: scheme and host, nothing behind."""

    portal: str
    dashboard: str

    @property
    def host(self) -> str:
        """Of the dashboard, with the port if it is unusual."""
        return urlsplit(self.dashboard).netloc

    @property
    def is_secure(self) -> bool:
        """Whether browsers come over TLS."""
        return self.dashboard.startswith("https:")

    @property
    def socket(self) -> str:
        """Of the dashboard's websocket."""
        return f"{'wss' if self.is_secure else 'ws'}://{self.host}"


class Gate:
    """Lets in whom the portal knows.

    Args:
        app: the dashboard.
        admission: who decides.
        addresses: of both.
        scripts: that stand in the dashboard's pages themselves.
        is_by_person: whether a websocket's message is somebody's doing.
        recheck_s: how often open websockets are looked at.
    """

    def __init__(
        self,
        app: ASGIApp,
        admission: Admission,
        addresses: Addresses,
        *,
        scripts: Iterable[str] = (),
        is_by_person: Callable[[bytes], bool] = bool,
        recheck_s: float = RECHECK_S,
    ) -> None:
        self._app = app
        self._admission = admission
        self._addresses = addresses
        self._policy = Policy(scripts, addresses.socket, is_secure=addresses.is_secure)
        self._is_by_person = is_by_person
        self._recheck_s = recheck_s
        prefix = "__Host-" if addresses.is_secure else ""
        self._pass = f"{prefix}otziv-dashboard"
        self._door = f"{prefix}otziv-door"
        self._wanted = f"{prefix}otziv-wanted"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        if scope["type"] == "websocket":
            await self._open_socket(scope, receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            own = self._refusal(scope) or await self._own_answer(scope)
            person = None if own else await self._person(scope)
        except StoreError as error:
            _log.warning("store-unavailable", error=str(error))
            own, person = _busy(), None
        if person is None:
            await (own or self._send_away(scope))(scope, receive, self._safely(send, is_own=True))
            return
        if _is_page(scope["path"]):
            await self._note_activity(scope)
        on = passed_on(scope, self._known(person))
        await self._app(on, receive, self._safely(send, is_own=False))

    def _refusal(self, scope: Scope) -> Response | None:
        """What is answered to a request that can't be right, whoever sent it."""
        if only(scope, "host") != self._addresses.host:
            return PlainTextResponse(f"This is {self._addresses.host}.\n", 421)
        if scope["method"] not in {"GET", "HEAD"}:
            return PlainTextResponse("Nothing is taken here.\n", 405, {"Allow": "GET, HEAD"})
        path: str = scope["path"]
        if ("/_stcore" in path and path not in _CORE) or path.startswith(_CLOSED):
            return PlainTextResponse("There is no such thing.\n", 404)
        return None

    async def _own_answer(self, scope: Scope) -> Response | None:
        """What the gate answers by itself: the way in."""
        if scope["path"] != ENTER:
            return None
        asked = parse_qs(scope["query_string"].decode("latin-1"))
        ticket, sealed = (asked.get(name, [""])[0] for name in ("ticket", "seal"))
        door = cookies_of(scope).get(self._door, "")
        passed = await run_in_threadpool(self._admission.admit, ticket, sealed, door)
        if passed is None:
            _log.warning("ticket-refused")
            return self._turned_away(_language(scope))
        there = wanted_in(cookies_of(scope).get(self._wanted, "")) or "/"
        answer = RedirectResponse(_with_language(there, _language(scope)), 303)
        self._give(answer, self._pass, passed, None)
        self._give(answer, self._wanted, "", 0)
        return answer

    def _send_away(self, scope: Scope) -> Response:
        """What is answered to somebody without a good pass."""
        if not _is_page(scope["path"]):
            return PlainTextResponse("Sign in at the portal first.\n", 401)
        door = cookies_of(scope).get(self._door) or new_door()
        language = _language(scope)
        prefix = "" if language == FIRST else f"/{language}"
        asked = urlencode({"door": name_of(door)})
        answer = RedirectResponse(f"{self._addresses.portal}{prefix}/dashboard?{asked}", 303)
        self._give(answer, self._door, door, _DOOR_S)
        wanted = kept(scope["path"], scope["query_string"].decode("latin-1"))
        self._give(answer, self._wanted, wanted, _DOOR_S if wanted else 0)
        return answer

    def _turned_away(self, language: str) -> Response:
        """A page of our own: from here the portal is one click away, and no circle is run."""
        prefix = "" if language == FIRST else f"/{language}"
        return HTMLResponse(
            _TURNED_AWAY[language].format(href=f"{self._addresses.portal}{prefix}/dashboard"), 403
        )

    def _give(self, answer: Response, name: str, value: str, max_age_s: int | None) -> None:
        answer.set_cookie(
            name,
            value,
            max_age=max_age_s,
            secure=self._addresses.is_secure,
            httponly=True,
            samesite="lax",
        )

    async def _open_socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        person = await self._socket_person(scope)
        if person is None:
            await receive()  # the request to connect, which is refused with 403
            await send({"type": "websocket.close", "code": 1008})
            return
        stay = _Stay(self._admission, cookies_of(scope)[self._pass])

        def when_received(message: Message) -> None:
            stay.has_acted |= self._is_by_person(message.get("bytes") or b"")

        socket = GuardedSocket(receive, send, when_received)
        on = passed_on(scope, self._known(person))
        await socket.run(self._app, on, stay.may_stay, self._recheck_s)

    async def _socket_person(self, scope: Scope) -> Actor | None:
        """Who may open this websocket, if he may: by his pass, and from a page of ours only."""
        is_ours = (
            only(scope, "host") == self._addresses.host
            and only(scope, "origin") == self._addresses.dashboard
            and scope["path"] == _SOCKET
        )
        if not is_ours:
            _log.warning("websocket-refused")
            return None
        try:
            return await self._person(scope)
        except StoreError as error:
            _log.warning("store-unavailable", error=str(error))
            return None

    async def _person(self, scope: Scope) -> Actor | None:
        passed = cookies_of(scope).get(self._pass)
        return await run_in_threadpool(self._admission.person, passed) if passed else None

    async def _note_activity(self, scope: Scope) -> None:
        await run_in_threadpool(self._admission.touch, cookies_of(scope)[self._pass])

    def _known(self, person: Actor) -> Person:
        roles, units = frozenset(person.roles), person.units
        return Person(person.name, roles, self._addresses.portal, units, person.id)

    def _safely(self, send: Send, *, is_own: bool) -> Send:
        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._policy.add_to(MutableHeaders(scope=message), is_own=is_own)
            await send(message)

        return send_safely


class _Stay:
    """Whether the bearer of a pass may stay; asked again and again."""

    def __init__(self, admission: Admission, passed: str) -> None:
        self._admission = admission
        self._passed = passed
        self._known_s = time.monotonic()
        self.has_acted = False

    async def may_stay(self) -> bool:
        """Whether he may. While the database is away, the last answer holds for a while."""
        try:
            if self.has_acted:
                self.has_acted = False
                await run_in_threadpool(self._admission.touch, self._passed)
            person = await run_in_threadpool(self._admission.person, self._passed)
        except StoreError as error:
            _log.warning("store-unavailable", error=str(error))
            return time.monotonic() - self._known_s < TRUST_S
        self._known_s = time.monotonic()
        return person is not None


def _is_page(path: str) -> bool:
    return not path.startswith(_PARTS) and "." not in path.rpartition("/")[2]


def _language(scope: Scope) -> str:
    asked = parse_qs(scope["query_string"].decode("latin-1")).get("lang", [FIRST])[0]
    return asked if asked in NAMES else FIRST


def _with_language(address: str, language: str) -> str:
    """A path and choices of the dashboard's, in the language in which somebody came back."""
    parts = urlsplit(address)
    said = [each for each in parse_qsl(parts.query) if each[0] != "lang"]
    if language != FIRST:
        said.append(("lang", language))
    return f"{parts.path}?{urlencode(said)}" if said else parts.path


def _busy() -> Response:
    return PlainTextResponse("Not available just now; try again.\n", 503, {"Retry-After": "10"})


def _page(language: str, text: str, link: str) -> str:
    return (
        f'<!DOCTYPE html><html lang="{language}"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{text}</title><main><h1>{text}</h1><p><a href="{{href}}">{link}</a></p></main>'
        "</html>\n"
    )


_TURNED_AWAY: Final = {
    "bg": _page("bg", "Този вход вече не е валиден", "Отворете таблото отново от портала"),
    "en": _page("en", "This way in is no longer good", "Open the dashboard from the portal again"),
}
