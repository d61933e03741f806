"""The portal's benchmark: both sides take forms, none is lost, and the report is whole."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from otziv.bench import portal
from otziv.bench.plain_portal import make_app
from tests.otziv.documents import check_document


@pytest.fixture
def peer(tmp_path: Path) -> Iterator[TestClient]:
    """The plain one."""
    with TestClient(make_app(str(tmp_path / "plain.sqlite3")), follow_redirects=False) as client:
        yield client


def test_the_peer_does_the_same(peer: TestClient) -> None:
    """A page with four questions, an insert, thanks."""
    page = peer.get("/s/bench")
    assert page.status_code == 200
    assert page.text.count("<fieldset") == portal.QUESTIONS
    said = {"q-overall": "4", "q-polite": "3", "q-expert": "5", "q-came-for": "1"}
    assert peer.post("/s/bench", data=said).status_code == 303
    assert peer.post("/s/bench", data={"q-overall": "4"}).status_code == 422
    assert peer.get("/s/nothing").status_code == 404


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_it_runs() -> None:
    """Every figure and target is there; what was measured is no matter here."""
    report = portal.measure(1, 1.0)
    document = report.as_document()
    figures = {"requests_per_s", "p99_ms", "median_ms", "lost", "runs"}
    peers = {"plain_requests_per_s", "plain_p99_ms", "plain_median_ms"}
    check_document(document, figures, peers, 2)
    assert set(document["targets"]) == {"requests / plain requests", "p99 / plain p99"}
    assert document["figures"]["requests_per_s"] > 0
