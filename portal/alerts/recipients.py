"""Who of the staff is told of which alert: who may see its figures, and answers for the unit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from analytics.alerts.teller import News
from analytics.improvement.who import sees
from portal.settings import AlertsStaff
from portal.web.actor import Actor, Role

TOLD: Final[frozenset[Role]] = frozenset({"head-of-unit", "manager"})
"""Roles that answer for a unit; others find alerts on their page."""


def told_of(people: Iterable[Actor], unit: str | None, whom: AlertsStaff) -> list[Actor]:
    """Those who get a mail of an alert at a place of ``unit`` (``None``: of none).

    Args:
        people: of the staff, with the units in theirs.
        unit: code of the one that serves there.
        whom: of those who may see its figures.
    """
    if whom == "nobody":
        return []
    found = [each for each in people if each.roles & TOLD and sees(each, unit or "")]
    bound = [each for each in found if each.units]
    return found if whom == "all" else bound or found


def shared_out(
    people: Sequence[Actor], news: Sequence[News], whom: AlertsStaff
) -> dict[str, list[News]]:
    """Account → what it is told, of those who are told something."""
    found: dict[str, list[News]] = {}
    for each in news:
        for person in told_of(people, each.unit, whom):
            found.setdefault(person.id, []).append(each)
    return found
