"""The simulated days, the panel that sees them, and the figures that come of them."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path
from random import Random

import pytest

from broker.misuse import simulated_days as days
from broker.misuse.rules import CHAINS_1, MONOTONE_1, STUCK_1
from broker.misuse.simulated_days import Act
from broker.misuse.simulated_panel import watch
from broker.store.flag_reasons import MISUSE
from otziv.bench import misuse
from otziv.bench.misuse import TESTING_SEEDS, TUNING_SEEDS
from otziv.bench.misuse_account import share
from otziv.bench.misuse_tables import BEGIN, END, tables, written
from otziv.bench.report import Report
from tests.kiosk.builders import ONE, play, session

GAPS_MS = (30, 49, 51, 120, 299, 300, 301, 700, 1500, 2999, 3000, 3001, 9000)


@pytest.mark.parametrize("seed", range(30))
def test_the_simulated_panel_is_the_kiosks(seed: int) -> None:
    """It makes of random presses what the firmware's session makes of them."""
    random, at_ms = Random(seed), 1000
    acts, pressed = [], []
    for _ in range(60):
        at_ms += random.choice(GAPS_MS)
        value = random.choice((1, 4))
        acts.append(Act(at_ms / 1000, value, None))
        pressed.append((f"face-{value}", at_ms))
    seen = [
        f"{'correction' if number else 'rating'} {act.value}"
        for visit in watch(acts)
        for number, act in enumerate(visit.acts)
    ]
    assert play(session(ONE), *pressed, until_ms=at_ms + 60_000) == seen


def test_an_honest_day_is_what_it_is_said_to_be() -> None:
    """Everybody votes once; nine of ten are satisfied, however parties agree; in opening hours."""
    acts = days.honest_day(Random(5), 160)
    meant = [act for act in acts if act.is_meant]
    assert sorted({act.visitor for act in meant if act.visitor is not None}) == list(range(160))
    assert len(meant) == 160
    assert share(act.value for act in meant) == 90
    assert acts == sorted(acts)
    assert acts[0].at_s >= days.OPENS_S
    assert acts[-1].at_s < days.CLOSES_S + 120


@pytest.mark.parametrize("name", misuse.SCENARIOS)
def test_misuse_is_nobodys_vote(name: str) -> None:
    """It is of no visitor, and the same for the same seed."""
    acts = misuse.SCENARIOS[name](Random(3))
    assert acts == misuse.SCENARIOS[name](Random(3))
    assert all(act.visitor is None for act in acts)


def test_two_strangers_are_one_who_corrects() -> None:
    """Within three seconds, with different faces: two votes in one visit."""
    merged, other = watch([Act(0, 4, 0), Act(2, 1, 1), Act(60, 4, 2)])
    assert (merged.voters, other.voters) == ({0, 1}, {2})


def test_tuning_and_testing_share_no_day() -> None:
    """Nothing that is reported was tuned on."""
    assert not set(TUNING_SEEDS) & set(TESTING_SEEDS)
    assert len(TESTING_SEEDS) == 200


@cache
def small() -> Report:
    """A report of a few days."""
    return misuse.report(range(9001, 9013))


def test_the_targets_are_met_on_some_days_of_neither() -> None:
    """Twelve other seeds: every target, and better than any plain interval; and the same twice."""
    seeds, report = range(9001, 9013), small()
    assert report.is_met, report.targets
    ours = report.figures["misuse"]["child-very-bad"]
    for peer in report.compared_with.values():
        assert abs(ours["filtered_share"] - 90) < abs(peer["child_filtered_share"] - 90)
        assert report.figures["honest_flagged"]["120"] < peer["honest_lost"]["120"]
    assert misuse.merged_strangers(seeds, 60) == misuse.merged_strangers(seeds, 60)


def test_the_correction_merges_as_often_as_computed() -> None:
    """Formula and simulation agree: strangers at 120 an hour."""
    computed = misuse.chance_of_merge(120)
    assert misuse.merged_strangers(range(9001, 9021), 120) == pytest.approx(computed, rel=0.2)


def test_rates_of_parties_are_kept() -> None:
    """Most people come alone, and no party is greater than three."""
    random = Random(1)
    sizes = Counter(days.party(random) for _ in range(2000))
    assert set(sizes) == {1, 2, 3}
    assert sizes[1] > 1600


PAGE = "docs/misuse.md"


def test_the_page_explains_every_reason_and_limit(project: Path) -> None:
    """By its code, with the numbers of version 1; and its tables are full."""
    page = (project / PAGE).read_text(encoding="utf-8")
    for reason in MISUSE:
        assert f"| `{reason}` |" in page
    for limit in (CHAINS_1.gap_ms, CHAINS_1.linger_ms, CHAINS_1.repeat_ms, CHAINS_1.together_ms):
        assert f"{limit / 1000:g} s" in page
    assert f"{CHAINS_1.burst_presses} or more presses with gaps" in page
    assert f"{STUCK_1.visits} or more" in page
    assert f"{MONOTONE_1.visits} or more" in page
    for name in tables(small().as_document()):
        assert BEGIN.format(name) in page


def test_tables_are_written_between_their_marks() -> None:
    """Twice the same, and nothing else on the page changes."""
    marks = "\n".join(f"{BEGIN.format(name)}\nold\n{END}" for name in tables(small().as_document()))
    once = written(f"before\n{marks}\nafter\n", small().as_document())
    assert "old" not in once
    assert (once.startswith("before\n"), once.endswith("after\n")) == (True, True)
    assert written(once, small().as_document()) == once


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_page_says_what_the_bench_says(project: Path) -> None:
    """Every target is met on the seeds kept for testing, and the page tells those figures."""
    report = misuse.measure()
    assert report.is_met, report.targets
    page = (project / PAGE).read_text(encoding="utf-8")
    assert written(page, report.as_document()) == page
