"""The portal put together: areas, what they share, and what stands around them."""

from __future__ import annotations

from typing import Final

from fastapi import FastAPI
from starlette.types import ASGIApp

from portal.accounts import views as accounts_views
from portal.comments import views as comments_views
from portal.comments import views_public as comments_public_views
from portal.comments import views_themes as comments_themes_views
from portal.fleet import views as fleet_views
from portal.gate import views as gate_views
from portal.improvement import views as improvement_views
from portal.municipality import views as municipality_views
from portal.municipality import views_staff as municipality_staff_views
from portal.municipality.signboard import Signboard, give_municipality
from portal.people import views_absences, views_addresses, views_settlements, views_units
from portal.results import views as results_views
from portal.surveys import (
    views_answer,
    views_build,
    views_invite,
    views_link,
    views_list,
    views_paper,
    views_posters,
    views_tablet,
    views_tablets,
)
from portal.surveys.desk import AnswerDesk
from portal.web import style_page
from portal.web.assets import Assets
from portal.web.body_limit import BodyLimit
from portal.web.error_pages import add_error_pages
from portal.web.headers import SafeHeaders
from portal.web.language_prefix import LanguagePrefix
from portal.web.limits import Limits
from portal.web.page import GIVERS
from portal.web.portal import Portal
from portal.web.request_log import RequestLog
from portal.web.routes import Area, Guarded
from portal.web.uploads import Shelf, open_shelf

AREAS: Final[tuple[Area, ...]] = (
    views_answer.AREA,  # first: crowds come here, and a path is looked for from the top
    accounts_views.AREA,
    comments_views.AREA,
    comments_themes_views.AREA,
    comments_public_views.AREA,
    fleet_views.AREA,
    gate_views.AREA,
    *improvement_views.AREAS,
    municipality_views.AREA,
    municipality_staff_views.STAFF_AREA,
    *results_views.AREAS,
    views_addresses.AREA,
    views_absences.AREA,
    views_settlements.AREA,
    views_units.AREA,
    style_page.AREA,
    views_list.AREA,
    views_build.AREA,
    views_invite.AREA,
    views_link.AREA,
    views_paper.AREA,
    views_posters.AREA,
    views_tablet.AREA,
    views_tablets.AREA,
)
"""All areas; a path belongs to the first that has it."""


GIVERS.append(give_municipality)


def guarded_routes() -> list[Guarded]:
    """All routes with their rules."""
    return [route for area in AREAS for route in area.routes]


def make_app(portal: Portal) -> ASGIApp:
    """The application; what has a life of its own must be in ``portal.parts`` already, or is added
    here where it needs nothing.
    """
    portal.parts.setdefault(Limits, Limits())
    portal.parts.setdefault(Shelf, open_shelf(portal.settings))
    portal.parts.setdefault(Signboard, Signboard())
    desk = AnswerDesk(portal.feedback, portal.settings.site, portal.clock)
    portal.parts.setdefault(AnswerDesk, desk)
    app = FastAPI(openapi_url=None, redirect_slashes=False)
    app.state.portal = portal
    add_error_pages(app)
    app.mount("/static", Assets(portal.settings.look))
    for area in AREAS:
        app.include_router(area.router)
    # Around the application, not in it: what they do holds for the page of a fault, too.
    safe = SafeHeaders(BodyLimit(LanguagePrefix(app)), portal.settings.public_url)
    return RequestLog(safe)
