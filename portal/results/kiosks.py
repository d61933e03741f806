"""Published results on kiosks while nobody is there: a unit's figure, "you said, we did".

A figure is set at the places at which its unit is entered, never at a touchpoint: what a desk shows
is its unit's figure, or the municipality's. Kiosks of a unit without one show the municipality's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from analytics.charts.writing import whole_percent
from analytics.improvement.actions import Action
from analytics.published.months import first_of, month_of
from analytics.published.results import WHOLE
from broker.fleet.errors import FleetError
from broker.fleet.place_changes import clear_setting, set_setting, show_settings
from broker.store.places import Place
from portal.audit.log import note
from portal.results.shown import Month, Shelf
from portal.results.units import places_of_units
from portal.web.actor import Actor
from portal.web.portal import Portal

RESULT: Final = "presentation.result"
DEEDS: Final = "presentation.deeds"
MOST_DEEDS: Final = 8
"""A kiosk shows no more of them in turns."""


class KioskError(Exception):
    """The fleet did not take it; the text says why, in English."""


@dataclass(frozen=True, slots=True)
class Idle:
    """What the kiosks of a unit show while nobody is there.

    Attributes:
        month: of the figure; empty: none.
        is_published: whether that month is; a figure that was taken back should come down.
        deeds: what visitors said and what was done, by language.
    """

    unit: str
    month: str
    is_published: bool
    deeds: tuple[Mapping[str, Mapping[str, str]], ...]


def idle_screens(portal: Portal, months: list[str]) -> list[Idle]:
    """What is set for each unit at its places, the municipality first."""
    return [
        _idle(portal, unit, places[0], months)
        for unit, places in sorted(places_of_units(portal).items())
    ]


def _idle(portal: Portal, unit: str, place: Place, months: list[str]) -> Idle:
    found = show_settings(portal.feedback, *place, None, portal.clock()).settings
    result = found[RESULT].value if _is_own(found[RESULT], place) else None
    month = month_of(first_of(result["month"][:7])) if result else ""
    deeds = found[DEEDS].value if _is_own(found[DEEDS], place) else ()
    return Idle(unit, month, month in months, tuple(deeds))


def _is_own(setting: Any, place: Place) -> bool:  # noqa: ANN401  # Effective
    return (setting.kind, setting.code) == tuple(place)


def show_month(portal: Portal, actor: Actor, month: Month) -> int:
    """Let kiosks show a published month; at how many places it was set.

    Raises:
        KioskError: a kiosk could not show it.
    """
    n = 0
    for unit, places in places_of_units(portal).items():
        shown = month.whole if unit == WHOLE else month.of(unit)
        figure = shown.results.main if shown is not None else None
        if shown is None or figure is None:
            _clear(portal, places, RESULT)
            continue
        value = {
            "unit": {language: text for language, text in shown.name.items() if text},
            "month": first_of(month.month).isoformat(),
            "satisfied_percent": float(whole_percent(figure.satisfied.share)),
            "ratings": figure.satisfied.n,
        }
        for place in places:
            _set(portal, place, RESULT, value)
            n += 1
    _note(portal, actor, "results.shown-on-kiosks", month.month)
    return n


def take_down(portal: Portal, actor: Actor, month: str = "") -> int:
    """Let kiosks show no figure any more, or not that of ``month``; at how many places it was.

    Raises:
        KioskError: the fleet did not take it.
    """
    chosen = [place for place, shown in _figures(portal) if shown.startswith(month)]
    _clear(portal, chosen, RESULT)
    if chosen:
        _note(portal, actor, "results.taken-from-kiosks", month or "all")
    return len(chosen)


def take_withdrawn_down(portal: Portal, actor: Actor) -> int:
    """Let kiosks show no figure of a month that is not published; at how many places it was.

    Raises:
        KioskError: the fleet did not take it.
    """
    shown = _figures(portal)  # before the months: else one just published and shown would go
    public = Shelf(portal).months() if shown else []
    withdrawn = sorted({month for _place, month in shown}.difference(public))
    return sum(take_down(portal, actor, month) for month in withdrawn)


def _figures(portal: Portal) -> list[tuple[Place, str]]:
    """Places at which a figure is set, and of which month it is."""
    found = []
    for place in (each for places in places_of_units(portal).values() for each in places):
        own = show_settings(portal.feedback, *place, None, portal.clock()).settings[RESULT]
        if own.value and _is_own(own, place):
            found.append((place, month_of(first_of(own.value["month"][:7]))))
    return found


def show_deed(portal: Portal, actor: Actor, action: Action, said: Mapping[str, str]) -> int:
    """Let kiosks of a unit show a public action with what visitors had said; at how many places.

    The newest comes first; of eight the oldest goes.

    Raises:
        KioskError: it is not public, its unit has no place, or a kiosk could not show it.
    """
    places = places_of_units(portal).get(action.unit, [])
    if not action.is_public or not places:
        raise KioskError("there is no public action, or no place at which its unit serves")
    did = {"bg": action.public_bg, "en": action.public_en}
    new = {"said": _written(said), "did": _written(did)}
    for place in places:
        there = show_settings(portal.feedback, *place, None, portal.clock()).settings[DEEDS]
        others = [each for each in there.value if each["did"] != new["did"]]
        _set(portal, place, DEEDS, [new, *others][:MOST_DEEDS])
    _note(portal, actor, "results.deed-on-kiosks", action.id)
    return len(places)


def take_deeds_down(portal: Portal, actor: Actor) -> None:
    """Let kiosks show no "you said, we did".

    Raises:
        KioskError: the fleet did not take it.
    """
    for places in places_of_units(portal).values():
        _clear(portal, places, DEEDS)
    _note(portal, actor, "results.deeds-taken-from-kiosks", "all")


def _written(texts: Mapping[str, str]) -> dict[str, str]:
    return {language: text for language, text in texts.items() if text}


def _set(portal: Portal, place: Place, key: str, value: object) -> None:
    try:
        set_setting(portal.feedback, place.kind, place.code, key, value, None, portal.clock())
    except FleetError as error:
        raise KioskError(str(error)) from error


def _clear(portal: Portal, places: list[Place], key: str) -> None:
    """Take back what is set there itself; what is set above holds again."""
    for place in places:
        there = show_settings(portal.feedback, *place, None, portal.clock()).settings[key]
        if not _is_own(there, place):
            continue
        try:
            clear_setting(portal.feedback, place.kind, place.code, key, None, portal.clock())
        except FleetError as error:
            raise KioskError(str(error)) from error


def _note(portal: Portal, actor: Actor, action: str, about: str) -> None:
    with portal.database.transaction() as connection:
        note(connection, actor, action, about)
