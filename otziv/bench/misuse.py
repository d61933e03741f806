"""``otziv bench misuse``: what the rules catch, and what honest votes they cost.

Simulated days, of which it is known who pressed. The limits of the rules were tuned on
``TUNING_SEEDS``; what is reported is of ``TESTING_SEEDS``, which nothing was tuned on. Beside the
rules stand the plain filters of the trade: a press sooner than so many seconds after the one that
counted is ignored.
"""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random
from typing import Final, TypeAlias

from broker.misuse import simulated_days as days
from broker.misuse.rules import CURRENT, Day, judge
from broker.misuse.simulated_panel import CORRECTION_S, Seen, watch
from broker.store.columns import to_ms
from otziv.bench.misuse_account import TRUE_SHARE, Cost, Doubted, Outcome, name_of
from otziv.bench.report import Report, Target

TUNING_SEEDS: Final = range(1, 201)
TESTING_SEEDS: Final = range(1001, 1201)

RATES: Final = (20, 60, 120)
"""Honest votes an hour."""
VISITORS: Final = 160
INTERVALS_S: Final = (2, 5, 10, 30)
_WEEKS: Final = 6
_GRACE_S: Final = 30 * 60
_MIDNIGHT: Final = datetime(2026, 11, 16, tzinfo=UTC)
_MIDNIGHT_MS: Final = to_ms(_MIDNIGHT)

SCENARIOS: Final[Mapping[str, days.Misuse]] = {
    "nobody": lambda _random: [],
    "child-very-bad": days.child,
    "child-every-face": days.child_at_every_face,
    "child-in-passing": days.child_in_passing,
    "stuffing-fast": days.stuffing_fast,
    "stuffing-every-20-s": days.stuffing_steadily,
    "stuffing-patiently": days.stuffing_patiently,
    "worn-contact": days.worn_contact,
    "after-hours": days.after_hours,
}

Weeks: TypeAlias = list[dict[int, Counter[int]]]


def measure(runs: int = 5) -> Report:  # noqa: ARG001  # figures by seed are the same every time
    """Measure everything on the seeds kept for it."""
    return report(TESTING_SEEDS)


def report(seeds: Sequence[int]) -> Report:
    """Measure everything on some seeds."""
    outcomes = misuse_outcomes(seeds)
    costs = {rate: honest_costs(seeds, rate) for rate in RATES}
    ours = {rate: each["rules"] for rate, each in costs.items()}
    child = outcomes["rules"]["child-very-bad"]
    return Report(
        name="misuse",
        figures={
            "rules": CURRENT,
            "misuse": {name: one.as_document() for name, one in outcomes["rules"].items()},
            "honest_flagged": {str(rate): cost.flagged_percent for rate, cost in ours.items()},
            "honest_flagged_by_reason": {str(rate): cost.reasons for rate, cost in ours.items()},
            "honest_rush_flagged": rush_cost(seeds).flagged_percent,
            "correction_merges": {
                str(rate): {
                    "computed": round(100 * chance_of_merge(rate), 2),
                    "simulated": round(100 * merged_strangers(seeds, rate), 2),
                    "with_parties": cost.merged_percent,
                }
                for rate, cost in ours.items()
            },
        },
        compared_with={
            name: {
                "child_filtered_share": outcomes[name]["child-very-bad"].filtered_share,
                "stuffing_filtered_share": outcomes[name]["stuffing-every-20-s"].filtered_share,
                "honest_lost": {str(rate): costs[rate][name].flagged_percent for rate in RATES},
            }
            for name in INTERVALS
        },
        targets={
            "child: error of the mean, points": Target(round(child.error, 2), 1, "at most"),
            "child: error on 95 % of days, points": Target(round(child.error_95, 2), 2, "at most"),
            "honest votes flagged at 20 an hour, %": Target(ours[20].flagged_percent, 2, "at most"),
            "honest votes flagged at 120 an hour, %": Target(
                ours[120].flagged_percent, 5, "at most"
            ),
        },
        notes=(
            f"{len(seeds)} days, seeds {seeds[0]} to {seeds[-1]}",
            f"tuned on seeds {TUNING_SEEDS[0]} to {TUNING_SEEDS[-1]}",
            f"{VISITORS} honest votes a day with misuse, {TRUE_SHARE:.0f} % of them satisfied",
            "8 hours, parties of up to three; strangers keep no distance",
        ),
    )


