"""How sure a figure is, as a word to stand beside its interval."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from analytics.measures.interval import Interval

Certainty: TypeAlias = Literal["sure", "likely", "too-early"]
"""*сигурно*, *вероятно*, *още е рано*; the words themselves are in the message catalogues."""

SURE_WIDTH: Final = 0.10
"""At 80 % satisfied it takes about 240 votes to get an interval that narrow."""
LIKELY_WIDTH: Final = 0.20
"""At 80 % satisfied it takes about 60 votes."""


def certainty(bounds: Interval) -> Certainty:
    """The word for a share's 95 % interval (0–1), by its width alone.

    *Sure* up to 10 percentage points (about ± 5), *likely* up to 20 (about ± 10), else *too
    early*. The limits are a convention of ours: a manager acts on differences of some ten
    points, and an interval wider than twenty can't tell good from middling.
    """
    if bounds.width <= SURE_WIDTH:
        return "sure"
    return "likely" if bounds.width <= LIKELY_WIDTH else "too-early"
