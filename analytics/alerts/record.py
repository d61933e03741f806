"""Where alerts are kept: what analytics asks of whoever keeps them.

Analytics writes nothing to the feedback store; the portal's ``alerts`` keeps this in its own
database, ``virtual_record`` in memory. Both pass the suite in ``tests/alerts/record_contract.py``.
Each verb is a transaction of its own. What an alert becomes is reckoned by the functions of
``analytics.alerts.alert``: the record reads, calls them, and writes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from analytics.alerts.alert import Alert, Moment
from analytics.measures.wording import Wording


class UnknownAlertError(LookupError):
    """There is no alert with that id."""


class AlertRecord(Protocol):
    """Alerts, and what the watch must remember over a restart.

    Verbs that name an alert raise ``UnknownAlertError`` where there is none, and ``AlertError``
    where it can't become that (``analytics.alerts.alert``).
    """

    def open_ones(self) -> list[Alert]:
        """Those not closed (acknowledged and snoozed ones too), the oldest first."""
        ...

    def recent(self, limit: int = 200) -> list[Alert]:
        """The newest first by ``opened_at``, closed ones too."""
        ...

    def latest(self) -> list[Alert]:
        """Of each topic the newest, closed or not, in no order: what the watch goes on from."""
        ...

    def find(self, alert_id: str) -> Alert:
        """One alert with its comments in order."""
        ...

    def open(self, alert: Alert) -> bool:
        """Add a new one; ``False``, and nothing, where its topic has one that is not closed.

        Two watches may race: the database decides (a unique index over topics not closed).
        """
        ...

    def update(self, alert_id: str, figures: Wording) -> None:
        """Newer figures. Of a closed one they stay as they are."""
        ...

    def acknowledge(self, alert_id: str, who: str, now: datetime) -> Alert:
        """``alert.acknowledged``; gives what it has become."""
        ...

    def snooze(self, alert_id: str, until: datetime, now: datetime, who: str = "") -> Alert:
        """``alert.snoozed``; ``who`` did it, which the alert does not keep."""
        ...

    def comment(self, alert_id: str, who: str, text: str, now: datetime) -> Alert:
        """``alert.commented``."""
        ...

    def close(self, alert_id: str, who: str, now: datetime) -> Alert:
        """``alert.closed``; ``who`` is empty where it closes by itself."""
        ...

    def mark_told(self, told_ones: Sequence[tuple[str, Moment]], now: datetime) -> None:
        """``alert.told`` of each (id, moment), all or none."""
        ...

    def names(self, people: Collection[str]) -> Mapping[str, str]:
        """Id → name of who did something with alerts; one that is gone is not there."""
        ...

    def read_evidence(self) -> dict[str, str]:
        """All that was kept with :meth:`keep_evidence`: key → JSON; not to be shown."""
        ...

    def keep_evidence(self, documents: Mapping[str, str]) -> None:
        """Keep each under its key (up to 200 characters), in the stead of what was there."""
        ...

    def forget_evidence(self, keys: Sequence[str]) -> None:
        """Forget what is kept under ``keys``; those not there are forgotten already."""
        ...
