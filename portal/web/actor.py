"""Who is asking: nobody known, a citizen, or somebody of the staff."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, Protocol, TypeAlias

from starlette.requests import Request

Kind: TypeAlias = Literal["anonymous", "citizen", "staff"]

Role: TypeAlias = Literal[
    "clerk", "mayoralty-clerk", "head-of-unit", "editor", "manager", "auditor", "administrator"
]
ROLES: Final[tuple[Role, ...]] = (
    "clerk",
    "mayoralty-clerk",
    "head-of-unit",
    "editor",
    "manager",
    "auditor",
    "administrator",
)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is asking.

    Attributes:
        id: of the account; empty for nobody.
        name: as others see it; empty for nobody.
        roles: of staff.
        units: codes of the units for which the roles hold; empty: for all of them.
        session: what forms are bound to; empty without one.
    """

    kind: Kind = "anonymous"
    id: str = ""
    name: str = ""
    roles: frozenset[Role] = frozenset()
    units: frozenset[str] = frozenset()
    session: str = ""

    @property
    def is_staff(self) -> bool:
        """Whether it is somebody of the staff."""
        return self.kind == "staff"


NOBODY: Final = Actor()


class Doorkeeper(Protocol):
    """Knows who is asking; ``accounts`` has the real one."""

    def recognise(self, request: Request) -> Actor:
        """Who is asking; :data:`NOBODY` where the session is unknown, over or ended."""


class OpenDoor:
    """A doorkeeper who knows nobody: before there are accounts."""

    def recognise(self, request: Request) -> Actor:  # noqa: ARG002  # the protocol's
        """Nobody."""
        return NOBODY
