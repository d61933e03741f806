"""Reports that were published: for everybody, as a page, as PDF, and as DOCX."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from starlette.responses import Response

from analytics.improvement.drafts import Draft
from analytics.improvement.who import NotThereError
from analytics.improvement.words import KINDS, say
from portal.improvement.area import desk_of, unit_names
from portal.improvement.report_shelf import Form, ReportShelf
from portal.web.page import Page
from portal.web.routes import Area, Here
from portal.web.rules import ANYONE

REPORTS: Final = Area("reports", "/reports")

POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
"""A report is one page with its style in it, and nothing else."""


_MEDIA: Final[Mapping[Form, str]] = {
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@REPORTS.get("", ANYONE)
def reports(page: Here) -> Response:
    """All of them, the latest first."""
    return page.render(
        "improvement/reports.html",
        reports=[_line(page, each) for each in desk_of(page).published_drafts()],
    )


@REPORTS.get("/{report}", ANYONE)
def read(page: Here, report: str) -> Response:
    """One, to be read in the browser."""
    return _send(page, report, "html")


@REPORTS.get("/{report}/pdf", ANYONE)
def pdf(page: Here, report: str) -> Response:
    """One as PDF."""
    return _send(page, report, "pdf")


@REPORTS.get("/{report}/docx", ANYONE)
def docx(page: Here, report: str) -> Response:
    """One for a word processor."""
    return _send(page, report, "docx")


def _line(page: Page, draft: Draft) -> tuple[str, str, str, Draft]:
    unit = unit_names(page).get(draft.unit, draft.unit)
    days = f"{draft.from_on:%d.%m.%Y} – {draft.to_on:%d.%m.%Y}"
    return say(KINDS[draft.kind], page.language.code), unit, days, draft


def _send(page: Page, report: str, form: Form) -> Response:
    """A file; right after it was published it may take a minute until there is one."""
    _need_published(page, report)
    content = ReportShelf.of(page.portal.settings).get(report, form)
    if content is None:
        return page.render("improvement/report_soon.html", 503)
    name = "" if form == "html" else f"otziv-{report}.{form}"
    answer = page.send(content, _MEDIA[form], name)
    if form == "html":
        answer.headers["Content-Security-Policy"] = POLICY
    return answer


def _need_published(page: Page, report: str) -> None:
    try:
        desk_of(page).published_content(report)
    except NotThereError:
        page.need(None)
