"""The record in memory: for benchmarks and tests, and to look at what the rules would say."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from analytics.alerts.alert import (
    Alert,
    Moment,
    Topic,
    acknowledged,
    closed,
    commented,
    snoozed,
    told,
)
from analytics.alerts.record import UnknownAlertError
from analytics.measures.wording import Wording


class VirtualRecord:
    """An ``AlertRecord`` that is gone with the process.

    Args:
        people: id → name of those who may do something with alerts.
    """

    def __init__(self, people: Mapping[str, str] | None = None) -> None:
        self._people = dict(people or {})
        self._alerts: dict[str, Alert] = {}
        self._evidence: dict[str, str] = {}

    def open_ones(self) -> list[Alert]:
        """Those not closed, the oldest first."""
        return [alert for alert in self._by_age() if not alert.is_closed]

    def recent(self, limit: int = 200) -> list[Alert]:
        """The newest first."""
        return self._by_age()[::-1][:limit]

    def latest(self) -> list[Alert]:
        """Of each topic the newest."""
        found: dict[Topic, Alert] = {alert.topic: alert for alert in self._by_age()}
        return list(found.values())

    def find(self, alert_id: str) -> Alert:
        """One alert."""
        if alert_id not in self._alerts:
            raise UnknownAlertError(f"there is no alert {alert_id!r}")
        return self._alerts[alert_id]

    def open(self, alert: Alert) -> bool:
        """Add a new one, unless its topic has one that is not closed."""
        if any(each.topic == alert.topic for each in self.open_ones()):
            return False
        self._put(alert)
        return True

    def update(self, alert_id: str, figures: Wording) -> None:
        """Newer figures."""
        alert = self.find(alert_id)
        if not alert.is_closed:
            self._put(replace(alert, figures=figures))

    def acknowledge(self, alert_id: str, who: str, now: datetime) -> Alert:
        """Somebody looks after it."""
        return self._put(acknowledged(self.find(alert_id), who, now))

    def snooze(
        self,
        alert_id: str,
        until: datetime,
        now: datetime,
        who: str = "",  # noqa: ARG002  # the portal's notes it
    ) -> Alert:
        """Nothing is told before ``until``."""
        return self._put(snoozed(self.find(alert_id), until, now))

    def comment(self, alert_id: str, who: str, text: str, now: datetime) -> Alert:
        """One more comment."""
        return self._put(commented(self.find(alert_id), who, text, now))

    def close(self, alert_id: str, who: str, now: datetime) -> Alert:
        """Over."""
        return self._put(closed(self.find(alert_id), who, now))

    def mark_told(self, told_ones: Sequence[tuple[str, Moment]], now: datetime) -> None:
        """Told, all or none."""
        for alert in [told(self.find(each), moment, now) for each, moment in told_ones]:
            self._put(alert)

    def names(self, people: Collection[str]) -> Mapping[str, str]:
        """Of those that are known."""
        return {each: self._people[each] for each in people if each in self._people}

    def read_evidence(self) -> dict[str, str]:
        """All that was kept."""
        return dict(self._evidence)

    def keep_evidence(self, documents: Mapping[str, str]) -> None:
        """Keep each under its key."""
        self._evidence |= documents

    def forget_evidence(self, keys: Sequence[str]) -> None:
        """Forget what is kept under ``keys``."""
        for key in keys:
            self._evidence.pop(key, None)

    def _by_age(self) -> list[Alert]:
        return sorted(self._alerts.values(), key=lambda alert: alert.opened_at)

    def _put(self, alert: Alert) -> Alert:
        self._alerts[alert.id] = alert
        return alert
