"""``otziv bench alerts``: false alerts of a municipality, and how soon a jump is found.

Seeds are fresh: those that limits and budget were chosen on are below :data:`FIRST_SEED`.
"""

from __future__ import annotations

import math
import os
from concurrent.futures import ProcessPoolExecutor
from functools import reduce
from multiprocessing import get_context
from operator import add
from typing import Any, Final

from analytics.alerts.budget import A_MONTH
from otziv.bench.alert_jumps import at_rate, carried
from otziv.bench.alert_years import Found, quiet_year
from otziv.bench.report import Report, Target

FIRST_SEED: Final = 5000
YEARS_A_RUN: Final = 2
RATES: Final = (3, 10, 20)
DEVICE_YEARS: Final = {3: 240, 10: 120, 20: 96}
SLOW: Final = 2
"""Votes an hour at which evidence must be carried over closing time."""
SLOW_DAYS: Final = 5
_NONE: Final = "never"


def measure(runs: int = 5) -> Report:
    """Two quiet years a run, and jumps at each rate."""
    seeds = range(FIRST_SEED, FIRST_SEED + YEARS_A_RUN * runs)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # of the processes that are started
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn")) as processes:
        waiting = {
            rate: processes.submit(at_rate, rate, FIRST_SEED, DEVICE_YEARS[rate])
            for rate in sorted(RATES, reverse=True)
        }
        slow = processes.submit(carried, SLOW, FIRST_SEED, SLOW_DAYS)
        found = reduce(add, processes.map(quiet_year, seeds), Found())
        jumps = {rate: waiting[rate].result() for rate in RATES}
        kept = slow.result()
    false = found.by_rule.total() / found.months
    return Report(
        name="alerts",
        figures={
            "false alerts a month, 12 devices, by rule": {
                rule: round(found.by_rule[rule] / found.months, 3)
                for rule in ("unhappy", "burst", "reason", "silence", "good-news")
            },
            "false alerts a month, 12 devices": round(false, 3),
            "budget, if votes were independent": A_MONTH,
            "years": len(seeds),
            "votes": found.votes,
            **{f"jump at {rate} votes an hour": jumps[rate]["ours"] for rate in RATES},
            f"found within {SLOW_DAYS} days at {SLOW} votes an hour": kept,
        },
        compared_with={
            f"{rate} votes an hour": {
                name: _readable(each) for name, each in jumps[rate].items() if name != "ours"
            }
            for rate in RATES
        },
        targets={
            "false alerts a month, 12 devices": Target(round(false, 3), 2.0, "at most"),
            **{
                f"{rate} votes an hour: our delay over the best peer's": Target(
                    _over_best(jumps[rate]), 1.15, "at most"
                )
                for rate in RATES
            },
            f"{SLOW} votes an hour: found within {SLOW_DAYS} days": Target(
                kept["carried over closing time"], 0.9, "at least"
            ),
        },
        notes=(
            "delays are medians in minutes of opening time, of a jump from 15 to 45 % unhappy",
            "peers are told the usual share, and tuned to our false alarms on the same votes",
            "every alert counts, those too that the watch would tell as one case",
        ),
    )


def _over_best(figures: dict[str, Any]) -> float:
    peers = [each["median_delay_min"] for name, each in figures.items() if name != "ours"]
    return round(float(figures["ours"]["median_delay_min"] / min(peers)), 3)


def _readable(figures: dict[str, float]) -> dict[str, float | str]:
    """JSON knows no infinity."""
    return {name: each if math.isfinite(each) else _NONE for name, each in figures.items()}
