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
from broker.fleet.seen import Seen
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
class Entered:
    """A setting as somebody enters it.

    Attributes:
        kind, code: of the place; without a kind its code is the only one.
        kept: the value as JSON; ``None`` takes it back.
        from_on: the first day; ``None``: today.
        seen: the :class:`Effective` that held there on that day when somebody looked.
    """

    kind: str | None
    code: str
    key: str
    kept: str | None
    from_on: date | None
    seen: Seen | None = None


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
    *,
    seen: Seen | None = None,
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
        seen: the :class:`Effective` that held there on that day when somebody looked.

    Raises:
        FleetError: an unknown place or key, a value that it can't have, or one that a kiosk at
            or below the place could not show. Nothing was written.
        ChangedError: something else holds than was ``seen``.
    """
    entry = Entered(kind, code, key, kept_value(key, value), from_on, seen)
    with database.transaction() as connection:
        return enter(database, connection, entry, now)


def clear_setting(  # noqa: PLR0913  as above
    database: Database,
    kind: str | None,
    code: str,
    key: str,
    from_on: date | None,
    now: datetime,
    *,
    seen: Seen | None = None,
) -> Change:
    """Take ``key`` back at a place, so that what is set above holds again.

    Raises:
        FleetError: as :func:`set_setting`.
        ChangedError: likewise.
    """
    entry = Entered(kind, code, known_key(key), None, from_on, seen)
    with database.transaction() as connection:
        return enter(database, connection, entry, now)


def kept_value(key: str, value: object) -> str:
    """``value`` as it is kept, JSON.

    Raises:
        FleetError: there is no such key, or it can't have that value.
    """
    try:
        return check_value(key, value)
    except SettingError as error:
        raise FleetError(str(error)) from error


def known_key(key: str) -> str:
    """``key``, where it is one.

    Raises:
        FleetError: it is none.
    """
    try:
        key_of(key)
    except SettingError as error:
        raise FleetError(str(error)) from error
    return key


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


def enter(database: Database, connection: Connection, entered: Entered, now: datetime) -> Change:
    """Enter a setting in a transaction.

    Args:
        database: where all is still as before, for comparison.
        connection: of the transaction; whoever holds it lets it roll back when this raises.
        entered: what to enter.
        now: when it is entered.

    Raises:
        FleetError: as :func:`set_setting`.
    """
    raise_revision(connection)
    entry = find_place(connection, entered.code, entered.kind)
    today = local_day(connection, entry.site, now)
    day = entered.from_on or today
    if not entry.is_there(day):
        raise FleetError(f"{entry.place} is retired from {entry.retired_on} on")
    was = effective_at(connection, entry.place, day)[entered.key]
    if entered.seen is not None:
        entered.seen.check(f"{entered.key} of {entry.place}", was)
    put_setting(connection, entry.place, entered.key, entered.kept, from_on=day, now=now)
    refuse_new_faults(database, connection, [entry.place], max(day, today))
    return _told(connection, entry.place, entered.key, was, day)


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
