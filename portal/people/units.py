"""Units of the administration: a tree, and which of them answers for a settlement.

Places in the feedback store and all other areas hold a unit's code, so a code never changes and is
never given to another unit.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, get_args

from sqlalchemy import Connection, delete, insert, update
from sqlalchemy.exc import IntegrityError

from broker.store.database import Database
from portal.audit.log import note
from portal.people.errors import PeopleError, StaleError, ThereAlreadyError
from portal.people.rows import row, rows
from portal.people.rules import UnitKind, is_on
from portal.people.settlements import current_code, place_then, territory
from portal.people.tables import Post, Settlement, Unit, UnitSettlement
from portal.store.tables import table_of
from portal.web.actor import Actor

KINDS: Final[tuple[UnitKind, ...]] = get_args(UnitKind)

_unit: Final = table_of(Unit)
_serves: Final = table_of(UnitSettlement)
_settlement: Final = table_of(Settlement)
_post: Final = table_of(Post)
# As the feedback store writes codes of units (broker.wire.texts.Code).
_THERE: Final = "There is a unit of this code already"
_CODE: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


@dataclass(frozen=True, slots=True)
class UnitDetails:
    """What is entered of a unit.

    Attributes:
        mayoralty: code of the кметство that it is; only of a mayoralty.
        serves: settlements; only of a lieutenancy, since lists name those of mayoralties.
    """

    kind: UnitKind
    name_bg: str
    name_en: str = ""
    parent: str = ""
    settlement: str = ""
    mayoralty: str = ""
    serves: tuple[str, ...] = ()
    location: str = ""
    phone: str = ""
    e_mail: str = ""
    opening_bg: str = ""
    opening_en: str = ""


def unit_name(unit: Unit) -> dict[str, str]:
    """What a unit is called, by language."""
    return {"bg": unit.name_bg, "en": unit.name_en}


def add_unit(
    database: Database, code: str, details: UnitDetails, from_on: date, *, actor: Actor
) -> None:
    """Add a unit that is there from a day on.

    Raises:
        ThereAlreadyError: another one has the code.
        PeopleError: a bad code; or an unknown parent, settlement or mayoralty.
    """
    if not _CODE.fullmatch(code):
        raise PeopleError(
            "Use 1 to 63 small Latin letters, digits and hyphens, for example revenue",
            field="code",
        )
    try:
        with database.transaction() as connection:
            if code in _locked_tree(connection):
                raise ThereAlreadyError(_THERE, code, field="code")
            _check(connection, code, details, from_on)
            values = _values(details)
            connection.execute(insert(_unit).values(code=code, valid_from=from_on, **values))
            _write_served(connection, code, details.serves, from_on)
            note(connection, actor, "people.unit-added", code, kind=details.kind)
    except IntegrityError as error:
        raise ThereAlreadyError(
            "There is a unit of this code already", code, field="code"
        ) from error


def change_unit(
    database: Database,
    code: str,
    details: UnitDetails,
    *,
    revision: int,
    on: date,
    actor: Actor,
) -> None:
    """Write what a unit is from now on; which settlements it serves changes on a day.

    Raises:
        StaleError: somebody else changed it since it was shown.
        PeopleError: an unknown parent, settlement or mayoralty; or it would stand under itself.
    """
    with database.transaction() as connection:
        before = _locked_tree(connection).get(code)
        if before is None or before.revision != revision:
            raise StaleError("Somebody else changed this meanwhile; look at it anew")
        _check(connection, code, details, on)
        values = _values(details)
        changed = sorted(name for name in values if getattr(before, name) != values[name])
        values["revision"] = revision + 1
        connection.execute(update(_unit).where(_unit.c.code == code).values(**values))
        _write_served(connection, code, details.serves, on)
        note(connection, actor, "people.unit-changed", code, fields=changed)


def end_unit(database: Database, code: str, on: date, *, actor: Actor) -> None:
    """Say that a unit is no more from a day on; what refers to it stays.

    Raises:
        PeopleError: it has ended, began later, or units or posts in it are still there then.
    """
    with database.transaction() as connection:
        found = _locked_tree(connection).get(code)
        if found is None or found.valid_to is not None:
            raise StaleError("Somebody else changed this meanwhile; look at it anew")
        if on < found.valid_from:
            raise PeopleError("It was not there yet on that day", field="on")
        children = rows(connection, Unit, _unit.c.parent == code)
        posts = rows(connection, Post, _post.c.unit == code)
        ends = [*(each.valid_to for each in children), *(each.valid_to for each in posts)]
        if any(end is None or end > on for end in ends):
            raise PeopleError("Units or posts in it are still there on that day", field="on")
        _write_served(connection, code, (), on)
        values = {"valid_to": on, "revision": found.revision + 1}
        connection.execute(update(_unit).where(_unit.c.code == code).values(**values))
        note(connection, actor, "people.unit-ended", code, on=on.isoformat())


def find_unit(connection: Connection, code: str) -> Unit | None:
    """A unit, whether it is still there or not."""
    return row(connection, Unit, _unit.c.code == code)


def all_units(connection: Connection, on: date | None = None) -> list[Unit]:
    """All units, or those that are there on a day, by their codes."""
    found = rows(connection, Unit, order=("code",))
    return [each for each in found if on is None or is_on(each.valid_from, each.valid_to, on)]


def in_tree_order(units: list[Unit]) -> list[tuple[int, Unit]]:
    """Units with how deep they stand; one whose parent is not among them stands on top."""
    codes = {each.code for each in units}
    below: dict[str, list[Unit]] = {}
    for each in units:
        parent = each.parent if each.parent in codes else None
        below.setdefault(parent or "", []).append(each)

    def walk(parent: str, depth: int) -> list[tuple[int, Unit]]:
        found = []
        for each in sorted(below.get(parent, []), key=lambda unit: unit.name_bg.casefold()):
            found += [(depth, each), *walk(each.code, depth + 1)]
        return found

    return walk("", 0)


def codes_below(connection: Connection, code: str) -> set[str]:
    """A unit's code with those of all units in it."""
    parents = {each.code: each.parent for each in all_units(connection)}
    return {each for each in parents if code in _line(parents, each)}


