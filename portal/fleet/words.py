"""Places, devices and times in the reader's words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

from broker.store.place_settings import Effective
from broker.store.places import Place, Tree
from portal.web.language import Language
from portal.web.page import Page


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


KINDS: Final = {
    "site": _("Municipality"),
    "location": _("Place"),
    "touchpoint": _("Touchpoint"),
}


def path_of(place: Place) -> str:
    """Where the page of a place is."""
    return f"/staff/places/{place.kind}/{place.code}"


def name_of(tree: Tree, place: Place) -> str:
    """What people call it; its code where nobody knows it any more."""
    entry = tree.entries.get(place)
    return entry.name if entry is not None else place.code


def crumbs_to(page: Page, tree: Tree, place: Place, *more: str) -> list[tuple[str, str]]:
    """The way to a page of a place, from all places down."""
    way = [(str(page.text("Places")), page.url("/staff/places"))]
    above = reversed(tree.path(place))
    way += [(name_of(tree, each), page.url(path_of(each))) for each in above]
    way += [(text, "") for text in more]
    return [*way[:-1], (way[-1][0], "")]


def source_words(setting: Effective, place: Place, tree: Tree, language: Language) -> str:
    """Where a setting comes from, and since when."""
    if setting.from_on is None:
        return str(language.text("nobody set it"))
    since = language.day(setting.from_on)
    if (setting.kind, setting.code) == tuple(place):
        return str(language.text("set here, since {day}", day=since))
    name = name_of(tree, Place(setting.kind, setting.code))
    return str(language.text("from {place}, since {day}", place=name, day=since))


def moment(at: datetime | None, language: Language) -> str:
    """A time to the minute; that it never was."""
    if at is None:
        return str(language.text("never"))
    local = at.astimezone(language.zone)
    return f"{local:%d.%m.%Y} {language.time(at)}"


def short_day(on: date) -> str:
    """A day as people type it."""
    return f"{on:%d.%m.%Y}"


def listed(parts: Iterable[str]) -> str:
    """Parts in a row."""
    return ", ".join(parts)


def device_crumbs(page: Page, name: str, *more: str) -> list[tuple[str, str]]:
    """The way to a page of a device."""
    way = [(page.text("Devices"), page.url("/staff/devices"))]
    own = page.url(f"/staff/devices/{name}") if more else ""
    return [*way, (name, own), *((text, "") for text in more)]
