"""Settlements: what a code means on a day, and what it means today.

A state holds from its first day until the next one; days before the first known state have that
one, since lists began some day and settlements did not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import Connection, case, func, select, update

from broker.store.database import Database
from portal.audit.log import note
from portal.people.errors import PeopleError
from portal.people.rows import row, rows
from portal.people.rules import name_key
from portal.people.tables import Settlement, SettlementState, Territory
from portal.store.tables import table_of
from portal.web.actor import Actor

_settlement: Final = table_of(Settlement)
_state: Final = table_of(SettlementState)
_territory: Final = table_of(Territory)
_KIND: Final = re.compile(r"^(гр|с|ман)\.\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Place:
    """A settlement on a day.

    Attributes:
        kind: ``гр.``, ``с.`` or ``ман.``.
        municipality: code; ``municipality_name`` and ``province_name`` are empty when no list
            named them.
        mayoralty: code; it ends in ``-00`` where the settlement has none of its own.
    """

    code: str
    kind: str
    name: str
    name_en: str
    municipality: str
    municipality_name: str
    province_name: str
    mayoralty: str
    postal_code: str

    @property
    def full_name(self) -> str:
        """As it is written in an address: ``с. Орешак``."""
        return f"{self.kind} {self.name}"

    def named(self, language: str) -> str:
        """The same for readers of a language."""
        return self.name_en if language != "bg" and self.name_en else self.full_name

    @property
    def where(self) -> str:
        """With what it lies in, to tell it from others of its name."""
        above = [
            f"{word} {name}"
            for word, name in (("общ.", self.municipality_name), ("обл.", self.province_name))
            if name
        ]
        return ", ".join([self.full_name, *above])

    @property
    def has_mayoralty(self) -> bool:
        """Whether a mayoralty answers for it."""
        return not self.mayoralty.endswith("-00")


def place_then(connection: Connection, code: str, on: date) -> Place | None:
    """What ``code`` meant on a day; ``None``: there never was such a code."""
    found = rows(connection, SettlementState, _state.c.code == code, order=("valid_from",))
    if not found:
        return None
    held = [state for state in found if state.valid_from <= on]
    return _place(connection, held[-1] if held else found[0], on)


def place_now(connection: Connection, code: str, today: date) -> Place | None:
    """What ``code`` has become by ``today``: through renamings, and into its successors."""
    return place_then(connection, current_code(connection, code, today), today)


def current_code(connection: Connection, code: str, today: date) -> str:
    """The code under which ``code`` goes by ``today``; itself while nothing succeeded it."""
    passed = {code}
    while True:
        found = row(connection, Settlement, _settlement.c.code == code)
        if found is None or found.successor is None or found.successor in passed:
            return code
        if found.ended_on is not None and found.ended_on > today:
            return code
        code = found.successor
        passed.add(code)


def history(connection: Connection, code: str) -> tuple[Settlement, list[Place], list[date]] | None:
    """A settlement with all its states, oldest first, and the days from which they hold."""
    found = row(connection, Settlement, _settlement.c.code == code)
    if found is None:
        return None
    states = rows(connection, SettlementState, _state.c.code == code, order=("valid_from",))
    places = [_place(connection, state, state.valid_from) for state in states]
    return found, places, [state.valid_from for state in states]


def predecessors(connection: Connection, code: str) -> list[str]:
    """Codes of what became a part of ``code``."""
    asked = select(_settlement.c.code).where(_settlement.c.successor == code)
    return [str(found) for found in connection.scalars(asked.order_by(_settlement.c.code))]


def find_places(
    connection: Connection, text: str, today: date, *, municipality: str = "", most: int = 50
) -> list[Place]:
    """Settlements of ``today`` whose code, or a word of whose name, begins with ``text``.

    A former name finds what bears another one today. Those of ``municipality`` stand first.
    """
    bare = _KIND.sub("", text.strip())
    if bare.isdigit():
        conditions = [_state.c.code.startswith(bare, autoescape=True)]
    else:
        words = [f" {word}" for word in name_key(bare).split()]
        conditions = [_state.c.name_key.contains(word, autoescape=True) for word in words]
    if municipality and not conditions:
        conditions = [_state.c.municipality == municipality]
    is_own = case((_state.c.municipality == municipality, 0), else_=1)
    asked = (
        select(_state.c.code)
        .where(*conditions)
        .group_by(_state.c.code)
        .order_by(func.min(is_own), func.min(_state.c.name_key))
        .limit(2 * most)
    )
    places = _places_now(connection, {str(code) for code in connection.scalars(asked)}, today)
    places.sort(key=lambda p: (p.municipality != municipality, p.name, p.where))
    return places[:most]


def exact_places(connection: Connection, text: str, today: date) -> list[Place]:
    """Those that ``text`` names whole: a code, ``Орешак``, ``с. Орешак``."""
    wanted = " ".join(text.casefold().split())
    return [
        place
        for place in find_places(connection, text, today)
        if wanted
        in {place.code, *(n.casefold() for n in (place.name, place.full_name, place.name_en))}
    ]


def choose_places(
    connection: Connection, text: str, today: date, *, chosen: str = "", municipality: str = ""
) -> tuple[Place | None, list[Place]]:
    """The settlement that is meant by what was typed, if that is clear, and all that may be.

    Args:
        connection: of the caller's transaction.
        text: a code or a name, a former one too.
        today: whose names hold.
        chosen: the code that was picked from those before; it counts while ``text`` may mean it.
        municipality: whose settlements stand first.
    """
    if not text.strip():
        return None, []
    exact = exact_places(connection, text, today)
    found = exact or find_places(connection, text, today, municipality=municipality, most=10)
    found.sort(key=lambda place: place.municipality != municipality)
    picked = [each for each in found if each.code == chosen]
    clear = picked or exact
    return (clear[0] if len(clear) == 1 else None), found


def count_places(connection: Connection) -> int:
    """How many codes are known."""
    return connection.scalar(select(func.count()).select_from(_settlement)) or 0


def territories(connection: Connection, kind: str, on: date, prefix: str = "") -> list[Territory]:
    """Provinces, municipalities or mayoralties of a day whose code begins with ``prefix``."""
    latest: dict[str, Territory] = {}
    of_kind = (_territory.c.kind == kind, _territory.c.code.startswith(prefix, autoescape=True))
    for each in rows(connection, Territory, *of_kind, order=("code", "valid_from")):
        if each.valid_from <= on or each.code not in latest:
            latest[each.code] = each
    return [each for each in latest.values() if not (each.is_gone and each.valid_from <= on)]


def territory(connection: Connection, kind: str, code: str, on: date) -> Territory | None:
    """What is called so on a day; the last state of it where it is no more."""
    there = (_territory.c.kind == kind, _territory.c.code == code)
    found = rows(connection, Territory, *there, order=("valid_from",))
    held = [each for each in found if each.valid_from <= on]
    return held[-1] if held else next(iter(found), None)


def end_settlement(
    database: Database, code: str, into: str, on: date, *, actor: Actor, now: datetime
) -> None:
    """Say that ``code`` is a part of ``into`` from ``on`` on; addresses in it follow.

    Raises:
        PeopleError: one of them is not there, ``into`` has ended, or would be its own successor.
    """
    today = now.date()
    with database.transaction() as connection:
        for each in (code, into):
            if row(connection, Settlement, _settlement.c.code == each, is_locked=True) is None:
                raise PeopleError("There is no settlement {code}", field="successor", code=each)
        if current_code(connection, into, max(on, today)) in {code, ""}:
            raise PeopleError("It can't become a part of itself", field="successor")
        target = row(connection, Settlement, _settlement.c.code == into)
        if target is not None and target.ended_on is not None and target.ended_on <= on:
            raise PeopleError(
                "{code} is no settlement any more on that day", field="successor", code=into
            )
        connection.execute(
            update(_settlement)
            .where(_settlement.c.code == code)
            .values(ended_on=on, successor=into)
        )
        note(connection, actor, "people.settlement-merged", code, into=into, on=on.isoformat())


def _places_now(connection: Connection, codes: set[str], today: date) -> list[Place]:
    """What many codes have become, with few statements."""
    ended = rows(
        connection, Settlement, _settlement.c.code.in_(codes), _settlement.c.ended_on.is_not(None)
    )
    gone = {each.code for each in ended}
    now = codes - gone | {current_code(connection, code, today) for code in gone}
    states: dict[str, SettlementState] = {}
    for each in rows(connection, SettlementState, _state.c.code.in_(now), order=("valid_from",)):
        if each.valid_from <= today or each.code not in states:
            states[each.code] = each
    names = {
        (each.kind, each.code): each.name
        for kind in ("municipality", "province")
        for each in territories(connection, kind, today)
    }
    return [_named(state, names) for state in states.values()]


def _place(connection: Connection, state: SettlementState, on: date) -> Place:
    above = (("municipality", state.municipality), ("province", state.municipality[:3]))
    found = [territory(connection, kind, code, on) for kind, code in above]
    return _named(state, {(each.kind, each.code): each.name for each in found if each is not None})


def _named(state: SettlementState, names: Mapping[tuple[str, str], str]) -> Place:
    """A place; ``names``: of what it lies in, by kind and code."""
    return Place(
        code=state.code,
        kind=state.kind,
        name=state.name,
        name_en=state.name_en,
        municipality=state.municipality,
        municipality_name=names.get(("municipality", state.municipality), ""),
        province_name=names.get(("province", state.municipality[:3]), ""),
        mayoralty=state.mayoralty,
        postal_code=state.postal_code,
    )
