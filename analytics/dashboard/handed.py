"""What whoever runs the dashboard hands to its pages; one a process, as Streamlit is."""

from __future__ import annotations

from analytics.alerts.record import AlertRecord
from analytics.improvement.protocol import Improvement

_handed: dict[str, Improvement] = {}
_alerts: dict[str, AlertRecord] = {}


def hand(improvement: Improvement | None, alerts: AlertRecord | None = None) -> None:
    """Let pages keep targets and actions, and what becomes of alerts, there; ``None``: nowhere."""
    _handed.clear()
    _alerts.clear()
    if improvement is not None:
        _handed["improvement"] = improvement
    if alerts is not None:
        _alerts["alerts"] = alerts


def improvement() -> Improvement | None:
    """What was handed."""
    return _handed.get("improvement")


def alerts() -> AlertRecord | None:
    """Where alerts are kept, if anywhere."""
    return _alerts.get("alerts")
