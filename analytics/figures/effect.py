"""What came of a measure: 28 days before it took effect, and 28 after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal, TypeAlias

from analytics.closed.asked import Asked, Votes
from analytics.closed.book import Book
from analytics.figures.key import change_between
from analytics.figures.spread import spread_of
from analytics.improvement.actions import Action
from analytics.measures.change import Change
from analytics.period import Period
from broker.store.places import Place

DAYS: Final = 28
"""Four whole weeks on either side, so that every weekday counts as often."""

SURE_P: Final = 0.05

Outcome: TypeAlias = Literal["better", "worse", "no-difference", "too-early"]


@dataclass(frozen=True, slots=True)
class Effect:
    """Before and after.

    Attributes:
        before, after: votes of the two periods; ``None`` for none.
        change: of the share satisfied; ``None`` while a side is missing.
        outcome: better or worse by more than chance; no more than chance; or too early, before 28
            days are over, or with so few votes that ten points could hide.
        has_new_scale: people rated before, but on another scale: nothing can ever be compared.
    """

    before: Votes | None
    after: Votes | None
    change: Change | None
    outcome: Outcome
    has_new_scale: bool = False


HIDDEN: Final = 0.10
"""While the interval of the change goes so far either way, "no difference" would be a guess."""


def effect(book: Book, asked: Asked, took_effect_on: date) -> Effect:
    """The effect of what was done at ``asked.places``; ``asked.period`` doesn't matter.

    It is what changed, not what changed it: other things happen in eight weeks, and that is said
    beside the figure.
    """
    after_days = Period(took_effect_on, took_effect_on + timedelta(DAYS - 1))
    later = asked.in_period(after_days)
    after = next(iter(book.votes(later)), None)
    earlier = book.votes(asked.in_period(after_days.before))
    before = next((each for each in earlier if after and each.scale == after.scale), None)
    if after is None or before is None:
        return Effect(before, after, None, "too-early", bool(after and earlier))
    found = change_between(before, after, spread_of(book, later, after.scale))
    is_over = book.period.to_on >= after_days.to_on
    return Effect(before, after, found, _outcome(found) if is_over else "too-early")


def effect_of(book: Book, action: Action, site: Place | None = None) -> Effect | None:
    """What came of an action, at its place or all over its unit.

    A place without figures of its own is told with the one above it; ``None`` before the action
    took effect, or where the place is unknown. It is of the share satisfied, whichever measure the
    action was meant to change: changes are reckoned of that alone.

    Args:
        book: as far as the reader sees it.
        action: done or not.
        site: of an action without a place, the municipality's; ``None``: all that the book knows.
    """
    if action.took_effect_on is None:
        return None
    asked = Asked(
        Period(action.took_effect_on, action.took_effect_on), survey=action.survey or None
    )
    if action.place is not None:
        named = book.nearest(action.place)
        return None if named is None else effect(book, asked.at(named.place), action.took_effect_on)
    seen = book.only({action.unit}) if action.unit else book
    return effect(seen, asked if site is None else asked.at(site), action.took_effect_on)


def _outcome(found: Change) -> Outcome:
    if found.p <= SURE_P:
        return "better" if found.difference > 0 else "worse"
    return "too-early" if max(-found.low, found.high) > HIDDEN else "no-difference"
