"""Making a sample town known to the store, as it has been since the first of its days."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, update

from broker.fleet.places import add_location
from broker.fleet.surveys import find_newest, publish
from broker.store.database import Database
from broker.store.fleet_tables import DevicePlacement
from broker.store.place_settings import put_setting
from broker.store.places import Place, put_placement
from broker.store.registry import add_device, add_site, add_touchpoint, raise_revision
from broker.store.setting_keys import check_value
from broker.store.tables import Site, table_of
from broker.wire.standard_survey import STANDARD_SURVEY
from otziv.sample_years.span import COUNTRY, Span
from otziv.sample_years.town import Desk, Shift, Town

SURVEY: Final = STANDARD_SURVEY
"""What the sample towns ask: what every kiosk asks where nobody said otherwise."""


def register(database: Database, town: Town, site: str, span: Span, now: datetime) -> None:
    """Register places, devices, opening hours, units and staff; what is there already stays.

    Raises:
        StoreError: something of that code is there, and is something else.
    """
    if town.site is not None:
        add_site(database, site, name=town.name, timezone=span.timezone)
    else:
        _name(database, site, town.name)
    if not find_newest(database, SURVEY.code):
        publish(database, SURVEY, now)
    for hall in town.halls:
        add_location(database, hall.code, site=site, now=now, name=hall.name, from_on=span.first_on)
    for desk in town.desks:
        add_touchpoint(
            database, desk.code, site=site, name=desk.name, is_test=False, location=desk.location
        )
        add_device(database, desk.code, touchpoint=desk.code)
    with database.transaction() as connection:
        raise_revision(connection)
        for desk in town.desks:
            _place(connection, desk, span)
        _set(connection, town, site, span, now)


def _name(database: Database, site: str, name: str) -> None:
    """Call the demo's own site like its town, unless somebody gave it a name."""
    table = table_of(Site)
    with database.transaction() as connection:
        connection.execute(
            update(table).where(table.c.code == site, table.c.name == site).values(name=name)
        )


def _place(connection: Connection, desk: Desk, span: Span) -> None:
    """Let the touchpoint and its device be where they are since the first day."""
    put_placement(connection, Place("touchpoint", desk.code), span.first_on, desk.location)
    since = datetime.combine(span.first_on, time(), ZoneInfo(span.timezone))
    table = table_of(DevicePlacement)
    placed = update(table).where(table.c.device == desk.code, table.c.touchpoint == desk.code)
    connection.execute(placed.values(from_at=since))


def _set(connection: Connection, town: Town, site: str, span: Span, now: datetime) -> None:
    staff: Counter[str] = Counter()
    said: list[tuple[Place, str, object]] = [(Place("site", site), "holidays", COUNTRY)]
    for desk in town.desks:
        place = Place("touchpoint", desk.code)
        staff[desk.location] += desk.staff
        said.append((place, "staff", desk.staff))
        said.append((place, "opening.weekly", [_hours(shift) for shift in desk.shifts]))
    for hall in town.halls:
        place = Place("location", hall.code)
        said.append((place, "staff", staff[hall.code]))
        if hall.unit is not None:
            said.append((place, "unit", hall.unit))
    for place, key, value in said:
        text = check_value(key, value)
        put_setting(connection, place, key, text, from_on=span.first_on, now=now)


def _hours(shift: Shift) -> dict[str, object]:
    return {
        "days": list(shift.days),
        "opens_at": _time(shift.opens),
        "closes_at": _time(shift.closes),
    }


def _time(hours: float) -> str:
    return f"{int(hours):02}:{int(hours % 1 * 60):02}"
