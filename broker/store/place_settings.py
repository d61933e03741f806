"""Settings of places, inherited down the tree and dated, each with where it comes from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, and_, delete, insert, or_, select

from broker.store.place_tables import PlaceSetting
from broker.store.places import Place, path_of_place, read_tree
from broker.store.setting_keys import SETTINGS, read_value
from broker.store.tables import table_of

_STAFF: Final = "staff"
_table: Final = table_of(PlaceSetting)


@dataclass(frozen=True, slots=True)
class Effective:
    """A setting as it holds at a place on a day.

    Attributes:
        value: made of what JSON can say.
        kind: of the place where it is set; ``default`` where nobody set it.
        code: of that place; empty likewise.
        from_on: since when it holds there; ``None`` likewise.
    """

    value: Any
    kind: str
    code: str
    from_on: date | None


def effective(connection: Connection, touchpoint: str, on: date) -> dict[str, Effective]:
    """Every setting of a touchpoint on a day; the nearest place that set it wins.

    Raises:
        RegistryError: there is no such touchpoint.
    """
    return effective_at(connection, Place("touchpoint", touchpoint), on)


def effective_at(connection: Connection, place: Place, on: date) -> dict[str, Effective]:
    """The same of any place.

    Raises:
        RegistryError: it is not there.
    """
    path = path_of_place(connection, place, on)
    found = _read(connection, path, on)
    return {key: _nearest(key, path, found) for key in SETTINGS}


class SettingsOfDay:
    """The settings of all places on one day, read at once, for whoever needs those of many.

    Args:
        connection: of a transaction.
        on: the day.
    """

    def __init__(self, connection: Connection, on: date) -> None:
        self.tree: Final = read_tree(connection, on)
        self._found = _read(connection, None, on)

    def of(self, place: Place) -> dict[str, Effective]:
        """Every setting that holds at ``place``; one that is retired has only its own."""
        path = self.tree.path(place)
        return {key: _nearest(key, path, self._found) for key in SETTINGS}


def _nearest(
    key: str, path: Sequence[Place], found: dict[tuple[Place, str], Effective]
) -> Effective:
    known = SETTINGS[key]
    for place in path if known.is_inherited else path[:1]:
        if (place, key) in found:
            return found[place, key]
    return Effective(known.default, "default", "", None)


def _read(
    connection: Connection, path: Sequence[Place] | None, on: date
) -> dict[tuple[Place, str], Effective]:
    """What is set at each of ``path`` itself (``None``: anywhere); not what was taken back."""
    query = select(_table).where(_table.c.from_on <= on).order_by(_table.c.from_on)
    if path is not None:
        at_one = (and_(_table.c.kind == kind, _table.c.code == code) for kind, code in path)
        query = query.where(or_(*at_one))
    last: dict[tuple[Place, str], Row[Any]] = {
        (Place(row.kind, row.code), row.key): row for row in connection.execute(query)
    }
    return {
        (place, key): Effective(read_value(row.value), *place, row.from_on)
        for (place, key), row in last.items()
        if row.value is not None
    }


def put_setting(
    connection: Connection,
    place: Place,
    key: str,
    value: str | None,
    *,
    from_on: date,
    now: datetime,
) -> None:
    """From ``from_on`` on, until its next row, ``key`` is ``value`` at ``place``; JSON.

    ``None`` takes it back. What was entered for that very day is replaced.
    """
    row = {"kind": place.kind, "code": place.code, "key": key, "from_on": from_on}
    connection.execute(
        delete(_table).where(*(_table.c[name] == given for name, given in row.items()))
    )
    connection.execute(insert(_table).values(**row, value=value, set_at=now))


def next_change(connection: Connection, place: Place, key: str, after: date) -> date | None:
    """The day after ``after`` from which ``key`` is something else at ``place``, if entered."""
    query = (
        select(_table.c.from_on)
        .where(_table.c.kind == place.kind, _table.c.code == place.code, _table.c.key == key)
        .where(_table.c.from_on > after)
        .order_by(_table.c.from_on)
        .limit(1)
    )
    return connection.execute(query).scalar_one_or_none()


def staff_on(connection: Connection, kind: str, code: str, on: date) -> int | None:
    """How many people serve at exactly this place on a day; ``None`` where nobody said."""
    return staff_between(connection, kind, code, on, on)


def staff_between(
    connection: Connection, kind: str, code: str, first_on: date, last_on: date
) -> int | None:
    """The smallest number that served at exactly this place in a period, both days included.

    ``None`` where it is not known for each of its days. Below unit level, a figure of the period
    is shown only from three on (design §5).
    """
    query = (
        select(_table.c.from_on, _table.c.value)
        .where(_table.c.kind == kind, _table.c.code == code, _table.c.key == _STAFF)
        .where(_table.c.from_on <= last_on)
        .order_by(_table.c.from_on)
    )
    rows = list(connection.execute(query))
    earlier = [row for row in rows if row.from_on <= first_on]
    within = [row for row in rows if row.from_on > first_on]
    if not earlier:
        return None
    counts = [None if row.value is None else read_value(row.value) for row in earlier[-1:] + within]
    known = [int(count) for count in counts if count is not None]
    return min(known) if len(known) == len(counts) else None
