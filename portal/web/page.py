"""What a view is given: who asks, in which language, what was posted, and how to answer."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final, TypeVar
from urllib.parse import quote, unquote, urlencode, urlsplit

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Match

from portal.web.actor import Actor
from portal.web.errors import not_found
from portal.web.form_token import new_token
from portal.web.forms import TOKEN_FIELD, Filled, Form, fill
from portal.web.language import Language
from portal.web.limits import Limits
from portal.web.portal import Portal
from portal.web.rendering import render

M = TypeVar("M", bound=Form)

LIMIT_OF_PATH = 2_000
"""Longer addresses are refused by some browsers and proxies."""

_SECRET: Final = "password"  # noqa: S105  # a word in names of fields
"""Fields with this in their names are typed anew: what is in them stands in no page."""


class Page:
    """One request, and the ways to answer it.

    Attributes:
        path: without the prefix of the language.
        posted: the form; empty unless something was posted.
        was_filled: whether the form was read by :meth:`fill`.
    """

    SWITCH: Final = "switch-language"
    """The field of a form that is shown again in another language, and otherwise as it was."""

    def __init__(
        self, request: Request, portal: Portal, actor: Actor, language: Language, posted: FormData
    ) -> None:
        self.request = request
        self.portal = portal
        self.actor = actor
        self.language = language
        self.posted = posted
        self.path: str = request.scope["path"]
        self.was_filled = False

    @property
    def text(self) -> Any:  # noqa: ANN401  # the bound method, with all of its arguments
        """``page.text("Message", name=…)``: a message in the reader's language."""
        return self.language.text

    @property
    def visitor(self) -> str:
        """Stands for the visitor's address today, for limits only."""
        client = self.request.client
        address = client.host if client is not None else ""
        today = self.portal.clock().astimezone(self.language.zone).date()
        return self.portal.part(Limits).visitor(address, today)

    def url(self, path: str, **query: object) -> str:
        """The address of a page of ours in this language: ``/surveys/x?day=…``."""
        given = {name: value for name, value in query.items() if value is not None and value != ""}
        asked = f"?{urlencode(given, doseq=True)}" if given else ""
        return f"{self.language.prefix}{quote(path, safe='/%:@!$&()*+,;=~-._#')}{asked}"

    def absolute(self, path: str, **query: object) -> str:
        """The same with scheme and host, for mails, posters and codes."""
        return f"{self.portal.settings.public_url}{self.url(path, **query)}"

    def in_language(self, code: str) -> str:
        """The address of this very page in the language ``code``.

        A page that only takes forms can't be opened by a link: there it is the one it came from.
        """
        other = Language(code, self.language.zone)
        if self.request.method == "POST" and not (
            self.was_filled or self._can_be_opened(self.path)
        ):
            return other.prefix + (quote(self._came_from()) or "/")
        asked = [pair for pair in self.request.query_params.multi_items() if pair[0] != "said"]
        # One slash at the front: two would name a host.
        path = quote("/" + self.path.lstrip("/"))
        return f"{other.prefix}{path}" + (f"?{urlencode(asked)}" if asked else "")

    def _can_be_opened(self, path: str) -> bool:
        scope = {**self.request.scope, "method": "GET", "path": path}
        routes = self.request.app.router.routes
        return any(route.matches(scope)[0] is Match.FULL for route in routes)

    def _came_from(self) -> str:
        """The path of our own page whose form this is, without the language; empty: unknown."""
        parts = urlsplit(self.request.headers.get("referer", ""))
        if f"{parts.scheme}://{parts.netloc}" != self.portal.settings.public_url:
            return ""
        path = parts.path.removeprefix(self.language.prefix) or "/"
        path = "/" + unquote(path).lstrip("/")  # two slashes at the front would name a host
        return path if self._can_be_opened(path) else ""

    def page_of_form(self) -> str:
        """The path of the page with the form that was posted; empty: nobody knows."""
        return self.path if self._can_be_opened(self.path) else self._came_from()

    def typed(self) -> list[tuple[str, str]]:
        """What was typed into the form that was posted, for another page to show; no secrets."""
        return [
            (name, value)
            for name, value in self.posted.multi_items()
            if isinstance(value, str)
            and name not in {TOKEN_FIELD, self.SWITCH}
            and _SECRET not in name
        ]

    def form_token(self) -> str:
        """A token for the forms of this page."""
        return new_token(self.portal.keys, self.actor.session, self.portal.clock())

    @property
    def form_id(self) -> str:
        """Of the form that was posted: sent twice, it is the same, since its token is unique."""
        token = self.posted.get(TOKEN_FIELD, "")
        return sha256(f"form {token}".encode()).hexdigest()[:32]

    def fill(self, model: type[M]) -> Filled[M]:
        """Read the posted form against ``model``.

        Who changed the language gets the form again, with what was typed: nothing is done by it.
        """
        self.was_filled = True
        filled = fill(model, self.posted, self.language)
        if self.SWITCH in self.posted:
            filled.model = None
        return filled

    def render(self, template: str, code: int = 200, **context: object) -> Response:
        """A page from ``AREA/NAME.html``; ``code`` is HTTP's status."""
        given: Mapping[str, object] = {
            **{key: value for giver in GIVERS for key, value in giver(self).items()},
            **context,
        }
        return HTMLResponse(render(template, self, given), code)

    def show_again(self, template: str, form: Filled[Any], **context: object) -> Response:
        """The page of a form with what is wrong in it (422)."""
        return self.render(template, 422, form=form, **context)

    def redirect(self, path: str, *, say: str = "", **query: object) -> Response:
        """Go on at another page of ours after something was done (303).

        Args:
            path: without the language.
            query: what stands behind the question mark.
            say: code of a message of :data:`portal.web.notices.NOTICES`, shown once above it.
        """
        return RedirectResponse(self.url(path, **query, said=say), 303)

    def send(self, content: bytes, media_type: str, filename: str = "") -> Response:
        """A file; with ``filename`` it is stored instead of shown."""
        headers = {}
        if filename:
            headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(filename)}"
        return Response(content, media_type=media_type, headers=headers)

    def need(self, found: M | Any) -> Any:  # noqa: ANN401  # whatever it is
        """``found``, unless it is ``None``.

        Raises:
            Stop: (404) it is.
        """
        if found is None:
            raise not_found()
        return found


GIVERS: list[Any] = []
"""What areas give to every page: functions from :class:`Page` to names with values."""