def served_by(connection: Connection, unit: Unit, on: date) -> list[str]:
    """Codes of the settlements that a unit serves by its own list on a day."""
    found = rows(connection, UnitSettlement, _serves.c.unit == unit.code, order=("settlement",))
    return [each.settlement for each in found if is_on(each.valid_from, each.valid_to, on)]


def unit_serving(connection: Connection, settlement: str, on: date) -> Unit | None:
    """The mayoralty or lieutenancy that answers for a settlement on a day; ``None``: the town.

    The national list says which settlements a mayoralty has; lieutenancies stand in none, so they
    say so themselves.
    """
    place = place_then(connection, current_code(connection, settlement, on), on)
    if place is None:
        return None
    there = all_units(connection, on)
    if place.has_mayoralty:
        return next((each for each in there if each.mayoralty == place.mayoralty), None)
    return next((each for each in there if place.code in served_by(connection, each, on)), None)


def own_municipality(connection: Connection) -> str:
    """The code of the municipality whose portal this is: where its first unit sits; else empty."""
    for each in rows(connection, Unit, _unit.c.settlement.is_not(None), order=("valid_from",)):
        place = place_then(connection, each.settlement or "", each.valid_from)
        if place is not None:
            return place.municipality
    return ""


def _check(connection: Connection, code: str, details: UnitDetails, on: date) -> None:
    if not details.name_bg:
        raise PeopleError("Write the name", field="name_bg")
    _check_parent(connection, code, details.parent)
    for each in filter(None, (details.settlement, *details.serves)):
        if row(connection, Settlement, _settlement.c.code == each) is None:
            field = "settlement" if each == details.settlement else "serves"
            raise PeopleError("There is no settlement of this name or code", field=field)
    if details.kind == "mayoralty" and details.mayoralty:
        if territory(connection, "mayoralty", details.mayoralty, on) is None:
            raise PeopleError("No list named this mayoralty; take it first", field="mayoralty")
        same = (_unit.c.mayoralty == details.mayoralty, _unit.c.code != code)
        if any(is_on(each.valid_from, each.valid_to, on) for each in rows(connection, Unit, *same)):
            raise PeopleError("Another unit is this mayoralty already", field="mayoralty")


def _check_parent(connection: Connection, code: str, parent: str) -> None:
    """See that the tree stays one; its rows are locked."""
    if not parent:
        return
    parents = {each.code: each.parent for each in all_units(connection)}
    if parent not in parents:
        raise PeopleError("There is no such unit", field="parent")
    if code in _line(parents, parent):
        raise PeopleError("A unit can't stand under itself", field="parent")


def _locked_tree(connection: Connection) -> dict[str, Unit]:
    """All units, kept from others in one order, so that no two wait for each other in a circle."""
    return {each.code: each for each in rows(connection, Unit, order=("code",), is_locked=True)}


def _line(parents: Mapping[str, str | None], code: str) -> set[str]:
    """A unit with all above it."""
    passed: set[str] = set()
    at: str | None = code
    while at is not None and at not in passed:
        passed.add(at)
        at = parents.get(at)
    return passed


def _values(details: UnitDetails) -> dict[str, Any]:
    names = [name for name in UnitDetails.__dataclass_fields__ if name != "serves"]
    values: dict[str, Any] = {name: getattr(details, name) for name in names}
    values["parent"] = details.parent or None
    values["settlement"] = details.settlement or None
    values["mayoralty"] = details.mayoralty if details.kind == "mayoralty" else ""
    return values


def _write_served(connection: Connection, unit: str, codes: tuple[str, ...], on: date) -> None:
    """End what is served no more, begin what is new."""
    found = rows(connection, UnitSettlement, _serves.c.unit == unit)
    there = {each.settlement for each in found if is_on(each.valid_from, each.valid_to, on)}
    for code in there - set(codes):
        here = (_serves.c.unit == unit) & (_serves.c.settlement == code)
        still = here & (_serves.c.valid_to.is_(None))
        connection.execute(delete(_serves).where(here & (_serves.c.valid_from == on)))
        connection.execute(update(_serves).where(still).values(valid_to=on))
    for code in set(codes) - there:
        connection.execute(
            insert(_serves).values(unit=unit, settlement=code, valid_from=on, valid_to=None)
        )
