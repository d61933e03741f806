"""The public list of surveys that can be answered on the web now."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from portal.surveys.editions import list_open
from portal.web.routes import Area, Here
from portal.web.rules import ANYONE

AREA: Final = Area("surveys-open", "/surveys")


@AREA.get("", ANYONE)
def show(page: Here) -> Response:
    """What is asked, and until when."""
    return page.render("surveys/list.html", editions=list_open(page.portal, page.portal.clock()))
