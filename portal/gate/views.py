"""The way from the portal to the dashboard."""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response

from portal.accounts import tickets
from portal.audit.log import note
from portal.gate.admission import VIEWERS, is_name, seal
from portal.gate.gate import ENTER
from portal.web.errors import not_found
from portal.web.language import FIRST
from portal.web.routes import Area, Here
from portal.web.rules import staff

AREA = Area("gate")


@AREA.get("/dashboard", staff(*sorted(VIEWERS)))
def dashboard(page: Here, door: str = "") -> Response:
    """Go to the dashboard, whose door sends back once to be given a ticket."""
    there = page.portal.settings.dashboard_url
    if not there:
        raise not_found("There is no dashboard here.")
    language = {} if page.language.code == FIRST else {"lang": page.language.code}
    if not is_name(door):
        return _go(f"{there}/", language)
    ticket = tickets.issue(page.portal, page.actor.session)
    with page.portal.database.transaction() as connection:
        note(connection, page.actor, "dashboard.opened", page.actor.session)
    sealed = seal(page.portal.keys, ticket, door)
    return _go(f"{there}{ENTER}", {"ticket": ticket, "seal": sealed, **language})


def _go(address: str, asked: dict[str, str]) -> Response:
    return RedirectResponse(f"{address}?{urlencode(asked)}" if asked else address, 303)
