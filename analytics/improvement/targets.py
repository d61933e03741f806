"""Targets: levels that a unit promised to reach, as in the client's charter."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal, TypeAlias, get_args

from analytics.improvement.who import ImprovementError, need_text
from analytics.measures.interval import Interval
from broker.store.places import Place

Measure: TypeAlias = Literal["satisfied", "dissatisfied", "index", "response"]
"""Shares (0–1) satisfied, dissatisfied, and answering of those served; the index (0–100)."""
MEASURES: Final[tuple[Measure, ...]] = get_args(Measure)
OFFERED: Final[tuple[Measure, ...]] = ("satisfied", "dissatisfied", "index")
"""Those that a target or an action is judged by; ``response`` is read where it was chosen once."""

Verdict: TypeAlias = Literal["met", "not-met", "too-early"]

MOST_TEXT: Final = 1_000


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTarget:
    """What is promised.

    Attributes:
        unit: code of who promises it; empty: the whole municipality.
        place: where it holds; ``None``: everywhere the unit serves.
        survey: code; empty: all.
        level: to be reached; not to be exceeded where the measure is ``dissatisfied``.
        to_on: the last day; ``None``: until it is ended.
        text_bg: the commitment as people read it; ``text_en`` may be empty.
    """

    unit: str
    measure: Measure
    level: float
    from_on: date
    text_bg: str
    text_en: str = ""
    place: Place | None = None
    survey: str = ""
    to_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Target(NewTarget):
    """A target that was set."""

    id: str

    def holds_on(self, day: date) -> bool:
        """Whether it holds on ``day``."""
        return self.from_on <= day and (self.to_on is None or day <= self.to_on)


def check_target(new: NewTarget) -> None:
    """See that it can be promised.

    Raises:
        ImprovementError: a measure that there is not, a level outside it, days the wrong way
            round, or no words.
    """
    need_text(new.text_bg, "text_bg", MOST_TEXT)
    if new.measure not in OFFERED:
        raise ImprovementError(_("Choose one of the answers"), field="measure")
    most = 100 if new.measure == "index" else 1
    if not 0 <= new.level <= most:
        raise ImprovementError(
            _("This level can't be reached: it is outside the measure"), field="level"
        )
    if new.to_on is not None and new.to_on < new.from_on:
        raise ImprovementError(_("The last day is before the first"), field="to_on")


def ended(target: Target, on: date) -> Target:
    """The target with ``on`` as its last day.

    Raises:
        ImprovementError: it began later, or has ended before.
    """
    if on < target.from_on:
        raise ImprovementError(_("The last day is before the first"), field="to_on")
    if target.to_on is not None and target.to_on < on:
        raise ImprovementError(_("It has ended already"), field="to_on")
    return replace(target, to_on=on)


def verdict(measure: Measure, level: float, found: Interval | None) -> Verdict:
    """Whether a target is met, by the interval of the figure; ``None``: there is no figure.

    It is met when the whole interval is on the good side of the level (which belongs to it), not
    met when it is wholly on the other, and too early to tell while the level is inside.
    """
    if found is None:
        return "too-early"
    low, high, bound = found.low, found.high, level
    if measure == "dissatisfied":  # less is better
        low, high, bound = -found.high, -found.low, -level
    if low >= bound:
        return "met"
    return "not-met" if high < bound else "too-early"
