"""What whoever asks sees of places and devices, read for one page."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from broker.store.place_settings import SettingsOfDay
from broker.store.places import Entry, Place
from portal.fleet.rules import Sight, sight_of
from portal.people.units import codes_below
from portal.web.errors import forbidden, not_found
from portal.web.page import Page


def today(page: Page) -> date:
    """The day that it is in the municipality."""
    return page.portal.clock().astimezone(ZoneInfo(page.portal.settings.timezone)).date()


def look(page: Page, on: date | None = None) -> Sight:
    """What whoever asks sees, as things stand on a day; today."""
    with page.portal.feedback.reading() as connection:
        settings = SettingsOfDay(connection, on or today(page))

    def unit_of(place: Place) -> str | None:
        found: str | None = settings.of(place)["unit"].value
        return found

    return sight_of(settings.tree, page.portal.settings.site, _units(page), unit_of)


def look_at(page: Page, kind: str, code: str) -> tuple[Sight, Entry]:
    """The same with one place.

    Raises:
        Stop: (404) there is no such place, or it is not his.
    """
    sight = look(page)
    place = Place(kind, code)
    if place not in sight.own:
        raise not_found()
    return sight, sight.tree.entries[place]


def _units(page: Page) -> set[str]:
    """The units for which his roles hold, and those in them; empty: all."""
    if not page.actor.units:
        return set()
    with page.portal.database.reading() as connection:
        below = [codes_below(connection, unit) for unit in page.actor.units]
    return set(page.actor.units).union(*below)


def need_whole(page: Page) -> Sight:
    """What whoever asks sees, where that is all: for what is about the whole installation.

    Raises:
        Stop: (403) he sees some units only.
    """
    if page.actor.units:
        raise forbidden("This page is about all units, and your role holds for some of them.")
    return look(page)
