"""What a desk's visitors say on a day. Pure and seeded: each day of each desk by itself."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from random import Random
from typing import Final, NamedTuple, TypeAlias

from otziv.sample_years.planting import Planted, presses
from otziv.sample_years.town import Desk

HOUR_MS: Final = 3_600_000
_QUARTER_MS: Final = HOUR_MS // 4
_DAY_MS: Final = 24 * HOUR_MS

_BUSY: Final[Mapping[int, float]] = {8: 0.7, 9: 1.1, 10: 1.5, 11: 1.3, 12: 0.7, 13: 0.9, 14: 1.1}
"""How busy an hour of the day is; all others are at 0.8."""
_HURRIED: Final[Mapping[int, float]] = {10: 1.12, 11: 1.12, 12: 1.0}
"""By how much more are unhappy in it; in all others 0.93. Over a day it comes to 1."""
_AT_HOME: Final = range(7 * 4, 23 * 4)
"""Quarters of an hour in which people answer at home."""

_LEAST_GAP_MS: Final = 5_000
"""Between two visitors at one panel; strangers keep apart."""
_DAYS_DIFFER: Final = 0.08
_MOODS_DIFFER: Final = 0.07
"""By how much, as a standard deviation, days differ beyond chance: in votes, and in mood."""
_WORST: Final = 0.45
"""Of the unhappy, how many press the worst face."""
_BEST: Final = 0.62
"""Of the satisfied, how many press the best one."""
_CORRECTED: Final = 0.02
_ANSWERED: Final = 0.62
_SKIPPED: Final = 0.12
"""Of those asked why, how many say so and how many decline; the others walk away."""
_ENGLISH: Final = 0.04
_NAMED: Final = 0.75
"""Of the unhappy in an incident, how many name its reason."""
_REASONS: Final[Mapping[str, float]] = {
    "waiting-time": 0.40,
    "clarity": 0.20,
    "attitude": 0.14,
    "completeness": 0.13,
    "premises": 0.08,
    "accessibility": 0.05,
}


class Vote(NamedTuple):
    """One visitor's answers.

    Attributes:
        at_ms: when, in milliseconds since 1970 UTC; midnight of its day where ``is_day``.
        received_ms: when the server had it.
        corrected: the value pressed afterwards instead.
        outcome: of the question why; ``None`` where it was not asked.
        is_day: only the day is known.
    """

    at_ms: int
    received_ms: int
    touchpoint: str
    channel: str
    language: str
    value: int
    corrected: int | None = None
    outcome: str | None = None
    reason: str | None = None
    is_day: bool = False


@dataclass(frozen=True, slots=True)
class DeskDay:
    """A day at a desk.

    Attributes:
        midnight_ms: its begin.
        expected: votes in the hall; 0 where it is closed.
        mean: the same over all days of the year.
        planted: what lies on this day.
        online_ms: when what was kept came in; ``None`` where the device was on line.
    """

    desk: Desk
    on: date
    midnight_ms: int
    expected: float
    mean: float
    planted: Sequence[Planted]
    online_ms: int | None
    seed: int

    def has(self, kind: str) -> bool:
        """Whether something of that kind lies on it."""
        return any(each.kind == kind for each in self.planted)


Served: TypeAlias = dict[int, int]
"""Hour's begin in milliseconds → people."""


def votes_of(day: DeskDay) -> tuple[list[Vote], Served]:
    """All votes of a day in order of time, and how many people were served in each hour."""
    random = Random(f"{day.seed} {day.desk.code} {day.on}")
    mood = _Mood(day, random)
    in_hall = _in_hall(day, random, mood) if day.expected else []
    served = _served(day, random, in_hall)
    if day.has("broken-device"):
        in_hall = [vote for vote in in_hall if vote.channel != "device"]
    votes = [*in_hall, *_misused(day), *_forms(day, random, mood)]
    return sorted(votes), served


class _Mood:
    """How likely somebody is unhappy that day, and why."""

    def __init__(self, day: DeskDay, random: Random) -> None:
        usual = day.desk.unhappy * math.exp(random.gauss(0, _MOODS_DIFFER))
        self._unhappy = min(0.95, max(0.01, usual + sum(each.shift for each in day.planted)))
        named = next((each.reason for each in day.planted if each.reason), None)
        shares = dict(_REASONS)
        if named is not None:
            shares = {code: share * (1 - _NAMED) for code, share in shares.items()}
            shares[named] += _NAMED
        self._reasons = list(shares)
        self._upto = list(accumulate(shares.values()))

    def value(self, random: Random, hour: int) -> int:
        """A face, pressed in that hour of the day."""
        if random.random() < self._unhappy * _HURRIED.get(hour, 0.93):
            return 1 if random.random() < _WORST else 2
        return 4 if random.random() < _BEST else 3

    def why(self, random: Random, value: int) -> tuple[str | None, str | None]:
        """What becomes of the question why: outcome, and reason."""
        if value > 2:
            return None, None
        chance = random.random()
        if chance < _ANSWERED:
            return "answered", random.choices(self._reasons, cum_weights=self._upto)[0]
        return ("skipped" if chance < _ANSWERED + _SKIPPED else "timeout"), None


