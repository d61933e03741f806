"""The benchmark of revocation in small: three live connections on each broker."""

from __future__ import annotations

import pytest

from otziv.bench import revocation
from tests.otziv.documents import check_document


@pytest.mark.slow
@pytest.mark.mosquitto
def test_revoked_devices_are_out_within_a_minute() -> None:
    """Each live connection ends and stays ended, on both brokers."""
    report = revocation.measure(1, devices=3)
    figures = {f"{broker}_{which}_s" for broker in revocation.BROKERS for which in FIGURES}
    check_document(report.as_document(), {*figures, "runs"}, peers=set(), targets=1)
    assert report.is_met


FIGURES = ("median", "worst")
