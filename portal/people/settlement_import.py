"""Taking a national list: first what it would change, then changing it; all of it or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from broker.store.database import Database
from portal.audit.log import note
from portal.people.errors import PeopleError
from portal.people.rows import rows
from portal.people.rules import name_key
from portal.people.settlement_lists import NationalList, Said
from portal.people.tables import Settlement, SettlementState, Territory
from portal.store.tables import PortalTable, table_of
from portal.web.actor import Actor

_settlement: Final = table_of(Settlement)
_state: Final = table_of(SettlementState)
_territory: Final = table_of(Territory)
_FIELDS: Final = (
    *("kind", "name", "name_en", "municipality", "mayoralty"),
    *("postal_code", "longitude", "latitude"),
)


@dataclass(frozen=True, slots=True)
class Change:
    """What a list says of one code, and what was known of it.

    Attributes:
        kind: ``settlement``, ``mayoralty``, ``municipality`` or ``province``.
        was: its state before, ``None``: it is new.
        becomes: its state from the list's day on, ``None``: it is gone.
    """

    kind: str
    code: str
    was: Mapping[str, Any] | None
    becomes: Mapping[str, Any] | None

    @property
    def name(self) -> str:
        """What it is called, or was."""
        return str((self.becomes or self.was or {}).get("name", ""))

    @property
    def fields(self) -> list[str]:
        """Which fields change."""
        was, becomes = self.was or {}, self.becomes or {}
        return [name for name in becomes if was.get(name) != becomes[name]]


@dataclass(slots=True)
class Plan:
    """What taking a list would do.

    Attributes:
        on: the day on which the list was true.
        same: how many of its codes are known just so.
        missing: codes that a complete list would have had; they end only if it is said to be one.
    """

    on: date
    changes: list[Change] = field(default_factory=list)
    same: int = 0
    missing: list[Change] = field(default_factory=list)

    @property
    def new(self) -> list[Change]:
        """Codes that were not known."""
        return [each for each in self.changes if each.was is None]

    @property
    def changed(self) -> list[Change]:
        """Codes of which something else is said than was known."""
        return [each for each in self.changes if each.was is not None]


def plan_import(connection: Connection, found: NationalList, on: date) -> Plan:
    """What a list that was true ``on`` a day would change."""
    plan = Plan(on)
    states = _by_code(rows(connection, SettlementState, order=("code", "valid_from")))
    asked = select(_settlement.c.code, _settlement.c.ended_on)
    told = connection.execute(asked.where(_settlement.c.ended_on.is_not(None)))
    ended: dict[str, date] = {each.code: each.ended_on for each in told}
    for code, said in found.settlements.items():
        is_back = code in ended and ended[code] <= on
        _compare(plan, "settlement", code, said, states.get(code, []), is_back=is_back)
    if "settlement" in found.listed:
        scope = {str(said["municipality"]) for said in found.settlements.values()}
        open_ones = {code: each for code, each in states.items() if code not in ended}
        _note_missing(plan, "settlement", open_ones, set(found.settlements), scope)
    _plan_territories(connection, plan, found)
    return plan


def take(
    database: Database, found: NationalList, on: date, *, is_complete: bool, actor: Actor
) -> Plan:
    """Take a list that was true ``on`` a day; what it did.

    Args:
        database: where.
        found: the list.
        on: from which day it holds; states that later lists told stay.
        is_complete: whether what is missing of its municipalities is no more.
        actor: who takes it.

    Raises:
        PeopleError: somebody else took one at the same time; nothing was changed.
    """
    try:
        with database.transaction() as connection:
            plan = plan_import(connection, found, on)
            for change in plan.changes:
                _write(connection, change, on)
            for change in plan.missing if is_complete else ():
                _end(connection, change, on)
            facts = {
                "lists": sorted(found.listed),
                "new": len(plan.new),
                "changed": len(plan.changed),
                "ended": len(plan.missing) if is_complete else 0,
            }
            note(connection, actor, "people.settlements-imported", on.isoformat(), **facts)
    except IntegrityError as error:
        raise PeopleError("Somebody else took a list at the same time; look at it anew") from error
    return plan


def _plan_territories(connection: Connection, plan: Plan, found: NationalList) -> None:
    known: dict[str, dict[str, list[Any]]] = {}
    for each in rows(connection, Territory, order=("code", "valid_from")):
        known.setdefault(each.kind, {}).setdefault(each.code, []).append(each)
    for (kind, code), said in found.territories.items():
        states = known.get(kind, {}).get(code, [])
        _compare(plan, kind, code, said, states, is_back=_is_gone(states, plan.on))
    if "mayoralty" in found.listed:
        listed = {code for kind, code in found.territories if kind == "mayoralty"}
        mayoralties = known.get("mayoralty", {})
        there = {c: each for c, each in mayoralties.items() if not _is_gone(each, plan.on)}
        _note_missing(plan, "mayoralty", there, listed, {code[:5] for code in listed})


def _compare(
    plan: Plan, kind: str, code: str, said: Said, states: list[Any], *, is_back: bool
) -> None:
    """Note what is new or else; what the list doesn't say stays as it is."""
    held = [each for each in states if each.valid_from <= plan.on]
    before = held[-1] if held else None
    names = _FIELDS if kind == "settlement" else ("name", "name_en", "seat")
    was = {name: getattr(before, name) for name in names} if before is not None else None
    empty = {name: None if name in {"longitude", "latitude"} else "" for name in names}
    becomes = {**empty, **(was or {}), **said}
    if was == becomes and not is_back:
        plan.same += 1
        return
    plan.changes.append(Change(kind, code, was, becomes))


