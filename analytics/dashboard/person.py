"""Who is looking: the gate says so in a header, which nobody else can send past it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

HEADER: Final = "X-Otziv-Person"
"""JSON in ASCII: ``name``, ``roles``, ``portal`` (the address to go back to), ``units``,
``id``."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the staff.

    Attributes:
        portal: the address of the portal, where he signs out.
        units: codes of the units whose touchpoints he sees, those in them included; empty: all.
        id: of his account.
    """

    name: str
    roles: frozenset[str]
    portal: str
    units: frozenset[str] = frozenset()
    id: str = ""


def header_of(person: Person) -> str:
    """What the gate writes."""
    said = {"name": person.name, "portal": person.portal, "id": person.id}
    return json.dumps({**said, "roles": sorted(person.roles), "units": sorted(person.units)})


def person_of(headers: Mapping[str, str]) -> Person | None:
    """Who is looking; ``None`` where there is no gate, so that only this machine can look."""
    said = headers.get(HEADER)
    if said is None:
        return None
    known = json.loads(said)
    return Person(
        known["name"],
        frozenset(known["roles"]),
        known["portal"],
        frozenset(known["units"]),
        known.get("id", ""),
    )
