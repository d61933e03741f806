"""What has been shown of live figures, so that watching them change gives nobody away.

A share of 120 votes betrays the 121st to whoever looked a moment earlier. So a figure is shown
from five votes on, and renewed only when five or more votes differ from what was last shown.

It is remembered in the dashboard's process only, since the dashboard writes nothing. A restart
forgets: who looked just before one and just after it may see fewer than five votes come in. No
viewer can bring a restart about. Remembering nothing but holding back whatever is found at a start
would hide a day's figures for hours after each of them, at quiet places until the evening.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from datetime import date, timedelta
from threading import Lock

from analytics.measures.minima import UNSEEN, Release, released


class Releases:
    """The counts last shown of each day's figures; one for all viewers, who might compare notes."""

    def __init__(self) -> None:
        """Nothing was shown yet."""
        self._shown: dict[date, dict[Hashable, Release]] = {}
        self._lock = Lock()

    def release(self, on: date, figure: Hashable, counts: Mapping[int, int]) -> dict[int, int]:
        """The counts (value → votes) of day ``on`` that may be shown of ``figure`` now; empty for
        none yet.

        A vote that moved from one value to another (a correction) differs once, not twice.
        """
        with self._lock:
            figures = self._day(on)
            found = figures[figure] = released(figures.get(figure, UNSEEN), counts)
            return dict(found.counts) if found.is_shown else {}

    def _day(self, on: date) -> dict[Hashable, Release]:
        """The figures of one day; days before its eve are over at every site, and forgotten."""
        for day in [day for day in self._shown if day < on - timedelta(days=1)]:
            del self._shown[day]
        return self._shown.setdefault(on, {})
