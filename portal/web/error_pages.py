"""Error pages: what happened, and what to do; nothing of our insides."""

from __future__ import annotations

from typing import Final
from zoneinfo import ZoneInfo

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response

from broker.store.errors import StoreError
from portal.web.actor import NOBODY
from portal.web.errors import Elsewhere, Stop, TooOld
from portal.web.language import FIRST, Language
from portal.web.page import Page
from portal.web.portal import Portal

_log: Final[structlog.stdlib.BoundLogger] = structlog.get_logger(__name__)


def add_error_pages(app: FastAPI) -> None:
    """Answer every error with a page in the reader's language."""

    def stopped(request: Request, error: Exception) -> Response:
        assert isinstance(error, Stop)  # noqa: S101  # as registered below
        answer = _page(request, error.status, error.message, is_old=isinstance(error, TooOld))
        if error.retry_after_s is not None:
            answer.headers["Retry-After"] = str(error.retry_after_s)
        return answer

    def elsewhere(_request: Request, error: Exception) -> Response:
        assert isinstance(error, Elsewhere)  # noqa: S101  # as above
        return RedirectResponse(error.path, 303)

    def of_http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101  # as above
        return _page(request, error.status_code, "")

    def busy(request: Request, error: Exception) -> Response:
        _log.warning("store-unavailable", number=request.scope["request_number"], error=str(error))
        answer = _page(request, 503, "")
        answer.headers["Retry-After"] = "30"
        return answer

    def failed(request: Request, error: Exception) -> Response:
        _log.error("failed", number=request.scope.get("request_number"), exc_info=error)
        return _page(request, 500, "")

    app.add_exception_handler(Stop, stopped)
    app.add_exception_handler(Elsewhere, elsewhere)
    app.add_exception_handler(RequestValidationError, _misfit)
    app.add_exception_handler(HTTPException, of_http)
    app.add_exception_handler(StoreError, busy)
    app.add_exception_handler(Exception, failed)


def _misfit(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101  # as it is registered
    if any(each["type"] == "json_invalid" for each in error.errors()):
        return JSONResponse({"error": "not-json"}, 400)  # a program asked, and reads no pages
    return _page(request, 404, "")


def _page(request: Request, status: int, message: str, *, is_old: bool = False) -> Response:
    found = getattr(request.state, "page", None)
    if found is None:
        portal: Portal = request.app.state.portal
        language = Language(
            request.scope.get("language", FIRST), ZoneInfo(portal.settings.timezone)
        )
        found = Page(request, portal, NOBODY, language, FormData())
    number = request.scope.get("request_number", "")
    try:
        answer: Response = found.render(
            "web/error.html",
            status,
            status=status,
            message=message,
            number=number,
            anew=found.page_of_form() if is_old else "",
            is_old=is_old,
        )
    except Exception as error:  # noqa: BLE001  # an error page that fails must not hide the error
        _log.error("error-page-failed", number=number, exc_info=error)
        answer = PlainTextResponse(f"{status} ({number})\n", status)
    return answer
