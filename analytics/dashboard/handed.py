"""What whoever runs the dashboard hands to its pages; one a process, as Streamlit is."""

from __future__ import annotations

from analytics.improvement.protocol import Improvement

_handed: dict[str, Improvement] = {}


def hand(improvement: Improvement | None) -> None:
    """Let pages keep targets and actions there; ``None``: nowhere."""
    _handed.clear()
    if improvement is not None:
        _handed["improvement"] = improvement


def improvement() -> Improvement | None:
    """What was handed."""
    return _handed.get("improvement")
