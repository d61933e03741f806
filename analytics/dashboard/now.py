"""What the *Now* page shows: how many ratings came in the last 15 minutes; plain data.

The rules are those of ``analytics.dashboard.today``: of touchpoints that are not in test mode only
a total, from five ratings on; and it is renewed by five, for it stands beside the day's figures.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

from analytics.dashboard.releases import Releases
from analytics.dashboard.today import Press, Today, read_today
from broker.store.database import Database


@dataclass(frozen=True, slots=True)
class Now:
    """The last 15 minutes at one site.

    Attributes:
        site: its name.
        now: when this was read, in the site's time zone.
        places: how many touchpoints are not in test mode.
        ratings: how many they had together; ``None`` for too few to be shown.
        trials: touchpoints in test mode that had ratings today → those of the last 15 minutes.
        presses: the newest ratings of those, newest first.
    """

    site: str
    now: datetime
    places: int
    ratings: int | None
    trials: dict[str, int]
    presses: list[Press]


def read_now(
    database: Database, now: datetime, releases: Releases, units: AbstractSet[str] = frozenset()
) -> list[Now]:
    """The last 15 minutes at every site; ``now`` is an aware time.

    ``units``: codes of those whose touchpoints are meant, and no others; none: all.
    """
    return [_now(day) for day in read_today(database, now, releases, units)]


def _now(day: Today) -> Now:
    return Now(
        day.site,
        day.now,
        day.places,
        day.recent,
        {trial.name: trial.recent for trial in day.trials},
        day.presses,
    )
