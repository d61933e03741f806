"""Public pages: what people told us, what was done, and the figures as open data."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from analytics.improvement.drafts import Draft
from analytics.improvement.words import KINDS, OUTCOMES, STATES, say
from portal.improvement.office import office_of
from portal.improvement.service import ImprovementDesk
from portal.results import (
    open_data,
    views_staff,  # noqa: F401  # it adds its routes
)
from portal.results.area import AREA, STAFF_AREA, say_of
from portal.results.shown import Month, Shelf, UnitMonth
from portal.results.units import name_of, names_of_units
from portal.web.language import Language
from portal.web.page import Page
from portal.web.routes import Area, Here
from portal.web.rules import ANYONE

AREAS: Final[tuple[Area, ...]] = (AREA, STAFF_AREA)

_A_WHILE: Final = "public, max-age=300"
"""What is taken back must be gone soon."""

MOST_MONTHS: Final = 12
MOST_REPORTS: Final = 5


@AREA.get("", ANYONE)
def newest(page: Here) -> Response:
    """The newest month, and what was done."""
    shelf = Shelf(page.portal)
    months = shelf.months()
    month = shelf.month(months[0]) if months else None
    if month is None:
        return page.render(
            "results/nothing.html", actions=_actions(page, None), reports=_reports(page, None)
        )
    return _show(page, shelf, month, month.whole)


@AREA.get("/data.csv", ANYONE)
def data(page: Here) -> Response:
    """All published months as CSV."""
    return _data(page, open_data.table(Shelf(page.portal), names_of_units(page.portal)))


@AREA.get("/reasons.csv", ANYONE)
def reasons(page: Here) -> Response:
    """What people answered in all published months, as CSV."""
    return _data(page, open_data.reasons(Shelf(page.portal), names_of_units(page.portal)))


def _data(page: Page, table: open_data.Table) -> Response:
    answer = page.send(table.csv(), "text/csv; charset=utf-8; header=present")
    about = f"{AREA.prefix}/{table.name}-metadata.json"
    answer.headers["Link"] = (
        f'<{page.portal.settings.public_url}{about}>; rel="describedby"; '
        'type="application/csvm+json"'
    )
    answer.headers["Cache-Control"] = _A_WHILE
    # Anybody may use it, programs of other sites too.
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


@AREA.get("/{name}-metadata.json", ANYONE)
def metadata(page: Here, name: str) -> Response:
    """What stands in which column of a CSV: CSV on the Web, W3C."""
    columns = page.need(open_data.TABLES.get(name))
    answer = page.send(
        open_data.metadata(page.portal, name, columns), "application/csvm+json; charset=utf-8"
    )
    answer.headers["Cache-Control"] = _A_WHILE
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


@AREA.get("/{month}", ANYONE)
def one_month(page: Here, month: str) -> Response:
    """An earlier month."""
    shelf = Shelf(page.portal)
    found = _need_month(page, shelf, month)
    return _show(page, shelf, found, found.whole)


@AREA.get("/{month}/{unit}", ANYONE)
def one_unit(page: Here, month: str, unit: str) -> Response:
    """A month of a unit."""
    shelf = Shelf(page.portal)
    found = _need_month(page, shelf, month)
    return _show(page, shelf, found, page.need(found.of(unit)))


def _need_month(page: Page, shelf: Shelf, month: str) -> Month:
    found: Month = page.need(shelf.month(month) if month in shelf.months() else None)
    return found


def _show(page: Page, shelf: Shelf, month: Month, shown: UnitMonth) -> Response:
    months = shelf.months()
    return page.render(
        "results/month.html",
        month=month,
        shown=shown,
        is_whole=shown is month.whole,
        is_newest=month.month == months[0],
        months=months[:MOST_MONTHS],
        older=months[MOST_MONTHS:],
        course=shelf.course(shown.unit, month.month),
        actions=_actions(page, shown.unit or None),
        reports=_reports(page, shown.unit or None),
        say=say_of(page),
    )


def _actions(page: Page, unit: str | None) -> list[dict[str, object]]:
    """What was done, as it is public, the newest first; ``None``: by all units."""
    names, code = names_of_units(page.portal), page.language.code
    found = ImprovementDesk(office_of(page.portal)).public_actions()
    return [
        {
            "unit": name_of(names, action.unit),
            "texts": {"bg": action.public_bg, "en": action.public_en},
            "state": say(STATES[action.state], code),
            "is_done": action.state == "done",
            "on": action.took_effect_on,
            "outcome": say(OUTCOMES[action.effect.outcome], code) if action.effect else "",
            "kind": action.effect.outcome if action.effect else "",
            "effect": {"bg": action.effect.words_bg, "en": action.effect.words_en}
            if action.effect
            else {},
        }
        for action in found
        if unit is None or action.unit == unit
    ]


def _reports(page: Page, unit: str | None) -> list[tuple[str, str]]:
    """The newest published reports in the reader's language: title and path; ``None``: of all."""
    language = page.language
    found = ImprovementDesk(office_of(page.portal)).published_drafts()
    return [
        (_title(language, draft), f"/reports/{draft.id}")
        for draft in found
        if draft.language == language.code and unit in (None, draft.unit)
    ][:MOST_REPORTS]


def _title(language: Language, draft: Draft) -> str:
    days = f"{language.day(draft.from_on)} – {language.day(draft.to_on)}"
    return f"{say(KINDS[draft.kind], language.code)}, {days}"