def _note_missing(
    plan: Plan, kind: str, known: Mapping[str, list[Any]], listed: set[str], scope: set[str]
) -> None:
    for code, states in known.items():
        last = states[-1]
        municipality = last.municipality if kind == "settlement" else code[:5]
        # An older list can't tell that what came after it is gone.
        if code not in listed and municipality in scope and last.valid_from <= plan.on:
            was = {"name": last.name}
            plan.missing.append(Change(kind, code, was, None))


def _write(connection: Connection, change: Change, on: date) -> None:
    assert change.becomes is not None  # noqa: S101  # as planned
    values: dict[str, Any] = dict(change.becomes)
    if change.kind != "settlement":
        key = {"kind": change.kind, "code": change.code, "valid_from": on}
        _replace(connection, Territory, key, {**values, "is_gone": False})
        return
    there = select(_settlement.c.code).where(_settlement.c.code == change.code)
    if connection.scalar(there) is None:
        connection.execute(insert(_settlement).values(code=change.code))
    values["name_key"] = name_key(values["name"], values["name_en"])
    _replace(connection, SettlementState, {"code": change.code, "valid_from": on}, values)
    ended_before = (_settlement.c.code == change.code) & (_settlement.c.ended_on <= on)
    connection.execute(
        update(_settlement).where(ended_before).values(ended_on=None, successor=None)
    )


def _end(connection: Connection, change: Change, on: date) -> None:
    if change.kind == "settlement":
        here = _settlement.c.code == change.code
        connection.execute(update(_settlement).where(here).values(ended_on=on))
        return
    key = {"kind": change.kind, "code": change.code, "valid_from": on}
    name = change.was["name"] if change.was else ""
    _replace(connection, Territory, key, {"name": name, "is_gone": True})


def _replace(
    connection: Connection, model: type[PortalTable], key: dict[str, Any], values: dict[str, Any]
) -> None:
    """Write a state in place of the one of the same day."""
    table = table_of(model)
    same_day = [table.c[name] == value for name, value in key.items()]
    connection.execute(delete(table).where(*same_day))
    connection.execute(insert(table).values({**key, **values}))


def _is_gone(states: list[Territory], on: date) -> bool:
    held = [each for each in states if each.valid_from <= on]
    return bool(held) and held[-1].is_gone


def _by_code(states: Any) -> dict[str, list[Any]]:  # noqa: ANN401  # of either table
    found: dict[str, list[Any]] = {}
    for each in states:
        found.setdefault(each.code, []).append(each)
    return found
