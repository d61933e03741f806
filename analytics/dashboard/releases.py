"""What has been shown of live figures, so that watching them change gives nobody away.

A share of 120 votes betrays the 121st to whoever looked a moment earlier. So a figure is shown
from five votes on, and renewed only when five or more votes differ from what was last shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping
from threading import Lock
from typing import Final

MIN_VOTES: Final = 5
"""k of the respondents: a slice of fewer votes is not shown (design §5)."""


class Releases:
    """The counts last shown of each figure; one for all viewers, who might compare notes."""

    def __init__(self) -> None:
        """Nothing was shown yet."""
        self._shown: dict[Hashable, Counter[int]] = {}
        self._lock = Lock()

    def release(self, figure: Hashable, counts: Mapping[int, int]) -> dict[int, int]:
        """The counts (value → votes) that may be shown of ``figure`` now; empty for none yet.

        A vote that moved from one value to another (a correction) differs once, not twice.
        """
        now = Counter(counts)
        with self._lock:
            shown = self._shown.get(figure, Counter())
            if max((now - shown).total(), (shown - now).total()) >= MIN_VOTES:
                shown = self._shown[figure] = now
            return dict(shown) if shown.total() >= MIN_VOTES else {}
