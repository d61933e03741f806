"""What units are called for the public, and where they serve."""

from __future__ import annotations

from collections.abc import Mapping

from analytics.published.results import WHOLE
from broker.store.place_settings import SettingsOfDay
from broker.store.places import Place, local_day
from portal.municipality.signboard import Signboard
from portal.people.units import all_units, unit_name
from portal.web.portal import Portal

Names = dict[str, dict[str, str]]
"""Unit → its name by language."""


def names_of_units(portal: Portal) -> Names:
    """Of every unit that ever was, and of the municipality (``""``).

    A unit that nobody has entered among the units is called like the place at which it serves.
    """
    town = portal.part(Signboard).shown(portal)
    names = {WHOLE: dict(town.name)}
    for place, unit, name in _serving(portal):
        if place.kind != "touchpoint":
            names.setdefault(unit, {"bg": name})
    with portal.database.reading() as connection:
        names |= {unit.code: unit_name(unit) for unit in all_units(connection)}
    return names


def name_of(names: Mapping[str, Mapping[str, str]], unit: str) -> Mapping[str, str]:
    """A unit's name; its code where it has none."""
    return names.get(unit) or {"bg": unit}


def places_of_units(portal: Portal) -> dict[str, list[Place]]:
    """Unit → the places at which it is entered today, the municipality's (``""``) is the site.

    Touchpoints are left out: what is told there is never one desk's own figure.
    """
    found: dict[str, list[Place]] = {WHOLE: [Place("site", portal.settings.site)]}
    for place, unit, _name in _serving(portal):
        if place.kind == "location":
            found.setdefault(unit, []).append(place)
    return found


def _serving(portal: Portal) -> list[tuple[Place, str, str]]:
    """Places at which a unit is entered itself, not above them: place, unit, the place's name."""
    with portal.feedback.reading() as connection:
        today = local_day(connection, portal.settings.site, portal.clock())
        settings = SettingsOfDay(connection, today)
    found = []
    for place, entry in settings.tree.entries.items():
        unit = settings.of(place)["unit"]
        if unit.value is not None and (unit.kind, unit.code) == tuple(place):
            found.append((place, str(unit.value), entry.name))
    return found
