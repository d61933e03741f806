"""From what is set for a place to what its kiosk gets.

Settings come from the tree of places (:mod:`broker.store.place_settings`), surveys from those
that were published, and where none is set it is the standard one, so that a new kiosk works from
its first minute. Public holidays come from the calendar. What comes out depends on those and on the
month, on nothing else: a day that passes changes no configuration.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import msgspec
from msgspec.structs import replace
from sqlalchemy import Connection, select

from broker.fleet.survey_choices import SurveyChoices, SurveyMissingError
from broker.store.opening import UnreadableSettingError, opening_of, read_setting
from broker.store.place_settings import SettingsOfDay
from broker.store.place_tables import Placement, PlaceSetting
from broker.store.places import Place
from broker.store.prepared import prepare
from broker.store.tables import Device, Site, Touchpoint, table_of
from broker.wire.configuration import (
    Configuration,
    PlannedSurvey,
    Presentation,
)
from broker.wire.messages import VERSION
from broker.wire.presentable import faults_of
from broker.wire.standard_survey import STANDARD_SURVEY
from broker.wire.surveys import Survey
from broker.wire.texts import Language

_NOT_SHOWN: Final = ("unit", "staff")
"""Settings that no kiosk gets."""

_PRESENTATION: Final = "presentation."

prepare(PlannedSurvey, Presentation)


@dataclass(frozen=True, slots=True)
class Composed:
    """What the kiosk of a touchpoint shall get.

    Attributes:
        configuration: as revision 1; ``None`` where the faults leave none.
        faults: why it can't be used, in words; then no kiosk may get it.
    """

    configuration: Configuration | None
    faults: tuple[str, ...] = ()


class Composer:
    """Composes for many touchpoints; what is alike is made and judged once.

    Args:
        connection: of the transaction in which it is used.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._surveys = SurveyChoices(connection)
        self._timezones = _timezones(connection)
        self._days: dict[date, SettingsOfDay] = {}
        self._composed: dict[bytes, Composed] = {}

    def compose(self, touchpoint: str, on: date) -> Composed:
        """What is set for ``touchpoint`` on a day of its site."""
        settings = self.on(on).of(Place("touchpoint", touchpoint))
        values = {key: each.value for key, each in settings.items() if key not in _NOT_SHOWN}
        timezone, month = self._timezones[touchpoint], on.replace(day=1)
        alike = msgspec.json.encode((values, timezone, month))
        if alike not in self._composed:
            self._composed[alike] = self._make(values, touchpoint, timezone, month)
        made = self._composed[alike]
        if made.configuration is None:
            return made
        return Composed(replace(made.configuration, touchpoint=touchpoint), made.faults)

    def on(self, day: date) -> SettingsOfDay:
        """All places and settings of a day, read once."""
        if day not in self._days:
            self._days[day] = SettingsOfDay(self._connection, day)
        return self._days[day]

    def _make(
        self, values: Mapping[str, Any], touchpoint: str, timezone: str, month: date
    ) -> Composed:
        try:
            languages = read_setting("languages", values["languages"], tuple[Language, ...])
            configuration = Configuration(
                v=VERSION,
                revision=1,
                touchpoint=touchpoint,
                survey=self._survey(values["survey"]),
                languages=languages,
                opening=opening_of(values, month, languages),
                planned=tuple(map(self._plan, values["planned"])),
                timezone=timezone,
                presentation=_presentation(values),
            )
        except (SurveyMissingError, UnreadableSettingError) as error:
            return Composed(None, (str(error),))
        return Composed(configuration, tuple(faults_of(configuration)))

    def _survey(self, chosen: dict[str, Any] | None) -> Survey:
        return STANDARD_SURVEY if chosen is None else self._surveys.choose(chosen)

    def _plan(self, chosen: dict[str, Any]) -> PlannedSurvey:
        survey = self._surveys.choose(chosen["survey"])
        return read_setting("planned", {**chosen, "survey": survey}, PlannedSurvey)


def faults_under(connection: Connection, kind: str, code: str, on: date) -> list[str]:
    """What would be wrong on kiosks at or below a place, with what is set by now.

    Looks at ``on`` and at each later day for which a change is entered that concerns them. Ask
    in the transaction of a change, before it commits: with any fault, the change is not to be.

    Args:
        connection: of that transaction.
        kind: ``site``, ``location`` or ``touchpoint``.
        code: of the place.
        on: the first day on which the change holds, today at the earliest.

    Returns:
        Each with its touchpoint's code in front, and the day where it is a later one; nothing
        where all is well.
    """
    composer = Composer(connection)
    first_on: dict[str, date] = {}
    for touchpoint, day in _concerned(connection, composer, Place(kind, code), on):
        for fault in composer.compose(touchpoint, day).faults:
            first_on.setdefault(f"{touchpoint}: {fault}", day)
    return [fault if day == on else f"{fault} (from {day} on)" for fault, day in first_on.items()]


def _concerned(
    connection: Connection, composer: Composer, place: Place, on: date
) -> Iterator[tuple[str, date]]:
    """Touchpoints with a device at or below ``place``, each with the days to look at."""
    occupied = _occupied(connection)
    changes = _changes(connection, on)
    for day in sorted({on, *changes}):
        tree = composer.on(day).tree
        for each in tree.under(place):
            is_concerned = day == on or not changes[day].isdisjoint(tree.path(each))
            if each.kind == "touchpoint" and each.code in occupied and is_concerned:
                yield each.code, day


def _occupied(connection: Connection) -> set[str]:
    """Touchpoints at which a device stands."""
    device = table_of(Device)
    is_used = device.c.touchpoint.is_not(None) & device.c.retired_on.is_(None)
    return set(connection.execute(select(device.c.touchpoint).where(is_used)).scalars())


def _changes(connection: Connection, after: date) -> dict[date, set[Place]]:
    """Day → the places that move on it, or for which something is set from it on."""
    setting, placement = table_of(PlaceSetting), table_of(Placement)
    set_later = select(setting.c.from_on, setting.c.kind, setting.c.code).where(
        setting.c.from_on > after, setting.c.key.not_in(_NOT_SHOWN)
    )
    moved_later = select(placement.c.from_on, placement.c.kind, placement.c.code).where(
        placement.c.from_on > after
    )
    changes: dict[date, set[Place]] = defaultdict(set)
    for query in (set_later, moved_later):
        for day, kind, code in connection.execute(query):
            changes[day].add(Place(kind, code))
    return changes


def _presentation(values: Mapping[str, Any]) -> Presentation:
    given = {
        key.removeprefix(_PRESENTATION): value
        for key, value in values.items()
        if key.startswith(_PRESENTATION)
    }
    return read_setting("presentation", given, Presentation)


def _timezones(connection: Connection) -> dict[str, str]:
    """Touchpoint → the time zone of its site."""
    site, touchpoint = table_of(Site), table_of(Touchpoint)
    query = select(touchpoint.c.code, site.c.timezone).join(site, site.c.code == touchpoint.c.site)
    return dict(connection.execute(query).all())
