"""The benchmark of the questions: peers must say the same, or nothing is measured."""

from __future__ import annotations

from otziv.bench import analytics
from otziv.bench.analytics_peers import NAMES


def test_peers_and_we_agree_on_small_towns() -> None:
    """A run over few votes: every question timed for all, no target judged below ten million."""
    report = analytics.measure(runs=1, rows=4000)
    for name, ours in report.figures.items():
        asked = {"plain_sql", "pandas", "duckdb", "duckdb_prepared"}
        assert report.compared_with[name].keys() == asked
        assert {*NAMES, "scope", "set"} <= ours.keys()
        assert all({*NAMES, "set"} <= each.keys() for each in report.compared_with[name].values())
    assert report.targets == {}
    assert report.is_met