def misuse_outcomes(seeds: Iterable[int]) -> dict[str, dict[str, Outcome]]:
    """By filter and misuse: what is left of it, all on the same honest days."""
    outcomes = {name: {misuse: Outcome() for misuse in SCENARIOS} for name in FILTERS}
    for seed in seeds:
        honest = days.honest_day(_chance(seed, "honest"), VISITORS)
        weeks = _weeks_before(seed, VISITORS // len(days.HOURS))
        for misuse, act in SCENARIOS.items():
            seen = watch(days.in_order(honest, act(_chance(seed, misuse))))
            for name, doubt in FILTERS.items():
                outcomes[name][misuse].add(seen, doubt(seen, weeks))
    return outcomes


def honest_costs(seeds: Iterable[int], rate: int) -> dict[str, Cost]:
    """By filter: what it costs where nobody misuses anything."""
    costs = {name: Cost() for name in FILTERS}
    for seed in seeds:
        random = _chance(seed, f"{rate} an hour")
        seen = watch(days.honest_day(random, days.crowd(random, rate)))
        weeks = _weeks_before(seed, rate)
        for name, doubt in FILTERS.items():
            costs[name].add(seen, doubt(seen, weeks))
    return costs


def rush_cost(seeds: Iterable[int]) -> Cost:
    """What the rules cost where 60 more honest people come within an hour, most of them cross."""
    cost = Cost()
    for seed in seeds:
        random = _chance(seed, "rush")
        acts = days.honest_day(random, VISITORS)
        rush = days.rush(random, first=VISITORS, visitors=60)
        seen = watch(days.in_order(acts, rush))
        cost.add(seen, rules_on(seen, _weeks_before(seed, VISITORS // len(days.HOURS))))
    return cost


def rules_on(seen: Sequence[Seen], weeks: Weeks) -> Doubted:
    """What the rules doubt."""
    visits = [visit.as_visit(number, _MIDNIGHT_MS) for number, visit in enumerate(seen)]
    return judge(Day(visits, weeks, _hour_of, _is_open), CURRENT)


def interval_on(interval_s: float, seen: Sequence[Seen], _weeks: Weeks) -> Doubted:
    """What a filter ignores that counts nothing for a while after a vote."""
    doubted: dict[str, set[str]] = {}
    counted_s = -math.inf
    for number, visit in enumerate(seen):
        at_s = visit.acts[0].at_s
        if at_s - counted_s < interval_s:
            doubted[name_of(number)] = {"interval"}
        else:
            counted_s = at_s
    return doubted


Filter: TypeAlias = Callable[[Sequence[Seen], Weeks], Doubted]
INTERVALS: Final[Mapping[str, Filter]] = {
    f"interval_{interval_s}_s": partial(interval_on, interval_s) for interval_s in INTERVALS_S
}
FILTERS: Final[Mapping[str, Filter]] = {"rules": rules_on, **INTERVALS}


def chance_of_merge(rate: float) -> float:
    """How probably a stranger's vote is taken for a correction: the next one comes within 3 s by
    chance, at the hour's rate, and presses another face.
    """
    differs = 1 - sum(share**2 for share in days.CONTENT.shares)
    return differs * statistics.fmean(
        -math.expm1(-busy * rate * CORRECTION_S / 3600) for busy in days.HOURS
    )


def merged_strangers(seeds: Iterable[int], rate: int) -> float:
    """The same, counted: everybody comes alone and presses once."""
    merged = votes = 0
    for seed in seeds:
        random = _chance(seed, f"{rate} strangers")
        seen = watch(days.strangers(random, days.crowd(random, rate, spread=0)))
        merged += sum(len(visit.acts) - 1 for visit in seen)
        votes += sum(len(visit.acts) for visit in seen)
    return merged / votes


def _weeks_before(seed: int, rate: int) -> Weeks:
    """The same weekday of the weeks before, by hour."""
    weeks: Weeks = []
    for week in range(_WEEKS):
        random = _chance(seed, f"week {week} at {rate}")
        day: dict[int, Counter[int]] = {}
        for seen in watch(days.honest_day(random, days.crowd(random, rate))):
            act = seen.acts[0]
            day.setdefault(int(act.at_s // 3600), Counter())[act.value] += 1
        weeks.append(day)
    return weeks


def _chance(seed: int, what: str) -> Random:
    return Random(f"{seed} {what}")


def _hour_of(at_ms: int) -> int:
    return (at_ms - _MIDNIGHT_MS) // 3_600_000


def _is_open(at: datetime) -> bool:
    since = at - _MIDNIGHT
    return timedelta(seconds=days.OPENS_S) <= since < timedelta(seconds=days.CLOSES_S + _GRACE_S)
