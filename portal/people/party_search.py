"""Finding parties: by the id that others hold, by identifier, by name."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, select

from portal.keys import Keys
from portal.people.errors import StaleError
from portal.people.identifiers import Identifier, IdentifierKind
from portal.people.rows import row, rows
from portal.people.rules import name_key
from portal.people.tables import Party, PartyIdentifier
from portal.store.tables import table_of

USE: Final = "party-identifier"
"""What the keys of identifiers are derived for."""

_party: Final = table_of(Party)
_identifier: Final = table_of(PartyIdentifier)


def full_name(party: Party) -> str:
    """As it is written on paper; empty when erased."""
    if party.kind != "person":
        return party.name
    return " ".join(filter(None, (party.first_name, party.middle_name, party.last_name)))


def resolve_party(connection: Connection, id_: str) -> Party | None:
    """The party of an id; of a merged duplicate, the one that it became."""
    passed: set[str] = set()
    while id_ not in passed:
        found = row(connection, Party, _party.c.id == id_)
        if found is None or found.merged_into is None:
            return found
        passed.add(id_)
        id_ = found.merged_into
    return None


def all_ids(connection: Connection, id_: str) -> set[str]:
    """A party's id and those of the duplicates that were merged into it.

    For areas that hold ids from before: what they know of one is found under all.
    """
    found = {id_}
    while True:
        asked = select(_party.c.id).where(_party.c.merged_into.in_(found))
        more = found | {str(each) for each in connection.scalars(asked)}
        if more == found:
            return found
        found = more


def lock_resolved(connection: Connection, id_: str) -> Party | None:
    """As :func:`resolve_party`, kept from others until the end of the transaction."""
    found = row(connection, Party, _party.c.id == id_, is_locked=True)
    while found is not None and found.merged_into is not None:
        found = row(connection, Party, _party.c.id == found.merged_into, is_locked=True)
    return found


def party_with(connection: Connection, keys: Keys, identifier: Identifier) -> Party | None:
    """Who has, or had, that identifier."""
    here = _identifier.c.hash == keys.hash(USE, identifier.key)
    found = row(connection, PartyIdentifier, here)
    return resolve_party(connection, found.party) if found is not None else None


def identifiers_of(connection: Connection, keys: Keys, party: str) -> list[Identifier]:
    """Those of a party, the current one first. Whoever shows one whole notes it."""
    of_party = _identifier.c.party == party
    found = rows(connection, PartyIdentifier, of_party, order=("since",))
    found.sort(key=lambda each: not each.is_current)
    return [_opened(keys, each) for each in found]


def find_parties(connection: Connection, text: str, *, most: int = 50) -> list[Party]:
    """Parties of whose names words begin with the words of ``text``, in any order.

    A scan of one column: 50 000 parties take some 20 ms.
    """
    words = name_key(text).split()
    if not words:
        return []
    matches = [_party.c.name_key.contains(f" {word}", autoescape=True) for word in words]
    alive = (_party.c.merged_into.is_(None), _party.c.erased_at.is_(None))
    return rows(connection, Party, *matches, *alive, order=("name_key", "id"), most=most)


def locked_party(connection: Connection, party: str) -> Party:
    """A party that can be changed, kept from others until the end of the transaction.

    Raises:
        StaleError: there is none, or it was merged or erased.
    """
    found = row(connection, Party, _party.c.id == party, is_locked=True)
    if found is None or found.merged_into is not None or found.erased_at is not None:
        raise StaleError("This party was merged or erased meanwhile; look for it anew")
    return found


def _opened(keys: Keys, found: PartyIdentifier) -> Identifier:
    kind: dict[str, IdentifierKind] = {"egn": "egn", "lnch": "lnch", "eik": "eik"}
    value = keys.unseal(USE, found.sealed).decode()
    return Identifier(kind.get(found.kind, "foreign"), value, found.country)
