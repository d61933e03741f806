"""Settings of places: setting them from a day on, taking them back, and showing what holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from broker.fleet.composing import Composer
from broker.fleet.consequences import refuse_new_faults
from broker.fleet.errors import FleetError
from broker.fleet.places import find_place
from broker.store.database import Database
from broker.store.place_settings import Effective, effective_at, next_change, put_setting
from broker.store.places import Entry, Place, local_day, path_of_place, touchpoints_under
from broker.store.registry import raise_revision
from broker.store.setting_keys import SETTINGS, SettingError, check_value, key_of


@dataclass(frozen=True, slots=True)
class Change:
    """A setting that was entered.

    Attributes:
        was: what held at the place before, with where it came from.
        became: likewise what holds there from ``from_on`` on.
        until_on: the day from which another value is entered already, if any.
        touchpoints: those at or below the place; nearer settings still win there.
        faults: what a kiosk at one of them could not show; where one stands, it goes on with what
            it has.
    """

    place: Place
    key: str
    was: Effective
    became: Effective
    from_on: date
    until_on: date | None
    touchpoints: tuple[str, ...]
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Settings:
    """What holds at a place on a day.

    Attributes:
        path: the place and all above it, the site last.
        settings: by key.
    """

    entry: Entry
    on: date
    path: tuple[Place, ...]
    settings: dict[str, Effective]


def set_setting(  # noqa: PLR0913, PLR0917  what, where and when: none of them goes without saying
    database: Database,
    kind: str | None,
    code: str,
    key: str,
    value: object,
    from_on: date | None,
    now: datetime,
) -> Change:
    """Set ``key`` at a place; places below inherit it.

    Args:
        database: where.
        kind: of the place; ``None`` where its code is the only one.
        code: of the place.
        key: of :data:`broker.store.setting_keys.SETTINGS`.
        value: made of what JSON can say.
        from_on: the first day on which it holds; ``None``: today.
        now: when it is entered.

    Raises:
        FleetError: an unknown place or key, a value that it can't have, or one that a kiosk at
            or below the place could not show. Nothing was written.
    """
    try:
        kept = check_value(key, value)
    except SettingError as error:
        raise FleetError(str(error)) from error
    return _change(database, (kind, code), (key, kept), from_on, now)


def clear_setting(
    database: Database,
    kind: str | None,
    code: str,
    key: str,
    from_on: date | None,
    now: datetime,
) -> Change:
    """Take ``key`` back at a place, so that what is set above holds again.

    Raises:
        FleetError: as :func:`set_setting`.
    """
    try:
        key_of(key)
    except SettingError as error:
        raise FleetError(str(error)) from error
    return _change(database, (kind, code), (key, None), from_on, now)


def show_settings(
    database: Database, kind: str | None, code: str, on: date | None, now: datetime
) -> Settings:
    """Every setting that holds at a place on a day (``None``: today), with where it comes from.

    Raises:
        FleetError: there is no such place.
    """
    with database.reading() as connection:
        entry = find_place(connection, code, kind)
        day = on or local_day(connection, entry.site, now)
        path = path_of_place(connection, entry.place, day)
        return Settings(entry, day, tuple(path), effective_at(connection, entry.place, day))


def _change(
    database: Database,
    where: tuple[str | None, str],
    setting: tuple[str, str | None],
    from_on: date | None,
    now: datetime,
) -> Change:
    (kind, code), (key, value) = where, setting
    with database.transaction() as connection:
        raise_revision(connection)
        entry = find_place(connection, code, kind)
        today = local_day(connection, entry.site, now)
        day = from_on or today
        if not entry.is_there(day):
            raise FleetError(f"{entry.place} is retired from {entry.retired_on} on")
        was = effective_at(connection, entry.place, day)[key]
        put_setting(connection, entry.place, key, value, from_on=day, now=now)
        refuse_new_faults(database, connection, [entry.place], max(day, today))
        return _told(connection, entry.place, key, was, day)


def _told(connection: Connection, place: Place, key: str, was: Effective, day: date) -> Change:
    below = touchpoints_under(connection, *place, day) if SETTINGS[key].is_inherited else ()
    composer = Composer(connection)
    faults = [f"{each}: {why}" for each in below for why in composer.compose(each, day).faults]
    return Change(
        place,
        key,
        was,
        effective_at(connection, place, day)[key],
        day,
        next_change(connection, place, key, day),
        tuple(below),
        tuple(faults),
    )


def as_document(settings: Settings) -> dict[str, Any]:
    """The same made of what JSON can say."""
    return {
        "kind": settings.entry.place.kind,
        "code": settings.entry.place.code,
        "name": settings.entry.name,
        "site": settings.entry.site,
        "on": settings.on.isoformat(),
        "path": [place._asdict() for place in settings.path],
        "settings": {
            key: {
                "value": each.value,
                "kind": each.kind,
                "code": each.code,
                "from_on": each.from_on.isoformat() if each.from_on else None,
            }
            for key, each in settings.settings.items()
        },
    }
