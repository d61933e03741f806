"""A change at the root is in use by every kiosk within seconds, a bad one by none."""

from __future__ import annotations

import pytest

from otziv.bench.fleet import measure


@pytest.mark.parametrize("devices", [20, pytest.param(200, marks=pytest.mark.slow)])
def test_good_changes_reach_all_and_bad_ones_none(devices: int) -> None:
    """Real relays, links, broker, collector and database."""
    report = measure(runs=1, devices=devices, watched_s=2.5)
    assert report.is_met, report.as_document()
    assert report.figures["devices"] == devices
