"""Whether anybody could be at a panel: its opening hours, with some slack. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from broker.wire.configuration import OpeningHours
from broker.wire.opening import is_open

EARLY: Final = timedelta(minutes=30)
"""Doors that open a little before their time are no misuse."""


@dataclass(frozen=True, slots=True)
class Door:
    """When people can be at a panel: from half an hour before each opening until the grace after
    closing is over.

    Attributes:
        opening: ``None``: nobody has said when.
        zone: in which its times are.
    """

    opening: OpeningHours | None
    zone: ZoneInfo

    def is_open(self, at: datetime) -> bool | None:
        """Whether it was open ``at`` an aware time; ``None``: nobody has said."""
        if self.opening is None:
            return None
        late = timedelta(minutes=self.opening.grace_min)
        return is_open(self.opening, self.zone, at, early=EARLY, late=late)
