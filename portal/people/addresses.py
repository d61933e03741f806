"""Addresses of parties: entered once, read by all, dated, and at home in a settlement's code.

A settlement that is renamed or merged changes no address: an address says which code it had, and
is read with what the code meant then and what it has become.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, Final

from sqlalchemy import Connection, delete, insert, update

from broker.store.database import Database
from portal.audit.log import note
from portal.people.errors import PeopleError
from portal.people.party_search import locked_party
from portal.people.rows import row, rows
from portal.people.rules import AddressKind, is_on
from portal.people.settlements import Place, place_now, place_then
from portal.people.tables import Address, Settlement
from portal.store.tables import new_id, table_of
from portal.web.actor import Actor

_address: Final = table_of(Address)
_settlement: Final = table_of(Settlement)

HOME: Final = "BG"


@dataclass(frozen=True, slots=True)
class Where:
    """What is entered of an address.

    Attributes:
        settlement: code of ЕКАТТЕ; empty abroad.
        location: street or quarter; ``location_code`` is its code in the national classifier.
        abroad: lines of an address outside Bulgaria; ``country`` is ISO 3166.
    """

    settlement: str = ""
    country: str = HOME
    postal_code: str = ""
    location_code: str = ""
    location: str = ""
    number: str = ""
    entrance: str = ""
    floor: str = ""
    apartment: str = ""
    abroad: str = ""


@dataclass(frozen=True, slots=True)
class AddressShown:
    """An address as it is read.

    Attributes:
        then: what its settlement was when it began to hold; ``None`` abroad.
        now: what that settlement has become.
    """

    address: Address
    then: Place | None
    now: Place | None

    @property
    def is_renamed(self) -> bool:
        """Whether the settlement goes by another name today."""
        if self.then is None or self.now is None:
            return False
        return (self.then.code, self.then.full_name) != (self.now.code, self.now.full_name)

    def line(self) -> str:
        """On one line, as it is written today on an envelope."""
        a = self.address
        if self.now is None:
            return ", ".join([*a.abroad.splitlines(), a.country])
        parts = (
            f"{a.postal_code or self.now.postal_code} {self.now.full_name}".strip(),
            f"{a.location} № {a.number}" if a.location and a.number else a.location,
            f"№ {a.number}" if a.number and not a.location else "",
            f"вх. {a.entrance}" if a.entrance else "",
            f"ет. {a.floor}" if a.floor else "",
            f"ап. {a.apartment}" if a.apartment else "",
        )
        return ", ".join(part for part in parts if part)


def set_address(
    database: Database, party: str, kind: AddressKind, where: Where, from_on: date, *, actor: Actor
) -> None:
    """Say where a party is from a day on; the address before ends then.

    Of the same day it takes the other one's place: that was a mistake.

    Raises:
        PeopleError: there is no such settlement, or neither it nor lines abroad are given.
        StaleError: the party was merged or erased meanwhile.
    """
    with database.transaction() as connection:
        locked_party(connection, party)
        _check(connection, where)
        same_day = _of(party, kind) & (_address.c.valid_from == from_on)
        connection.execute(delete(_address).where(same_day))
        values = {name: getattr(where, name) for name in Where.__dataclass_fields__}
        values["settlement"] = where.settlement or None
        key = {"id": new_id(), "party": party, "kind": kind, "valid_from": from_on}
        connection.execute(insert(_address).values({**values, **key}))
        _close(connection, party, kind)
        note(connection, actor, "people.address-set", party, kind=kind, on=from_on.isoformat())


def end_address(
    database: Database, party: str, kind: AddressKind, on: date, *, actor: Actor
) -> bool:
    """Say that an address holds no more from a day on; ``False``: none did.

    Raises:
        StaleError: the party was merged or erased meanwhile.
    """
    with database.transaction() as connection:
        locked_party(connection, party)
        found = _at(rows(connection, Address, _of(party, kind)), on)
        if found is None:
            return False
        _write(connection, found, valid_to=on)
        note(connection, actor, "people.address-ended", party, kind=kind, on=on.isoformat())
    return True


def addresses_of(connection: Connection, party: str, today: date) -> list[AddressShown]:
    """All addresses of a party, the latest first, former ones too."""
    found = rows(connection, Address, _address.c.party == party, order=("kind", "valid_from"))
    return [_shown(connection, each, today) for each in reversed(found)]


def address_of(
    connection: Connection, party: str, kind: AddressKind, on: date
) -> AddressShown | None:
    """Where a party is on a day; ``None``: nobody said.

    Args:
        connection: of the caller's transaction.
        party: its id, resolved.
        kind: which of its addresses.
        on: the day; its settlement is told as of that day, too.
    """
    found = _at(rows(connection, Address, _of(party, kind)), on)
    return _shown(connection, found, on) if found is not None else None


def move_addresses(connection: Connection, duplicate: str, into: str) -> None:
    """Give the addresses of a merged duplicate to what it became; of one day, that one's stays."""
    own = rows(connection, Address, _address.c.party == into)
    taken = {(each.kind, each.valid_from) for each in own}
    for each in rows(connection, Address, _address.c.party == duplicate):
        if (each.kind, each.valid_from) in taken:
            connection.execute(delete(_address).where(_address.c.id == each.id))
        else:
            _write(connection, each, party=into)
    for kind in ("permanent", "current", "correspondence"):
        _close(connection, into, kind)


def _check(connection: Connection, where: Where) -> None:
    if where.country != HOME:
        if not where.abroad:
            raise PeopleError("Write the address abroad", field="abroad")
        return
    here = _settlement.c.code == where.settlement
    if row(connection, Settlement, here) is None:
        raise PeopleError("There is no settlement of this name or code", field="settlement")


def _close(connection: Connection, party: str, kind: str) -> None:
    """Let each address end where the next one begins."""
    found = rows(connection, Address, _of(party, kind), order=("valid_from",))
    for each, after in pairwise(found):
        if each.valid_to is None or each.valid_to > after.valid_from:
            _write(connection, each, valid_to=after.valid_from)


def _of(party: str, kind: str) -> Any:  # noqa: ANN401  # a condition
    return (_address.c.party == party) & (_address.c.kind == kind)


def _at(found: list[Address], on: date) -> Address | None:
    return next((each for each in found if is_on(each.valid_from, each.valid_to, on)), None)


def _write(connection: Connection, address: Address, **values: Any) -> None:  # noqa: ANN401
    connection.execute(update(_address).where(_address.c.id == address.id).values(**values))


def _shown(connection: Connection, address: Address, today: date) -> AddressShown:
    if address.settlement is None:
        return AddressShown(address, None, None)
    then = place_then(connection, address.settlement, address.valid_from)
    return AddressShown(address, then, place_now(connection, address.settlement, today))
