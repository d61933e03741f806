"""What the municipality decided about accounts; until it did, the strict way."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from portal.accounts.accounts import POWERFUL
from portal.accounts.tables import AccountPolicy
from portal.store.tables import table_of

Must: TypeAlias = Literal["all", "powerful", "none"]

_policy: Final = table_of(AccountPolicy)


@dataclass(frozen=True, slots=True)
class Policy:
    """Decisions about accounts.

    Attributes:
        second_factor: for which staff it is a must: ``all``; ``powerful`` (administrators,
            auditors, managers); ``none``.
        two_persons: a citizen's new slip, where he had access before, needs a second person.
    """

    second_factor: Must = "all"
    two_persons: bool = False

    def needs_second_factor(self, roles: Collection[str]) -> bool:
        """Whether staff with these roles must have a second factor."""
        if self.second_factor == "powerful":
            return bool(POWERFUL.intersection(roles))
        return self.second_factor == "all"


def read_policy(connection: Connection) -> Policy:
    """What holds."""
    found = connection.execute(select(_policy)).one_or_none()
    return Policy() if found is None else Policy(found.second_factor, found.two_persons)


def write_policy(connection: Connection, policy: Policy) -> None:
    """Let ``policy`` hold from now on."""
    values = {"second_factor": policy.second_factor, "two_persons": policy.two_persons}
    module = postgresql if connection.dialect.name == "postgresql" else sqlite
    written = module.insert(_policy).values(code="here", **values)
    connection.execute(written.on_conflict_do_update(index_elements=["code"], set_=values))
