"""What can go wrong with what a person asks of the fleet."""

from __future__ import annotations


class FleetError(Exception):
    """It can't be done as asked; the text says what was wrong, where, and what to do."""


class ChangedError(FleetError):
    """Somebody else changed it since it was looked at; nothing was done.

    Attributes:
        found: what it is now.
    """

    def __init__(self, what: str, found: object) -> None:
        super().__init__(f"{what} was changed meanwhile: it is {found!r} now; look at it again")
        self.found = found