def _in_hall(day: DeskDay, random: Random, mood: _Mood) -> list[Vote]:
    """Votes at the panel, and at the tablet beside it."""
    quarters = [
        quarter
        for shift in day.desk.shifts
        if day.on.isoweekday() in shift.days
        for quarter in range(int(shift.opens * 4), int(shift.closes * 4))
    ]
    upto = list(accumulate(_BUSY.get(quarter // 4, 0.8) for quarter in quarters))
    n = _poisson(random, day.expected * max(0.4, random.gauss(1, _DAYS_DIFFER)))
    moments = sorted(
        int((quarter + random.random()) * _QUARTER_MS)
        for quarter in random.choices(quarters, cum_weights=upto, k=n)
    )
    last = quarters[-1] * _QUARTER_MS + _QUARTER_MS
    votes, previous = [], 0
    for moment in moments:
        previous = max(moment, previous + _LEAST_GAP_MS)
        if previous >= last:
            break
        channel = "tablet" if random.random() < day.desk.tablet else "device"
        votes.append(_vote(day, random, mood, previous, channel))
    return votes


def _vote(day: DeskDay, random: Random, mood: _Mood, moment: int, channel: str) -> Vote:
    at_ms = day.midnight_ms + moment
    value = mood.value(random, moment // HOUR_MS)
    corrected = None
    if channel == "device" and random.random() < _CORRECTED:
        value, corrected = random.choice([each for each in (1, 2, 3, 4) if each != value]), value
    outcome, reason = mood.why(random, corrected or value)
    is_kept = day.online_ms is not None and channel == "device"
    return Vote(
        at_ms,
        day.online_ms if is_kept and day.online_ms is not None else at_ms + 600,
        day.desk.code,
        channel,
        "en" if random.random() < _ENGLISH else "bg",
        value,
        corrected,
        outcome,
        reason,
    )


def _forms(day: DeskDay, random: Random, mood: _Mood) -> Iterator[Vote]:
    """Answers by web, code and paper; at home people answer on Sundays, too."""
    for channel, part in (day.desk.forms or {}).items():
        expected = part * (0.5 * (day.mean + day.expected) if channel == "web" else day.expected)
        for _ in range(_poisson(random, expected)):
            vote = _vote(day, random, mood, random.choice(_AT_HOME) * _QUARTER_MS, channel)
            if channel == "paper":  # keyed in on one of the next mornings
                typed_ms = day.midnight_ms + _DAY_MS + 9 * HOUR_MS + random.randrange(HOUR_MS)
                vote = vote._replace(at_ms=day.midnight_ms, received_ms=typed_ms, is_day=True)
            else:
                at_ms = vote.at_ms + random.randrange(_QUARTER_MS)
                vote = vote._replace(at_ms=at_ms, received_ms=at_ms)
            yield vote


def _misused(day: DeskDay) -> Iterator[Vote]:
    """What a child presses, or who stuffs the desk; nobody of them says why."""
    for planted in day.planted:
        for act in presses(planted.kind, day.desk.code, day.on, day.seed):
            at_ms = day.midnight_ms + int(act.at_s * 1000)
            outcome = "timeout" if act.value <= 2 else None
            yield Vote(
                at_ms, at_ms + 600, day.desk.code, "device", "bg", act.value, outcome=outcome
            )


def _served(day: DeskDay, random: Random, in_hall: Sequence[Vote]) -> Served:
    """People served by the hour; where a device is broken they are served all the same."""
    if day.desk.people_a_vote is None:
        return {}
    hours = Counter(vote.at_ms // HOUR_MS * HOUR_MS for vote in in_hall)
    more = day.desk.people_a_vote - 1
    return {hour: votes + _poisson(random, votes * more) for hour, votes in sorted(hours.items())}


def _poisson(random: Random, mean: float) -> int:
    """So many as come by chance; of many, the nearest normal number."""
    if mean > 50:
        return max(0, round(random.gauss(mean, math.sqrt(mean))))
    limit, product, count = math.exp(-mean), random.random(), 0
    while product > limit:
        product *= random.random()
        count += 1
    return count
