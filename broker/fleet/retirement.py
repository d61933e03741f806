"""What must not be so when a place is retired."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Connection, func, select

from broker.fleet.errors import FleetError
from broker.store.places import Entry, Place, devices_at, local_day
from broker.store.tables import Event, table_of


def check_empty(connection: Connection, place: Place, today: date) -> None:
    """Refuse where a device stands there.

    Raises:
        FleetError: naming the devices.
    """
    devices = devices_at(connection, today).get(place.code) if place.kind == "touchpoint" else None
    if devices:
        raise FleetError(
            f"{', '.join(devices)} stands at {place}: move it first, with 'otziv device move', "
            "to another touchpoint or into the drawer"
        )


def check_unused(connection: Connection, entry: Entry, day: date, now: datetime) -> None:
    """Refuse a day before the last votes: they would be of a place that was not there.

    Raises:
        FleetError: naming the day of the last votes.
    """
    if entry.place.kind != "touchpoint":
        return
    event = table_of(Event)
    query = select(func.max(event.c.answered_at)).where(
        event.c.touchpoint == entry.place.code,
        event.c.answered_at <= now,
        event.c.clock != "unknown",
    )
    last_at = connection.execute(query).scalar()
    last_on = None if last_at is None else local_day(connection, entry.site, last_at)
    if last_on is not None and day < last_on:
        raise FleetError(
            f"{entry.place} has votes of {last_on}: retire it from that day on at the earliest; "
            "it can't be taken back"
        )


def check_without_votes(connection: Connection, entry: Entry) -> None:
    """Refuse to switch the test mode of a touchpoint that has votes.

    Votes given in earnest would stand there one by one, with neither of the two minima; and votes
    given for trial would count among the real ones.

    Raises:
        FleetError: it has some.
    """
    event = table_of(Event)
    query = select(event.c.number).where(event.c.touchpoint == entry.place.code).limit(1)
    if connection.execute(query).scalar() is not None:
        raise FleetError(
            f"{entry.place} has votes, and those were given in its present mode: register another "
            "touchpoint for trials, and move the device there and back"
        )
