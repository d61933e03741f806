"""What all views share: settings, databases, keys, and who stands at the door."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar

from broker.store.database import Database
from portal.keys import Keys
from portal.settings import PortalSettings
from portal.web.actor import Doorkeeper, OpenDoor

Part = TypeVar("Part")


def utc_now() -> datetime:
    """The time of day."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Portal:
    """One running portal.

    Attributes:
        database: the portal's own.
        feedback: the feedback store.
        parts: what areas share that has a life of its own (a writer, a counter of tries), one of
            each class.
    """

    settings: PortalSettings
    database: Database
    feedback: Database
    keys: Keys
    doorkeeper: Doorkeeper = field(default_factory=OpenDoor)
    clock: Callable[[], datetime] = utc_now
    parts: dict[type, object] = field(default_factory=dict)

    def add(self, parts: Iterable[object]) -> None:
        """Make ``parts`` known to views."""
        self.parts.update({type(part): part for part in parts})

    def part(self, kind: type[Part]) -> Part:
        """The part of that class.

        Raises:
            LookupError: nobody added one, which is a fault of ``portal.app``.
        """
        found = self.parts.get(kind)
        if not isinstance(found, kind):
            raise LookupError(f"the portal has no {kind.__name__}")  # noqa: TRY004  # it is missing
        return found
