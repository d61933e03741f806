"""What every document of a benchmark has."""

from __future__ import annotations

from typing import Any


def check_document(
    document: dict[str, Any], figures: set[str], peers: set[str], targets: int
) -> None:
    """A benchmark's document has all its keys, and a verdict on each target."""
    assert set(document) == {"name", "machine", "figures", "compared_with", "targets", "notes"}
    assert set(document["figures"]) == figures
    assert set(document["compared_with"]) == peers
    assert len(document["targets"]) == targets
    for target in document["targets"].values():
        assert set(target) == {"value", "bound", "must_be", "met"}
        assert isinstance(target["met"], bool)
        assert isinstance(target["value"], float)
