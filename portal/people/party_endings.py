"""What becomes of parties that are no more: duplicates that are merged, people who are erased."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, delete, update

from broker.store.database import Database
from portal.audit.log import note
from portal.people.addresses import move_addresses
from portal.people.errors import PeopleError
from portal.people.party_search import lock_resolved, locked_party
from portal.people.rows import rows
from portal.people.rules import name_key
from portal.people.tables import Address, Party, PartyIdentifier
from portal.store.tables import table_of
from portal.web.actor import Actor

_party: Final = table_of(Party)
_identifier: Final = table_of(PartyIdentifier)
_address: Final = table_of(Address)


def merge_parties(
    database: Database, duplicate: str, into: str, *, actor: Actor, now: datetime
) -> None:
    """Make ``duplicate`` the same party as ``into``, which stays as it is and gains what it lacks.

    Identifiers of the duplicate become former ones where ``into`` has its own, the later one of two
    addresses holds, and the duplicate stays as an empty row that points there.

    Raises:
        PeopleError: they are one already, of different kinds, or have two different current
            identifiers of one kind: then one of these is wrong and has to be mended first.
        StaleError: one of them was merged or erased meanwhile.
    """
    if duplicate == into:
        raise PeopleError("This is one and the same party", field="into")
    with database.transaction() as connection:
        first, second = sorted((duplicate, into))  # in one order, so that nobody waits in a circle
        found = {each: locked_party(connection, each) for each in (first, second)}
        gone, stays = found[duplicate], found[into]
        if gone.kind != stays.kind:
            raise PeopleError("A person and a company can't be the same party", field="into")
        _move_identifiers(connection, duplicate, into)
        move_addresses(connection, duplicate, into)
        lacking = _lacking(gone, stays)
        connection.execute(
            update(_party).where(_party.c.id == into).values(**lacking, revision=stays.revision + 1)
        )
        _empty(connection, duplicate, merged_into=into)
        note(connection, actor, "people.party-merged", duplicate, into=into, at=now.isoformat())


def erase_party(
    connection: Connection, party: str, because: str, *, actor: Actor, now: datetime
) -> bool:
    """Erase who a party is: names, identifiers, contacts, addresses; ``False``: it was so before.

    The row stays, empty, with the reason, so that what refers to it (a document that must be kept)
    still does. Duplicates that were merged into it are empty already.

    Args:
        connection: of the transaction in which whatever else is known of it goes, too.
        party: its id; of a duplicate, what it became is erased.
        because: a code, such as ``request`` or ``retention``; never a citizen's own words.
        actor: who erases.
        now: when.

    Raises:
        PeopleError: there is no such party.
    """
    found = lock_resolved(connection, party)
    if found is None:
        raise PeopleError("There is no such party")
    if found.erased_at is not None:
        return False
    for table in (_identifier, _address):
        connection.execute(delete(table).where(table.c.party == found.id))
    _empty(connection, found.id, erased_at=now, erased_because=because)
    note(connection, actor, "people.party-erased", found.id, because=because)
    return True


def _move_identifiers(connection: Connection, duplicate: str, into: str) -> None:
    current = (_identifier.c.party.in_((duplicate, into)), _identifier.c.is_current)
    found = rows(connection, PartyIdentifier, *current)
    kinds = [(each.kind, each.country) for each in found]
    if len(set(kinds)) < len(kinds):
        raise PeopleError(
            "They have two different identifiers of one kind; mend the wrong one first",
            field="into",
        )
    values: dict[str, Any] = {"party": into}
    if any(each.party == into for each in found):
        values["is_current"] = False
    own = _identifier.c.party == duplicate
    connection.execute(update(_identifier).where(own).values(values))


def _lacking(gone: Party, stays: Party) -> dict[str, Any]:
    """What the duplicate knew and the other one did not."""
    names = ("middle_name", "latin_name", "born_on", "e_mail", "phone", "other_phone")
    found = {name: getattr(gone, name) for name in names if not getattr(stays, name)}
    known = {name: getattr(stays, name) for name in ("first_name", "last_name", "name")}
    whole = {**known, "middle_name": stays.middle_name, "latin_name": stays.latin_name, **found}
    order = ("first_name", "middle_name", "last_name", "name", "latin_name")
    return {**found, "name_key": name_key(*(whole[name] for name in order))}


def _empty(connection: Connection, party: str, **values: Any) -> None:  # noqa: ANN401  # columns
    """Leave nothing of a party but its row."""
    texts = (
        *("first_name", "middle_name", "last_name", "name", "latin_name", "name_key"),
        *("e_mail", "phone", "other_phone"),
    )
    emptied = {**dict.fromkeys(texts, ""), "born_on": None, **values}
    connection.execute(update(_party).where(_party.c.id == party).values(**emptied))
