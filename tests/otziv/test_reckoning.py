"""Ledger against database: every way in which they can differ."""

from __future__ import annotations

from dataclasses import asdict
from typing import NamedTuple

import pytest

from otziv.demo.ledger import Press
from otziv.demo.reckoning import Row, reckon
from otziv.spread import spread


def press(token: str, *, thanked: bool = True) -> Press:
    """Somebody pressed."""
    return Press(token, "demo-01", "face-4", 1.0, 1.1 if thanked else None)


def row(token: str, visit: str = "v", outcome: str | None = None) -> Row:
    """An event is stored."""
    return Row(token, visit, outcome)


def kept(token: str) -> Row:
    """An event is in quarantine."""
    return Row(token, "", None, is_quarantined=True)


class Case(NamedTuple):
    """A ledger, a database, and the balance beyond zeros."""

    presses: list[Press]
    rows: list[Row]
    balance: dict[str, object]
    earlier: tuple[str, ...] = ()


A, B = press("a"), press("b")
SILENT_A = press("a", thanked=False)

CASES = {
    "nothing happened": Case([], [], {}),
    "each has its row": Case(
        [A, B], [row("a"), row("b")], {"pressed": 2, "thanked": 2, "stored": 2}
    ),
    "thanked for and lost": Case(
        [A, B],
        [row("a")],
        {
            "pressed": 2,
            "thanked": 2,
            "stored": 1,
            "missing": 1,
            "missing_ids": ["b"],
        },
    ),
    "not thanked for, no row": Case([SILENT_A], [], {"pressed": 1, "unthanked": 1}),
    "not thanked for, with a row": Case(
        [SILENT_A], [row("a")], {"pressed": 1, "unthanked": 1, "stored": 1}
    ),
    "a row that nobody pressed": Case([], [row("x")], {"extra": 1, "extra_ids": ["x"]}),
    "a press with two rows": Case(
        [A],
        [row("a"), row("a")],
        {"pressed": 1, "thanked": 1, "stored": 1, "extra": 1, "extra_ids": ["a"]},
    ),
    "thanked for, but in quarantine": Case(
        [A],
        [kept("a")],
        {
            "pressed": 1,
            "thanked": 1,
            "quarantined": 1,
            "missing": 1,
            "missing_ids": ["a"],
        },
    ),
    "stored and in quarantine": Case(
        [A],
        [row("a"), kept("a")],
        {"pressed": 1, "thanked": 1, "stored": 1, "quarantined": 1},
    ),
    "a stranger in quarantine": Case([], [kept("x")], {}),
    "a question left unanswered in a visit of ours": Case(
        [A],
        [row("a", "v1"), row("t", "v1", "timeout")],
        {"pressed": 1, "thanked": 1, "stored": 1, "timeouts": 1},
    ),
    "a question left unanswered in nobody's visit": Case(
        [A],
        [row("a", "v1"), row("t", "v2", "timeout")],
        {"pressed": 1, "thanked": 1, "stored": 1, "extra": 1, "extra_ids": ["t"]},
    ),
    "an answer in a visit of ours that nobody pressed": Case(
        [A],
        [row("a", "v1"), row("x", "v1", "answered")],
        {"pressed": 1, "thanked": 1, "stored": 1, "extra": 1, "extra_ids": ["x"]},
    ),
    "an unanswered question stored twice": Case(
        [A],
        [row("a", "v1"), row("t", "v1", "timeout"), row("t", "v1", "timeout")],
        {"pressed": 1, "thanked": 1, "stored": 1, "timeouts": 1, "extra": 1, "extra_ids": ["t"]},
    ),
    "rows of an earlier run": Case(
        [A],
        [row("a"), row("old", "w"), row("t", "w", "timeout")],
        {"pressed": 1, "thanked": 1, "stored": 1, "timeouts": 1},
        earlier=("old",),
    ),
    "a row of an earlier run stored twice": Case(
        [], [row("old"), row("old")], {"extra": 1, "extra_ids": ["old"]}, earlier=("old",)
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_balance(name: str) -> None:
    """Each difference is counted where it belongs, and named."""
    case = CASES[name]
    zeros = dict.fromkeys(
        (
            *("pressed", "thanked", "stored", "unthanked"),
            *("missing", "extra", "quarantined", "timeouts"),
        ),
        0,
    )
    found = asdict(reckon(case.presses, case.rows, set(case.earlier)))
    assert found == {**zeros, "missing_ids": [], "extra_ids": [], **case.balance}


def test_rows_may_come_as_they_are_read() -> None:
    """A stream of rows is gone through once."""
    found = reckon([A], iter([row("a", "v1"), row("t", "v1", "timeout")]), ())
    assert (found.missing, found.extra, found.timeouts) == (0, 0, 1)


@pytest.mark.parametrize(
    ("durations_s", "expected"),
    [
        ([], {"n": 0, "p50": None, "p99": None, "max": None}),
        ([0.05], {"n": 1, "p50": 50.0, "p99": 50.0, "max": 50.0}),
        ([0.003, 0.001, 0.002], {"n": 3, "p50": 2.0, "p99": 3.0, "max": 3.0}),
        (
            [n / 1000 for n in range(1, 201)],
            {"n": 200, "p50": 101.0, "p99": 199.0, "max": 200.0},
        ),
    ],
)
def test_spread(durations_s: list[float], expected: dict[str, float | None]) -> None:
    """Median, 99th percentile and maximum in milliseconds; nothing is made up of nothing."""
    assert spread(durations_s) == expected
