"""Routes: each has a rule, and posting one is safe from other sites, or the portal won't start.

    area = Area("surveys", "/surveys")

    @area.get("/{code}", ANYONE)
    def show(page: Here, code: str) -> Response: ...

    @area.post("/{code}", ANYONE)
    def take(page: Here, code: str) -> Response: ...

Views are plain functions and run in threads. Path and query are read by their annotations; what
does not fit is a page that isn't there.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeAlias
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from portal.web.actor import NOBODY
from portal.web.characters import UNSTORABLE
from portal.web.errors import Elsewhere, Stop, forbidden, not_found
from portal.web.form_token import is_good_token, is_own_origin
from portal.web.forms import TOKEN_FIELD
from portal.web.language import FIRST, Language
from portal.web.page import Page
from portal.web.portal import Portal
from portal.web.rules import Rule

SIGN_IN: Final = "/sign-in"
MAX_FIELDS: Final = 2_000
MAX_FILES: Final = 10

View: TypeAlias = Callable[..., Response]


@dataclass(frozen=True, slots=True)
class Guarded:
    """What is known of a route besides its path: what the access matrix is made of."""

    area: str
    method: str
    path: str
    rule: Rule
    needs_token: bool


class Area:
    """The routes of one area under ``prefix``.

    Attributes:
        router: for :mod:`portal.app`.
        routes: all that were declared.
    """

    def __init__(self, name: str, prefix: str = "") -> None:
        self.name = name
        self.prefix = prefix
        self.router = APIRouter(prefix=prefix)
        self.routes: list[Guarded] = []

    def get(self, path: str, rule: Rule) -> Callable[[View], View]:
        """A page that shows something, and changes nothing."""
        return self._add("GET", path, rule, needs_token=False)

    def post(self, path: str, rule: Rule, *, needs_token: bool = True) -> Callable[[View], View]:
        """What a form is sent to.

        Args:
            path: below the area's prefix.
            rule: who may.
            needs_token: whether it must carry a token of a page of ours; without it nobody who is
                signed in may be recognised there, or other sites could act in his name.
        """
        return self._add("POST", path, rule, needs_token=needs_token)

    def _add(
        self, method: str, path: str, rule: Rule, *, needs_token: bool
    ) -> Callable[[View], View]:
        guard = _guard(rule, is_posted=method == "POST", needs_token=needs_token)

        def declare(view: View) -> View:
            self.routes.append(Guarded(self.name, method, self.prefix + path, rule, needs_token))
            self.router.add_api_route(
                path,
                view,
                methods=["GET", "HEAD"] if method == "GET" else [method],
                dependencies=[Depends(guard)],
                response_class=Response,
                response_model=None,
                name=f"{self.name}.{view.__name__}",
            )
            return view

        return declare


def _guard(
    rule: Rule, *, is_posted: bool, needs_token: bool
) -> Callable[[Request], AsyncIterator[None]]:
    """What runs around the view: who is it, may he, and did a page of ours send him?"""

    async def guard(request: Request) -> AsyncIterator[None]:
        portal: Portal = request.app.state.portal
        actor = NOBODY  # who can't be asked for a token can't be asked in somebody's name
        if (needs_token or not is_posted) and request.cookies:
            actor = await run_in_threadpool(portal.doorkeeper.recognise, request)
        code = request.scope.get("language", FIRST)
        language = Language(code, ZoneInfo(portal.settings.timezone))
        verdict = rule.judge(actor)
        page = Page(request, portal, actor, language, FormData())
        request.state.page = page
        request.state.is_personal = rule.is_personal or actor.kind != "anonymous"
        if UNSTORABLE.search(unquote(f"{page.path}?{request.url.query}")):
            raise not_found()
        if verdict == "forbidden":
            raise forbidden()
        if verdict == "sign-in":
            back = {"next": _path_of(request)} if request.method == "GET" else {}
            raise Elsewhere(page.url(SIGN_IN, **back))
        if is_posted:
            await _read(page, needs_token=needs_token)
        try:
            yield
        finally:
            await page.posted.close()  # its files, which lie on the disk if they are large

    return guard


async def _read(page: Page, *, needs_token: bool) -> None:
    """Read the posted form, unless another site sent it."""
    request, portal = page.request, page.portal
    if needs_token and not is_own_origin(request, portal.settings.public_url):
        raise forbidden("This form did not come from a page of ours. Open the page anew.")
    if not needs_token and not request.headers.get("content-type", "").startswith(
        ("multipart/", "application/x-www-form-urlencoded")
    ):
        return  # the view reads it
    page.posted = await request.form(max_files=MAX_FILES, max_fields=MAX_FIELDS)
    token = page.posted.get(TOKEN_FIELD)
    if not needs_token:
        return
    session = page.actor.session
    if not isinstance(token, str) or not is_good_token(token, portal.keys, session, portal.clock()):
        raise Stop(403, "This form is too old. Open the page anew and fill it in again.")


def _path_of(request: Request) -> str:
    asked = request.url.query
    path: str = request.scope["path"]
    return f"{path}?{asked}" if asked else path


async def _here(request: Request) -> Any:  # noqa: ANN401  # Page, which pydantic need not look into
    return request.state.page


if TYPE_CHECKING:
    Here: TypeAlias = Page
else:
    Here = Annotated[Any, Depends(_here)]
"""The type of a view's first argument: the :class:`portal.web.page.Page` of this request."""
