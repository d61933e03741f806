"""The rules by version: a day at one touchpoint in, reasons to doubt its visits out. Pure.

A version never changes once figures were published with it: limits that turn out badly make a new
one, and ``otziv feedback flag --rules N`` goes from one to the other and back. What the limits of
version 1 were tuned on, and what they cost, is in docs/misuse.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias

from broker.misuse.chains import (
    ChainLimits,
    doubt_chains,
    doubt_repeats,
    doubt_several_buttons,
)
from broker.misuse.counts import CountLimits, Weeks, doubt_counts
from broker.misuse.forms import FormLimits, Usual, doubt_same_answers
from broker.misuse.rhythm import RhythmLimits, doubt_rhythm
from broker.misuse.visits import Doubts, Visit, are_rounded, by_device, no_doubts
from broker.store.columns import from_ms
from broker.store.errors import StoreError
from broker.store.flag_reasons import MONOTONE, OUT_OF_HOURS, STUCK_KEY


class UnknownRulesError(StoreError):
    """No rules of that version."""


@dataclass(frozen=True, slots=True)
class Day:
    """One local day at one touchpoint.

    Attributes:
        visits: those at panels whose time of day is known, in any order.
        weeks: the same weekday before, of the :func:`main_question` of this day.
        hour_of: milliseconds since 1970 UTC → the local hour of the day.
        is_open: whether visitors were let in at a time; ``None``: nobody has said.
        forms: those from the web, by link or by code, in any order.
        usual_forms: what the place's forms of the weeks before said.
    """

    visits: Sequence[Visit]
    weeks: Weeks
    hour_of: Callable[[int], int]
    is_open: Callable[[datetime], bool | None]
    forms: Sequence[Visit] = ()
    usual_forms: Callable[[], Usual] = Counter


Judge: TypeAlias = Callable[[Day], Doubts]

CHAINS_1: Final = ChainLimits(
    gap_ms=1_500,
    burst_presses=4,
    sweep_faces=4,
    linger_ms=6_000,
    repeat_ms=800,
    together_ms=250,
)
STUCK_1: Final = RhythmLimits(
    least_ms=300, most_ms=600_000, share=0.02, jitter_ms=60, visits=6, chance=1e-7
)
MONOTONE_1: Final = RhythmLimits(
    least_ms=1_000, most_ms=60_000, share=0.25, jitter_ms=5_000, visits=8, chance=1e-7
)
COUNTS_1: Final = CountLimits(weeks=4, chance=1e-5, least_dispersion=1.5, excess=10)
FORMS_2: Final = FormLimits(gap_ms=120_000, forms=12, chance=1e-7)


def judge(day: Day, version: int) -> Doubts:
    """The visits of ``day`` that the rules of ``version`` doubt, each with the reasons.

    Raises:
        UnknownRulesError: there is no such version.
    """
    return rules(version)(day)


def rules(version: int) -> Judge:
    """The rules of a version.

    Raises:
        UnknownRulesError: there is no such version.
    """
    if version not in RULES:
        known = ", ".join(map(str, sorted(RULES)))
        raise UnknownRulesError(f"no rules of version {version}: there are {known} (0: no rules)")
    return RULES[version]


def main_question(visits: Sequence[Visit]) -> tuple[str, str] | None:
    """The first question of most visits, with its scale; ``None`` where nobody came."""
    asked = Counter((visit.question, visit.scale) for visit in visits)
    return max(asked, key=lambda each: (asked[each], each), default=None)


def _version_0(_day: Day) -> Doubts:
    """No rules: nothing is doubted."""
    return no_doubts()


def _version_1(day: Day) -> Doubts:
    doubts = no_doubts()
    for visits in by_device(day.visits):
        if are_rounded(visits):
            continue
        doubt_chains(visits, CHAINS_1, doubts)
        doubt_repeats(visits, CHAINS_1, doubts)
        doubt_several_buttons(visits, CHAINS_1, doubts)
        doubt_rhythm(visits, STUCK_1, STUCK_KEY, doubts)
        doubt_rhythm(visits, MONOTONE_1, MONOTONE, doubts)
    for visit in day.visits:
        if day.is_open(from_ms(visit.at_ms)) is False:
            doubts[visit.id].add(OUT_OF_HOURS)
    main = main_question(day.visits)
    asked = sorted(
        (visit for visit in day.visits if (visit.question, visit.scale) == main),
        key=lambda visit: (visit.at_ms, visit.id),
    )
    doubt_counts(asked, day.weeks, day.hour_of, COUNTS_1, doubts)
    return doubts


def _version_2(day: Day) -> Doubts:
    """Panels as in version 1; and forms from the web that say the same."""
    doubts = _version_1(day)
    doubt_same_answers(day.forms, day.usual_forms, FORMS_2, doubts)
    return doubts


RULES: Final[Mapping[int, Judge]] = {0: _version_0, 1: _version_1, 2: _version_2}
CURRENT: Final = 2
"""The version that daily life goes by."""
