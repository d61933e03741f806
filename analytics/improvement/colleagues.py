"""Whom work can be given."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from analytics.improvement.who import ImprovementError


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of the staff: his account, and his name."""

    id: str
    name: str


def need_colleague(colleagues: Iterable[Colleague], account: str, field: str) -> str:
    """The name of the one with that account.

    Raises:
        ImprovementError: he is not among them.
    """
    for each in colleagues:
        if each.id == account:
            return each.name
    raise ImprovementError(_("Choose somebody who works for this unit"), field=field)
