"""What a sample town is: its places, their visitors, what is planted there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from otziv.sample_years.planting import Seed


@dataclass(frozen=True, slots=True)
class Shift:
    """Open on some weekdays (1 is Monday), between two times of day in hours: 8.5 is 8:30."""

    days: tuple[int, ...]
    opens: float
    closes: float


Season: TypeAlias = tuple[
    float, float, float, float, float, float, float, float, float, float, float, float
]
"""How busy each month is, from January; only the proportions count."""


@dataclass(frozen=True, slots=True)
class Desk:
    """A touchpoint of a sample town.

    Attributes:
        code: of the touchpoint, and the name of the device that stands there.
        name: for people.
        location: where it stands, by its code.
        weight: how busy it is, against the mean of its town.
        unhappy: the usual share of votes that are unhappy (the two worse faces of four).
        staff: how many people serve there.
        shifts: when it is open.
        season: how its visitors come over the year.
        people_a_vote: how many are served for each who votes; ``None`` where nobody counts them.
        tablet: part of the presses in the hall that are made on a web tablet.
        forms: answers from elsewhere, each as a part of the votes in the hall, by channel.
    """

    code: str
    name: str
    location: str
    weight: float
    unhappy: float
    staff: int
    shifts: tuple[Shift, ...]
    season: Season
    people_a_vote: float | None = None
    tablet: float = 0.0
    forms: Mapping[str, float] | None = None


@dataclass(frozen=True, slots=True)
class Hall:
    """A location of a sample town; ``unit`` is that of the demo's portal that serves there."""

    code: str
    name: str
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Town:
    """A sample town.

    Attributes:
        site: its code; ``None``: the installation's own.
        name: for people; of the installation's own it is left as it is.
        a_day: votes in the hall a day and touchpoint, over all days of the year.
        growth: how much more there are at the end of a year than at its beginning.
        seeds: what is planted.
    """

    site: str | None
    name: str
    a_day: float
    growth: float
    halls: tuple[Hall, ...]
    desks: tuple[Desk, ...]
    seeds: tuple[Seed, ...]
