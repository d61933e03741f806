"""Somebody of each kind, and what they make, for the contract suite."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from analytics.improvement.actions import Ground, Plan
from analytics.improvement.drafts import NewDraft
from analytics.improvement.findings import Finding
from analytics.improvement.journal import NewEntry
from analytics.improvement.protocol import Improvement
from analytics.improvement.subscriptions import Subscription, Wish
from analytics.improvement.targets import NewTarget
from analytics.improvement.who import Who
from tests.fixtures.portals import FrozenClock

PEOPLE: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("mayor", "manager", ()),
    ("manager", "manager", ("revenue",)),
    ("head", "head-of-unit", ("revenue",)),
    ("stranger", "manager", ("registry",)),
    ("editor", "editor", ()),
    ("auditor", "auditor", ()),
    ("clerk", "clerk", ()),
)
"""Who they are, what role they have, and for which units."""


@dataclass
class House:
    """An implementation, with people who use it.

    Attributes:
        token_of: what the mail to a subscriber holds.
        mailed: addresses to which mails went, the first first.
    """

    desk: Improvement
    people: dict[str, Who]
    clock: FrozenClock
    token_of: Callable[[Subscription], str]
    mailed: Callable[[], list[str]]

    def __getattr__(self, name: str) -> Who:
        """``house.manager`` is the manager."""
        try:
            return self.people[name]
        except KeyError as error:
            raise AttributeError(name) from error


def a_target(**given: Any) -> NewTarget:  # noqa: ANN401  # fields
    """A promise of the revenue office."""
    usual: dict[str, Any] = {
        "unit": "revenue",
        "measure": "satisfied",
        "level": 0.9,
        "from_on": date(2026, 1, 1),
        "text_bg": "Девет от десет посетители са доволни.",
    }
    return NewTarget(**{**usual, **given})


def a_plan(owner: Who, **given: Any) -> Plan:  # noqa: ANN401  # fields
    """A second desk at noon."""
    usual: dict[str, Any] = {
        "title": "Второ гише по обяд",
        "ground": Ground("finding", "f-1", "По обяд недоволните са два пъти повече."),
        "unit": "revenue",
        "owner": owner.id,
        "due_on": date(2026, 12, 1),
    }
    return Plan(**{**usual, **given})


def a_finding(**given: Any) -> Finding:  # noqa: ANN401  # fields
    """Something about the revenue office."""
    usual = {"id": "f-1", "unit": "revenue", "words": "По обяд недоволните са повече."}
    return Finding(**{**usual, **given})


def an_entry(**given: Any) -> NewEntry:  # noqa: ANN401  # fields
    """A talk with the staff."""
    usual: dict[str, Any] = {
        "method": "staff-consultation",
        "from_on": date(2026, 3, 2),
        "to_on": date(2026, 3, 3),
        "findings": "Формулярът обърква хората.",
        "unit": "revenue",
        "n": 7,
    }
    return NewEntry(**{**usual, **given})


def a_draft(**given: Any) -> NewDraft:  # noqa: ANN401  # fields
    """The year's report on the revenue office."""
    usual: dict[str, Any] = {
        "kind": "annual",
        "unit": "revenue",
        "from_on": date(2025, 1, 1),
        "to_on": date(2025, 12, 31),
        "language": "bg",
    }
    return NewDraft(**{**usual, **given})


def a_wish(**given: Any) -> Wish:  # noqa: ANN401  # fields
    """The weekly letter about the revenue office."""
    usual: dict[str, Any] = {"kind": "periodic", "unit": "revenue", "language": "bg"}
    return Wish(**{**usual, **given})
