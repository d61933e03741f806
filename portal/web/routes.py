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
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from portal.web.actor import NOBODY
from portal.web.body_limit import allow_files, check_claim
from portal.web.characters import UNSTORABLE
from portal.web.errors import Elsewhere, Stop, TooOld, forbidden, not_found
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
    takes_files: bool = False


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

    def post(
        self, path: str, rule: Rule, *, needs_token: bool = True, takes_files: bool = False
    ) -> Callable[[View], View]:
        """What a form is sent to.

        Args:
            path: below the area's prefix.
            rule: who may.
            needs_token: whether it must carry a token of a page of ours; without it nobody who is
                signed in may be recognised there, or other sites could act in his name.
            takes_files: whether files may come with it; else it is read no further than a form is
                long.
        """
        return self._add("POST", path, rule, needs_token=needs_token, takes_files=takes_files)

    def _add(
        self,
        method: str,
        path: str,
        rule: Rule,
        *,
        needs_token: bool,
        takes_files: bool = False,
    ) -> Callable[[View], View]:
        whole = self.prefix + path
        known = Guarded(self.name, method, whole, rule, needs_token, takes_files)

        def declare(view: View) -> View:
            self.routes.append(known)
            self.router.add_api_route(
                path,
                view,
                methods=["GET", "HEAD"] if method == "GET" else [method],
                dependencies=[Depends(_guard(known))],
                response_class=Response,
                response_model=None,
                name=f"{self.name}.{view.__name__}",
            )
            return view

        return declare


def _guard(route: Guarded) -> Callable[[Request], AsyncIterator[None]]:
    """What runs around the view: who is it, may he, and did a page of ours send him?"""
    rule, needs_token, is_posted = route.rule, route.needs_token, route.method == "POST"

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
        check_claim(request.scope)
        if UNSTORABLE.search(unquote(f"{page.path}?{request.url.query}")):
            raise not_found()
        if verdict == "forbidden":
            raise forbidden()
        if verdict == "sign-in":
            back = {"next": _path_of(request)} if request.method == "GET" else {}
            raise Elsewhere(page.url(SIGN_IN, **back))
        if is_posted:
            if route.takes_files:
                allow_files(request.scope)
            await _read(page, route)
        try:
            yield
        finally:
            await page.posted.close()  # its files, which lie on the disk if they are large

    return guard


async def _read(page: Page, route: Guarded) -> None:
    """Read the posted form, unless another site sent it."""
    request, portal, needs_token = page.request, page.portal, route.needs_token
    if needs_token and not is_own_origin(request, portal.settings.public_url):
        raise forbidden("This form did not come from a page of ours. Open the page anew.")
    if not needs_token and not request.headers.get("content-type", "").startswith(
        ("multipart/", "application/x-www-form-urlencoded")
    ):
        return  # the view reads it
    most_files = MAX_FILES if route.takes_files else 0
    try:
        page.posted = await request.form(max_files=most_files, max_fields=MAX_FIELDS)
    except ClientDisconnect as error:  # it hung up: nobody is there to be answered
        raise Stop(400) from error
    except HTTPException as error:
        raise _unreadable(error.detail) from error
    token = page.posted.get(TOKEN_FIELD)
    if not needs_token:
        return
    session = page.actor.session
    if not isinstance(token, str) or not is_good_token(token, portal.keys, session, portal.clock()):
        raise TooOld


def _unreadable(why: str) -> Stop:
    """A form that starlette does not take, by what it says of that."""
    if "exceeded maximum size" in why:
        return Stop(413, "One text in this form is longer than 1 MB. Go back and shorten it.")
    if why.startswith("Too many fields"):
        return Stop(413, "There is too much in this form at once. Go back and send less of it.")
    if why.startswith("Too many files"):
        return Stop(400, "No more files can come with this form. Go back and choose fewer.")
    return Stop(400, "This form arrived damaged. Open the page anew and send it again.")


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
