"""Posters with a code for each place, and paper forms, as PDF."""

from __future__ import annotations

from typing import Any, Final, Literal

from starlette.datastructures import FormData
from starlette.responses import Response

from portal.surveys.asked_at import asked_at
from portal.surveys.asking import questionnaire
from portal.surveys.editions import find, open_by
from portal.surveys.places_asked import places_in_use
from portal.surveys.printing import paper_form, poster
from portal.web.forms import Form, blank, fill
from portal.web.language import NAMES, Language
from portal.web.page import Page
from portal.web.routes import Area, Here
from portal.web.rules import staff

AREA: Final = Area("posters", "/staff/posters")
STAFF: Final = staff()

PDF: Final = "application/pdf"


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


class PosterForm(Form):
    """What is printed."""

    touchpoint: str
    survey: str = ""
    paper: Literal["a4", "a5"] = "a4"
    languages: Literal["bg", "en", "bg-en", "en-bg"] = "bg-en"


@AREA.get("", STAFF)
def choose(page: Here) -> Response:
    """Choose a place."""
    return page.render(
        "surveys/posters.html", form=blank(paper="a4", languages="bg-en"), **_choices(page)
    )


@AREA.get("/poster", STAFF)
def show(page: Here) -> Response:
    """A poster as PDF."""
    filled = fill(PosterForm, FormData(page.request.query_params), page.language)
    form, choices = filled.model, _choices(page)
    places = places_in_use(page)
    if form is not None and form.survey not in dict(choices["surveys"]):
        filled.refuse("survey", page.text("Choose one of the answers"))
    if form is not None and form.touchpoint not in places:
        filled.refuse("touchpoint", page.text("Choose one of the answers"))
    if form is None or filled.errors:
        return page.show_again("surveys/posters.html", filled, **choices)
    path = f"/q/{form.touchpoint}" + (f"/{form.survey}" if form.survey else "")
    languages = [Language(code, page.language.zone) for code in form.languages.split("-")]
    now = page.portal.clock()
    edition = find(page.portal, form.survey, now) if form.survey else None
    shown = [edition] if edition is not None else asked_at(page, form.touchpoint, "qr")
    titles = [each.survey.title or each.survey.questions[0].texts for each in shown]
    content = poster(
        page.portal,
        address=f"{page.portal.settings.public_url}{languages[0].prefix}{path}",
        question=titles[0] if len(titles) == 1 else _question(page),
        place=places[form.touchpoint].name,
        languages=languages,
        paper=form.paper,
        now=now,
    )
    return page.send(content, PDF, f"{form.touchpoint}-{form.paper}.pdf")


@AREA.get("/paper/{code}", STAFF)
def paper(page: Here, code: str, language: str = "") -> Response:
    """A survey as a form on paper."""
    edition = page.need(find(page.portal, code, page.portal.clock()))
    asked = questionnaire(page.portal.feedback, code, edition.survey.version)
    chosen = Language(language if language in NAMES else page.language.code, page.language.zone)
    content = paper_form(page.portal, asked, chosen, page.portal.clock())
    return page.send(content, PDF, f"{code}-{edition.survey.version}-{chosen.code}.pdf")


def _question(page: Page) -> dict[str, str]:
    """What a poster asks where nothing is open yet, or people choose between several."""
    zone = page.language.zone
    return {code: Language(code, zone).text(_("How did we serve you?")) for code in NAMES}


def _choices(page: Page) -> dict[str, Any]:
    editions = open_by(page.portal, "qr", page.portal.clock())
    surveys = [(each.survey.code, each.survey.title) for each in editions]
    return {
        "places": [(code, place.name) for code, place in places_in_use(page).items()],
        "surveys": [
            ("", page.text("What is asked there on the day")),
            *((code, page.language.of(title) or code) for code, title in surveys),
        ],
    }
