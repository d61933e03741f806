"""What was answered to a survey, and surveys as files."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from starlette.responses import Response

from broker.fleet.errors import FleetError
from broker.fleet.surveys import FollowUp, Question, find_newest, show_survey
from portal.surveys.asking import cut
from portal.surveys.build_area import (
    AREA,
    READERS,
    check_published,
    kept_draft,
    points_of,
    shown_page,
)
from portal.surveys.exporting import FORMATS, Exported, exported
from portal.surveys.freezing import thaw
from portal.surveys.results import results_of
from portal.surveys.spread import Bin, Spread
from portal.web.errors import not_found
from portal.web.page import Page
from portal.web.routes import Here


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


EVENT_CHANNELS: Final = {
    "device": _("Kiosk"),
    "tablet": _("Tablet on a stand"),
    "web": _("Website"),
    "qr": _("QR code on a poster"),
    "paper": _("Paper forms, entered by staff"),
    "phone": _("Phone"),
    "e-mail": _("Invitation by e-mail"),
    "case": _("Link after a case"),
}
"""How answers came, as events say it."""


SURENESS: Final = {
    "sure": _("sure"),
    "likely": _("likely"),
    "too-early": _("too early to tell"),
}


QUANTILES: Final = {
    0.1: _("One in ten: at most"),
    0.25: _("A quarter: at most"),
    0.5: _("Half (median): at most"),
    0.75: _("Three quarters: at most"),
    0.9: _("Nine in ten: at most"),
}


@AREA.get("/{code}/results", READERS)
def show_results(page: Here, code: str) -> Response:
    """What was answered, by channel and question."""
    check_published(page, code)
    survey = show_survey(page.portal.feedback, code).survey
    now = page.portal.clock().astimezone(page.language.zone)
    texts = {item.code: item.full_texts for item in cut(survey).items}
    return shown_page(
        page,
        "build_results.html",
        survey=code,
        title=page.language.of(survey.title) or code,
        results=results_of(
            page.portal.feedback, page.portal.database, page.portal.settings.site, survey, now
        ),
        asked_text=lambda asked: page.language.of(texts[_code_of(asked)]),
        channel_words=EVENT_CHANNELS,
        sureness=SURENESS,
        quantile_words=QUANTILES,
        bin_name=lambda spread, each: _bin_name(page, spread, each),
        point_name=lambda question, value: _point_name(page, question, value),
    )


@AREA.get("/{code}/export", READERS)
def export(page: Here, code: str, form: str = "otziv", of: str = "") -> Response:
    """The draft or the newest version as a file."""
    if form not in FORMATS:
        raise not_found()
    ending, media_type = FORMATS[form]
    made = _exported(page, code, form, of)
    return page.send(made.content, media_type, f"{code}.{ending}")


@AREA.get("/{code}/export/surveyjs", READERS)
def show_lost(page: Here, code: str, of: str = "") -> Response:
    """What a file of SurveyJS can't carry, before it is taken."""
    lost = _exported(page, code, "surveyjs", of).lost
    return shown_page(page, "build_surveyjs.html", survey=code, lost=lost, of=of)


def _exported(page: Page, code: str, form: str, of: str) -> Exported:
    if of == "draft":
        draft = kept_draft(page, code).draft
    else:
        check_published(page, code)
        draft = thaw(show_survey(page.portal.feedback, code).survey)
    try:
        return exported(draft, find_newest(page.portal.feedback, code) + (of == "draft"), form)
    except FleetError as error:
        message = _("The draft is not complete: the check list says what is missing.")
        raise not_found(message) from error


def _code_of(asked: Question | FollowUp) -> str:
    return asked.code if isinstance(asked, Question) else asked.question


def _point_name(page: Page, question: Any, value: str) -> str:  # noqa: ANN401  # of a survey
    """How a value of a rating is called."""
    points = points_of(page, question.scale, is_stars=question.drawing == "stars")
    return next((name for each, name, _ in points if each == value), value)


def _bin_name(page: Page, spread: Spread, shown: Bin) -> str:
    """From where to where a bin goes, in words."""
    if isinstance(shown.low, date) or isinstance(shown.high, date):
        return _time_name(page, spread, shown)
    number = page.language.number
    if shown.low is None or shown.high is None:
        if shown.low is None:
            return str(page.text("under {most}", most=number(shown.high or 0)))
        return str(page.text("{least} or more", least=number(shown.low)))
    if not spread.step.is_integer():
        values = {"least": number(shown.low), "most": number(shown.high)}
        return str(page.text("{least} to under {most}", **values))
    last = shown.high - 1
    return number(last) if last <= shown.low else f"{number(shown.low)}–{number(last)}"


def _time_name(page: Page, spread: Spread, shown: Bin) -> str:
    """As months, or as years."""

    def name(day: date) -> str:
        return page.language.month(day) if spread.step == 1 else str(day.year)

    first = shown.low if isinstance(shown.low, date) else None
    last = shown.high - timedelta(days=1) if isinstance(shown.high, date) else None
    if first is None or last is None:
        if last is not None:
            return str(page.text("until {month}", month=name(last)))
        return str(page.text("from {month} on", month=name(first or date.min)))
    return name(first) if name(first) == name(last) else f"{name(first)} – {name(last)}"
