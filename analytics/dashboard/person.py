"""Who is looking: the gate says so in a header, which nobody else can send past it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

HEADER: Final = "X-Otziv-Person"
"""JSON in ASCII: ``name``, ``roles``, ``portal`` (the address to go back to)."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the staff.

    Attributes:
        portal: the address of the portal, where he signs out.
    """

    name: str
    roles: frozenset[str]
    portal: str


def header_of(person: Person) -> str:
    """What the gate writes."""
    return json.dumps({"name": person.name, "roles": sorted(person.roles), "portal": person.portal})


def person_of(headers: Mapping[str, str]) -> Person | None:
    """Who is looking; ``None`` where there is no gate, so that only this machine can look."""
    said = headers.get(HEADER)
    if said is None:
        return None
    known = json.loads(said)
    return Person(known["name"], frozenset(known["roles"]), known["portal"])
