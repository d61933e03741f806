"""Parties: entering and changing them. Each verb is one transaction.

A party is never deleted, since applications, accounts and documents refer to it by its id. Whoever
holds an id reads through :func:`portal.people.party_search.resolve_party`, which follows a merged
duplicate to what it became.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, insert, update
from sqlalchemy.exc import IntegrityError

from broker.store.database import Database
from portal.audit.log import note
from portal.keys import Keys
from portal.people.errors import PeopleError, StaleError, ThereAlreadyError
from portal.people.identifiers import Identifier
from portal.people.party_search import USE, find_parties, locked_party, party_with
from portal.people.rules import PartyKind, name_key
from portal.people.tables import Party, PartyIdentifier
from portal.store.tables import new_id, table_of
from portal.web.actor import Actor

_party: Final = table_of(Party)
_identifier: Final = table_of(PartyIdentifier)


@dataclass(frozen=True, slots=True)
class Details:
    """What is entered of a party; ``name`` is that of a company or body, the rest of a person."""

    kind: PartyKind
    first_name: str = ""
    middle_name: str = ""
    last_name: str = ""
    name: str = ""
    latin_name: str = ""
    born_on: date | None = None
    e_mail: str = ""
    phone: str = ""
    other_phone: str = ""


def enter_party(
    database: Database,
    keys: Keys,
    details: Details,
    identifier: Identifier | None,
    *,
    actor: Actor,
    now: datetime,
) -> str:
    """Enter a party; its id.

    Raises:
        PeopleError: it has no name.
        ThereAlreadyError: somebody has that identifier already, perhaps since a moment ago.
    """
    _check(details)
    party = new_id()
    try:
        with database.transaction() as connection:
            values = {**_values(details, identifier), "id": party, "entered_at": now}
            connection.execute(insert(_party).values(values))
            if identifier is not None:
                _add_identifier(connection, keys, party, identifier, now)
            kind = identifier.kind if identifier is not None else None
            note(connection, actor, "people.party-entered", party, kind=details.kind, by=kind)
    except IntegrityError as error:
        raise _already(database, keys, identifier) from error
    return party


def change_party(  # noqa: PLR0913  # each says one thing about it, by its name
    database: Database,
    keys: Keys,
    party: str,
    details: Details,
    identifier: Identifier | None,
    *,
    revision: int,
    actor: Actor,
    now: datetime,
) -> None:
    """Write what a party is now.

    Args:
        database: where.
        keys: of identifiers.
        party: its id.
        details: all of them, the unchanged ones too.
        identifier: a new one, the one before becoming a former one; ``None``: it stays.
        revision: of what the person who changes it has seen.
        actor: who that is.
        now: when.

    Raises:
        StaleError: it was changed meanwhile, merged or erased.
        PeopleError: it has no name.
        ThereAlreadyError: another party has that identifier.
    """
    _check(details)
    try:
        with database.transaction() as connection:
            before = locked_party(connection, party)
            if before.revision != revision or before.kind != details.kind:
                raise StaleError("Somebody else changed this meanwhile; look at it anew")
            values = {**_values(details, identifier), "revision": revision + 1}
            here = _party.c.id == party
            connection.execute(update(_party).where(here).values(values))
            if identifier is not None:
                _replace_identifier(connection, keys, party, identifier, now)
            changed = sorted(name for name in values if getattr(before, name) != values[name])
            fields = [name for name in changed if name not in {"name_key", "revision"}]
            fields += ["identifier"] if identifier is not None else []
            note(connection, actor, "people.party-changed", party, fields=fields)
    except IntegrityError as error:
        raise _already(database, keys, identifier) from error


def namesakes(connection: Connection, details: Details) -> list[Party]:
    """Parties of exactly these names: perhaps the same one."""
    key = _values(details, None)["name_key"]
    return [each for each in find_parties(connection, key) if each.name_key == key]


def _check(details: Details) -> None:
    if details.kind == "person" and not (details.first_name and details.last_name):
        raise PeopleError("A person has a first and a last name", field="last_name")
    if details.kind != "person" and not details.name:
        raise PeopleError("Write the name", field="name")


def _values(details: Details, identifier: Identifier | None) -> dict[str, Any]:
    """The columns of a party; names of the other kind are left empty, an ЕГН tells the birth."""
    is_person = details.kind == "person"
    first, middle, last = details.first_name, details.middle_name, details.last_name
    names = (first, middle, last) if is_person else ("", "", "")
    name = "" if is_person else details.name
    told_on = identifier.born_on if identifier is not None else None
    return {
        "kind": details.kind,
        "first_name": names[0],
        "middle_name": names[1],
        "last_name": names[2],
        "name": name,
        "latin_name": details.latin_name,
        "name_key": name_key(*names, name, details.latin_name),
        "born_on": (told_on or details.born_on) if is_person else None,
        "e_mail": details.e_mail,
        "phone": details.phone,
        "other_phone": details.other_phone,
    }


def _add_identifier(
    connection: Connection, keys: Keys, party: str, identifier: Identifier, now: datetime
) -> None:
    connection.execute(
        insert(_identifier).values(
            hash=keys.hash(USE, identifier.key),
            party=party,
            kind=identifier.kind,
            country=identifier.country,
            sealed=keys.seal(USE, identifier.value.encode()),
            is_current=True,
            since=now,
        )
    )


def _replace_identifier(
    connection: Connection, keys: Keys, party: str, identifier: Identifier, now: datetime
) -> None:
    """Make it the current one; a former one of this party may become so again."""
    own = _identifier.c.party == party
    connection.execute(update(_identifier).where(own).values(is_current=False))
    same = own & (_identifier.c.hash == keys.hash(USE, identifier.key))
    if connection.execute(update(_identifier).where(same).values(is_current=True)).rowcount == 0:
        _add_identifier(connection, keys, party, identifier, now)


def _already(database: Database, keys: Keys, identifier: Identifier | None) -> PeopleError:
    """Who has that identifier."""
    if identifier is not None:
        with database.reading() as connection:
            found = party_with(connection, keys, identifier)
        if found is not None:
            return ThereAlreadyError(
                "Somebody with this identifier is there already", found.id, field="identifier"
            )
    return StaleError("Somebody else changed this meanwhile; look at it anew")
