"""What a visitor does who wants an answer: a signal, a proposal or a complaint."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from portal.web.routes import Area, Here
from portal.web.rules import ANYONE

AREA: Final = Area("comments", "/write-to-us")


@AREA.get("", ANYONE)
def ways(page: Here) -> Response:
    """What each of them is, and where it goes."""
    return page.render("comments/write_to_us.html")
