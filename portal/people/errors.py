"""What can go wrong with people and places; each text is English as in the catalogue."""

from __future__ import annotations


class PeopleError(Exception):
    """Something that can't be done as asked.

    Attributes:
        message: for people, in English, with ``{values}`` to put in after translation.
        values: what is put in.
        field: of the form that it is about; empty: of none.
    """

    def __init__(self, message: str, *, field: str = "", **values: object) -> None:
        super().__init__(message.format(**values) if values else message)
        self.message = message
        self.values = values
        self.field = field


class IdentifierError(PeopleError):
    """What was typed is no such identifier."""


class ThereAlreadyError(PeopleError):
    """The same is there already.

    Attributes:
        id: of what is there.
    """

    def __init__(self, message: str, there: str, *, field: str = "", **values: object) -> None:
        super().__init__(message, field=field, **values)
        self.id = there


class StaleError(PeopleError):
    """Somebody else changed it since it was shown."""
