"""The places where surveys are asked, for choosing one."""

from __future__ import annotations

from broker.store.registry import list_touchpoints
from broker.store.tables import Touchpoint
from portal.web.page import Page


def places_in_use(page: Page) -> dict[str, Touchpoint]:
    """Code → touchpoint, of all of the site that are in use today; by name."""
    today = page.portal.clock().astimezone(page.language.zone).date()
    found = [
        place
        for place in list_touchpoints(page.portal.feedback, page.portal.settings.site)
        if place.retired_on is None or place.retired_on > today
    ]
    return {place.code: place for place in sorted(found, key=lambda each: each.name.casefold())}
