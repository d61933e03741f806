"""Measures: published figures come out, and no sample is too small for an honest interval."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.measures.certainty import certainty
from analytics.measures.index import FORMULA, satisfaction_index
from analytics.measures.interval import Interval, wilson
from analytics.measures.satisfied import satisfied_share
from broker.store.scales import SCALES, Scale

SCALES_AND_COUNTS = st.sampled_from(sorted(SCALES)).flatmap(
    lambda code: st.tuples(
        st.just(SCALES[code]),
        st.dictionaries(
            st.sampled_from(list(SCALES[code].values)), st.integers(1, 500), min_size=1
        ),
    )
)


@pytest.mark.parametrize(
    ("satisfied", "n", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_is_newcombes_method_3(satisfied: int, n: int, low: float, high: float) -> None:
    """The interval is that of the article's table, to its four decimals."""
    bounds = wilson(satisfied / n, n)
    assert (round(bounds.low, 4), round(bounds.high, 4)) == (low, high)


def test_wilson_agrees_with_the_published_table(shared: Path) -> None:
    """Every row of the shared table comes out, to its four decimals."""
    published = shared / "data" / "stats" / "wilson_newcombe_1998.csv"
    with published.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert rows
    for row in rows:
        bounds = wilson(int(row["r"]) / int(row["n"]), int(row["n"]))
        expected = float(row["wilson_low"]), float(row["wilson_high"])
        assert (round(bounds.low, 4), round(bounds.high, 4)) == expected


@given(st.integers(1, 10**6).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_holds_the_share_and_has_a_width(votes: tuple[int, int]) -> None:
    """For any votes the interval lies within 0–1, contains the share, and is never a point."""
    satisfied, n = votes
    bounds = wilson(satisfied / n, n)
    assert 0 <= bounds.low <= satisfied / n <= bounds.high <= 1
    assert bounds.width > 0


@pytest.mark.parametrize(("share", "n"), [(-0.1, 5), (1.1, 5), (0.5, 0), (0.5, -1), (math.nan, 5)])
def test_wilson_refuses_what_is_no_share(share: float, n: int) -> None:
    """No votes, or a share outside 0–1, are an error and not a figure."""
    with pytest.raises(ValueError, match=r"share|votes"):
        wilson(share, n)


@pytest.mark.parametrize(
    ("scale", "satisfied"), [("faces-4", 7), ("faces-5", 9), ("yes-no", 1), ("nps-11", 19)]
)
def test_satisfied_counts_from_the_scales_own_threshold(scale: str, satisfied: int) -> None:
    """With ``value`` votes for each value, those from the threshold on are satisfied."""
    counts = {value: value for value in SCALES[scale].values}
    n = sum(counts.values())
    assert satisfied_share(counts, SCALES[scale]).share == pytest.approx(satisfied / n)


@pytest.mark.parametrize(
    ("scale", "votes", "index"),
    [("faces-4", (17, 16, 60, 126), 78.23), ("faces-5", (4, 2, 12, 23, 51), 81.25)],
)
def test_index_is_the_rescaled_mean(scale: str, votes: tuple[int, ...], index: float) -> None:
    """Worked examples of the trade, worst value first, come out as published (78 and 81)."""
    counts = dict(zip(SCALES[scale].values, votes, strict=True))
    figure = satisfaction_index(counts, SCALES[scale])
    assert round(figure.value, 2) == index
    assert figure.formula == FORMULA


@given(SCALES_AND_COUNTS)
def test_index_holds_the_mean_and_has_a_width(
    sample: tuple[Scale, dict[int, int]],
) -> None:
    """For any votes the interval lies within 0–100, contains the index, and is never a point."""
    scale, counts = sample
    figure = satisfaction_index(counts, scale)
    assert 0 <= figure.low <= figure.value + 1e-9
    assert figure.value - 1e-9 <= figure.high <= 100
    assert figure.high - figure.low > 0.1


@given(st.integers(0, 200), st.integers(1, 200))
def test_index_of_yes_or_no_is_the_share(no: int, yes: int) -> None:
    """On a scale of two values the index and the share are one figure with one interval."""
    counts, scale = {0: no, 1: yes}, SCALES["yes-no"]
    share, index = satisfied_share(counts, scale), satisfaction_index(counts, scale)
    assert (index.value, index.low, index.high) == pytest.approx(
        (100 * share.share, 100 * share.low, 100 * share.high)
    )


@pytest.mark.parametrize("n", [1, 5, 10, 20])
@pytest.mark.parametrize(
    "moods",
    [
        (0.25, 0.25, 0.25, 0.25),
        (0.05, 0.08, 0.2, 0.67),
        (0.02, 0.08, 0.85, 0.05),
        (0.01, 0.01, 0.03, 0.95),
    ],
)
def test_index_covers_the_true_mean(moods: tuple[float, ...], n: int) -> None:
    """Over all samples of n votes, by their exact odds, at least 94 in 100 intervals are right."""
    scale = SCALES["faces-4"]
    truth = 100 * sum(odds * step / 3 for step, odds in enumerate(moods))
    covered = 0.0
    for votes in _samples(n, len(moods)):
        figure = satisfaction_index(dict(zip(scale.values, votes, strict=True)), scale)
        covered += _odds(votes, moods) * (figure.low - 1e-9 <= truth <= figure.high + 1e-9)
    assert covered >= 0.94


def test_no_votes_are_no_figure() -> None:
    """Share and index of nothing are an error."""
    for measure in (satisfied_share, satisfaction_index):
        with pytest.raises(ValueError, match="no votes"):
            measure({1: 0}, SCALES["faces-4"])


@pytest.mark.parametrize(
    ("width", "word"),
    [(0.0, "sure"), (0.10, "sure"), (0.11, "likely"), (0.20, "likely"), (0.21, "too-early")],
)
def test_certainty_goes_by_the_width(width: float, word: str) -> None:
    """Up to ten points it is sure, up to twenty likely, beyond that too early to tell."""
    assert certainty(Interval(0.0, width)) == word


def _samples(n: int, values: int) -> Iterator[tuple[int, ...]]:
    """Every way in which ``n`` votes can fall on ``values`` values."""
    if values == 1:
        yield (n,)
        return
    for first in range(n + 1):
        for rest in _samples(n - first, values - 1):
            yield first, *rest


def _odds(votes: tuple[int, ...], moods: tuple[float, ...]) -> float:
    """The multinomial probability of ``votes``."""
    ways = math.factorial(sum(votes)) // math.prod(math.factorial(count) for count in votes)
    return ways * math.prod(p**count for p, count in zip(moods, votes, strict=True))
