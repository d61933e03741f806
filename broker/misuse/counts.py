"""An hour with more presses than this desk ever gets at that hour of the week. Pure.

The usual number is the mean of the same hour in the weeks before, the busiest week left out, since
misuse may have been in it. People come in waves, so counts spread more than Poisson's: the
variance is ``dispersion`` times the mean (negative binomial), reckoned over all hours of the day.
Where hardly anybody came before, nothing is said: the desk may have begun to open earlier. What
other rules doubt isn't counted. Only where the whole hour *and* one face of it are above what
chance allows, that face is cut to its usual number: a change of mood is no misuse.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from broker.misuse.visits import Doubts, Visit
from broker.store.flag_reasons import IMPROBABLE_COUNT

Tally: TypeAlias = Counter[int]
"""Value → how many ratings."""
Weeks: TypeAlias = Sequence[Mapping[int, Tally]]
"""For each of the same weekdays before on which anybody pressed: hour of the day → its ratings."""


@dataclass(frozen=True, slots=True)
class CountLimits:
    """From where on a count is improbable.

    Attributes:
        weeks: with fewer before it in which anybody came in an hour, that hour is not judged.
        chance: how probable an hour's count may be by chance.
        least_dispersion: variance over mean that is allowed for even where it was never seen.
        excess: fewer above the usual number are never flagged.
    """

    weeks: int
    chance: float
    least_dispersion: float
    excess: int


def doubt_counts(
    visits: Iterable[Visit],
    weeks: Weeks,
    hour_of: Callable[[int], int],
    limits: CountLimits,
    doubts: Doubts,
) -> None:
    """Doubt what is above the usual number, the last ones; ``visits`` of a touchpoint, in order.

    Args:
        visits: of one local day and one question.
        weeks: the same weekday before, of that question.
        hour_of: milliseconds since 1970 UTC → the local hour of the day.
        limits: as said.
        doubts: what other rules found; those visits are left out.
    """
    if len(weeks) < limits.weeks:
        return
    dispersion = max(limits.least_dispersion, _dispersion(weeks))
    by_hour: dict[int, list[Visit]] = defaultdict(list)
    for visit in visits:
        if visit.id not in doubts:
            by_hour[hour_of(visit.at_ms)].append(visit)
    for hour, pressed in by_hour.items():
        usual = [week.get(hour, Tally()) for week in weeks]
        if sum(map(bool, usual)) < limits.weeks:
            continue
        if _is_improbable(len(pressed), [week.total() for week in usual], dispersion, limits):
            _cut(pressed, usual, dispersion, limits, doubts)


def _cut(
    pressed: Sequence[Visit],
    usual: Sequence[Tally],
    dispersion: float,
    limits: CountLimits,
    doubts: Doubts,
) -> None:
    by_value: dict[int, list[Visit]] = defaultdict(list)
    for visit in pressed:
        by_value[visit.value].append(visit)
    for value, same in by_value.items():
        before = [week[value] for week in usual]
        if _is_improbable(len(same), before, dispersion, limits):
            for visit in same[round(_mean(before)) :]:
                doubts[visit.id].add(IMPROBABLE_COUNT)


def _is_improbable(
    count: int, before: Sequence[int], dispersion: float, limits: CountLimits
) -> bool:
    mean = _mean(before)
    if count < mean + limits.excess:
        return False
    return upper_tail(count, mean, dispersion) < limits.chance


def _mean(before: Sequence[int]) -> float:
    """The usual number, the busiest week left out; one press more, so that none is not never."""
    return (sum(before) - max(before) + 1) / (len(before) - 1)


def _dispersion(weeks: Weeks) -> float:
    """Pearson's chi-squared over its degrees of freedom, hours of a day pooled."""
    chi_squared, freedom = 0.0, 0
    for hour in {hour for week in weeks for hour in week}:
        counts = sorted(week.get(hour, Tally()).total() for week in weeks)[:-1]
        mean = sum(counts) / len(counts)
        if mean > 0:
            chi_squared += sum((count - mean) ** 2 for count in counts) / mean
            freedom += len(counts) - 1
    return chi_squared / freedom if freedom else 0.0


def upper_tail(count: int, mean: float, dispersion: float) -> float:
    """Probability of ``count`` or more: negative binomial of this mean, variance/mean above 1."""
    size, success = mean / (dispersion - 1), 1 / dispersion
    log_success, log_failure = math.log(success), math.log1p(-success)
    return max(
        0.0,
        1
        - math.fsum(
            math.exp(
                math.lgamma(size + k)
                - math.lgamma(size)
                - math.lgamma(k + 1)
                + size * log_success
                + k * log_failure
            )
            for k in range(count)
        ),
    )
