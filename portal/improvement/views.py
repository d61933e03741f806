"""Pages of improvement: what there is; each module of views adds its routes."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from portal.improvement import (  # noqa: F401  # they add their routes
    views_actions,
    views_methods,
    views_subscriptions,
    views_targets,
)
from portal.improvement.area import AREA, MAY_READ
from portal.improvement.views_guests import GUESTS
from portal.improvement.views_reports import REPORTS
from portal.web.routes import Area, Here

AREAS: Final[tuple[Area, ...]] = (AREA, GUESTS, REPORTS)


@AREA.get("", MAY_READ)
def contents(page: Here) -> Response:
    """What there is."""
    return page.render("improvement/contents.html")
