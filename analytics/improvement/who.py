"""Who asks, what he may, and what he is told when something can't be done.

Roles hold for the units that somebody has (those in them included), or for all of them. What
belongs to another unit is, for him, not there. What belongs to the whole municipality has the unit
``""``: only those whose roles hold everywhere see it.
"""

from __future__ import annotations

from typing import Final, Protocol

READERS: Final = frozenset({"editor", "head-of-unit", "manager", "auditor", "administrator"})
"""Who may read: those for whom the dashboard is."""
DOERS: Final = frozenset({"head-of-unit", "manager", "administrator"})
"""Who takes up findings and carries actions out."""
WRITERS: Final = frozenset({"editor", "head-of-unit", "manager", "administrator"})
"""Who writes drafts and the journal of methods."""
DECIDERS: Final = frozenset({"manager", "administrator"})
"""Who sets targets, approves, publishes, and lets people without an account subscribe."""


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


class Who(Protocol):
    """Somebody of the staff."""

    @property
    def id(self) -> str:
        """Of his account."""

    @property
    def name(self) -> str:
        """As others see it."""

    @property
    def roles(self) -> frozenset[str]:
        """Of the portal, ``manager`` for one."""

    @property
    def units(self) -> frozenset[str]:
        """Codes of those for which the roles hold, those in them included; empty: all."""


class ImprovementError(Exception):
    """Something that can't be done as asked.

    Attributes:
        message: for people, in English, with ``{values}`` to put in after translation.
        values: what is put in.
        field: that it is about; empty: of none.
    """

    def __init__(self, message: str, *, field: str = "", **values: object) -> None:
        super().__init__(message.format(**values) if values else message)
        self.message = message
        self.values = values
        self.field = field


class NotThereError(ImprovementError):
    """There is no such thing, or it is another unit's: who may not see it can't tell which."""

    def __init__(self) -> None:
        super().__init__(_("There is no such thing here"))


class NotAllowedError(ImprovementError):
    """He sees it, but no role of his lets him do that."""

    def __init__(self) -> None:
        super().__init__(_("Your role does not allow this; ask a manager"))


class StaleError(ImprovementError):
    """Somebody else changed it since it was read."""

    def __init__(self) -> None:
        super().__init__(_("Somebody else changed this meanwhile; look at it anew"))


def sees(who: Who, unit: str) -> bool:
    """Whether what belongs to ``unit`` is there for him; ``""``: the whole municipality's."""
    return bool(who.roles & READERS) and (not who.units or unit in who.units)


def need_sight(who: Who, unit: str) -> None:
    """See that he sees it.

    Raises:
        NotThereError: he does not.
    """
    if not sees(who, unit):
        raise NotThereError


def need_power(who: Who, unit: str, roles: frozenset[str]) -> None:
    """See that he may do with it what takes one of ``roles``.

    Raises:
        NotThereError: he does not see it.
        NotAllowedError: he does, but has none of them.
    """
    need_sight(who, unit)
    if not who.roles & roles:
        raise NotAllowedError


def need_text(text: str, field: str, most: int) -> None:
    """See that something is written, and not too much.

    Raises:
        ImprovementError: it is not.
    """
    if not text.strip():
        raise ImprovementError(_("Fill this in"), field=field)
    if len(text) > most:
        raise ImprovementError(_("Write at most {bound} characters"), field=field, bound=most)
