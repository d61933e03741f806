"""What the portal knows besides votes: actions, targets, and the journal of methods."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from analytics.improvement.actions import OPEN, Action
from analytics.improvement.journal import Entry
from analytics.improvement.protocol import Improvement
from analytics.improvement.targets import Target
from analytics.improvement.who import Who
from analytics.period import Period
from broker.store.places import Place


@dataclass(frozen=True, slots=True)
class Facts:
    """All that there is of it, for one report.

    Attributes:
        is_known: whether there was anybody to ask; without a portal nothing is known, which is
            something else than that nothing was done.
        entries: of the methods used in the period.
    """

    is_known: bool = False
    actions: tuple[Action, ...] = ()
    targets: tuple[Target, ...] = ()
    entries: tuple[Entry, ...] = ()

    def without_names(self) -> Facts:
        """The same for people outside the administration: no names of staff."""
        actions = tuple(replace(each, owner="", owner_name="") for each in self.actions)
        entries = tuple(replace(each, by="") for each in self.entries)
        return replace(self, actions=actions, entries=entries)

    def open_until(self, day: date) -> list[Action]:
        """Actions that are not done and are due by ``day``, the earliest first."""
        found = [each for each in self.actions if each.state in OPEN and each.due_on <= day]
        return sorted(found, key=lambda each: (each.due_on, each.title))

    def effective_in(self, period: Period) -> list[Action]:
        """Actions that took effect in these days, in order."""
        found = [
            each
            for each in self.actions
            if each.took_effect_on is not None
            and period.from_on <= each.took_effect_on <= period.to_on
        ]
        return sorted(found, key=lambda each: (each.took_effect_on or date.min, each.title))


def facts_of(
    improvement: Improvement, who: Who, period: Period, unit: str = "", place: Place | None = None
) -> Facts:
    """What ``who`` sees of it, as far as it is about a unit (all: empty) and a place.

    What was promised for the whole municipality is in a unit's report, too, if he sees it.
    """
    entries = improvement.entries(who, period.from_on, period.to_on)
    return Facts(
        is_known=True,
        actions=tuple(
            each
            for each in improvement.actions(who)
            if _is_about(each, unit, place) and each.made_at.date() <= _after(period)
        ),
        targets=tuple(
            each
            for each in improvement.targets(who)
            if _is_about(each, unit, place)
            and each.from_on <= period.to_on
            and (each.to_on is None or each.to_on >= period.from_on)
        ),
        entries=tuple(each for each in entries if not unit or each.unit in {unit, ""}),
    )


def _after(period: Period) -> date:
    """Reports are written in the weeks after their period, and tell of what is planned by then."""
    return period.to_on + timedelta(days=183)


def _is_about(thing: Action | Target, unit: str, place: Place | None) -> bool:
    """Whether it belongs to the unit, and to the place or to all of the unit's."""
    if unit and thing.unit != unit:
        return False
    return place is None or thing.place in {place, None}


@dataclass(frozen=True, slots=True)
class Itself:
    """The program, which reads for a report that nobody makes by hand; it sees these units."""

    units: frozenset[str] = frozenset()
    id: str = ""
    name: str = ""
    roles: frozenset[str] = frozenset({"auditor"})
