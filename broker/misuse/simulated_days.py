"""Simulated days at one panel: honest visitors, and who misuses it. Pure and seeded.

Visitors come in parties as a Poisson process whose rate follows the hours of an office. Parties
press one after another, often the same face; some people mis-press and correct, some press twice.
Nobody waits for a stranger in front of the panel: that is worse than life, since strangers keep
apart. Who presses is known here, so that errors of the rules can be counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final, NamedTuple, TypeAlias

OPENS_S: Final = 9 * 3600
CLOSES_S: Final = 17 * 3600
"""Seconds since midnight."""
HOURS: Final = (0.7, 1.1, 1.5, 1.2, 0.7, 0.9, 1.1, 0.8)
"""How busy each hour is, 1 on average."""

SCALE: Final = "faces-4"
_FACES: Final = (1, 2, 3, 4)
_PARTIES: Final = ((1, 0.85), (2, 0.10), (3, 0.05))
"""How many people come together, and how often."""
_ALIKE: Final = 0.5
"""How often somebody in a party presses what the first one pressed."""
_MISPRESSES: Final = 0.04
_REPEATS: Final = 0.02


class Act(NamedTuple):
    """Somebody pressed ``value``, ``at_s`` seconds after midnight.

    ``visitor`` numbers honest visitors from 0; ``None`` is misuse. ``is_meant`` is false of what
    an honest visitor did by mistake: a mis-press that is corrected, the same face twice.
    """

    at_s: float
    value: int
    visitor: int | None
    is_meant: bool = True


@dataclass(frozen=True, slots=True)
class Mix:
    """What honest visitors think: shares of the faces, worst first."""

    shares: tuple[float, float, float, float]

    def values(self, count: int) -> list[int]:
        """``count`` values in these shares, as exactly as whole people allow."""
        limits = [round(sum(self.shares[: face + 1]) * count) for face in range(len(_FACES))]
        starts = [0, *limits[:-1]]
        return [
            value
            for value, start, limit in zip(_FACES, starts, limits, strict=True)
            for _ in range(limit - start)
        ]


CONTENT: Final = Mix((0.04, 0.06, 0.35, 0.55))
"""A true share of 90 % satisfied."""

CROSS: Final = Mix((0.35, 0.35, 0.20, 0.10))
"""When something has broken down."""


def honest_day(random: Random, visitors: int, mix: Mix = CONTENT) -> list[Act]:
    """A day on which exactly so many honest people vote, in order of time."""
    values = mix.values(visitors)
    random.shuffle(values)
    acts: list[Act] = []
    first = 0
    while first < visitors:
        size = min(party(random), visitors - first)
        _agree(random, values, first, size)
        at_s = _arrival(random)
        for visitor in range(first, first + size):
            acts += _vote(random, at_s, values[visitor], visitor)
            at_s = acts[-1].at_s + 0.8 + random.expovariate(1 / 3.2)
        first += size
    return sorted(acts)


def rush(random: Random, first: int, visitors: int) -> list[Act]:
    """So many more honest people within an hour, numbered from ``first``: most of them cross."""
    values = CROSS.values(visitors)
    random.shuffle(values)
    start_s = random.uniform(OPENS_S, CLOSES_S - 3600)
    times_s = sorted(start_s + 3600 * random.random() for _ in range(visitors))
    return [
        Act(at_s, value, first + number)
        for number, (at_s, value) in enumerate(zip(times_s, values, strict=True))
    ]


def crowd(random: Random, an_hour: float, *, spread: float = 0.2) -> int:
    """How many come on a day of so many an hour; days differ by ``spread`` of the mean."""
    mean = an_hour * len(HOURS) * max(0.2, random.gauss(1, spread))
    return max(0, round(random.gauss(mean, mean**0.5)))


def party(random: Random) -> int:
    """How many people come together."""
    sizes, shares = zip(*_PARTIES, strict=True)
    return int(random.choices(sizes, shares)[0])


def _agree(random: Random, values: list[int], first: int, size: int) -> None:
    """Let people of a party agree now and then, by changing places with somebody who comes later:
    the day's shares stay.
    """
    for place in range(first + 1, first + size):
        if random.random() < _ALIKE and values[first] in values[place + 1 :]:
            other = values.index(values[first], place + 1)
            values[place], values[other] = values[other], values[place]


def _arrival(random: Random) -> float:
    hour = random.choices(range(len(HOURS)), HOURS)[0]
    return OPENS_S + 3600 * (hour + random.random())


def _vote(random: Random, at_s: float, value: int, visitor: int) -> list[Act]:
    kind = random.random()
    if kind < _MISPRESSES:
        wrong = random.choice([face for face in _FACES if face != value])
        right_s = at_s + random.uniform(0.6, 2.8)
        return [Act(at_s, wrong, visitor, is_meant=False), Act(right_s, value, visitor)]
    if kind < _MISPRESSES + _REPEATS:
        again_s = at_s + random.uniform(0.35, 1.0)
        return [Act(at_s, value, visitor), Act(again_s, value, visitor, is_meant=False)]
    return [Act(at_s, value, visitor)]


Misuse: TypeAlias = Callable[[Random], list[Act]]
"""What somebody does on a day."""


def child(random: Random, *, lasts_s: float = 60, faces: Sequence[int] = (1,)) -> list[Act]:
    """A child, some time of the day: a press every 0.7 s or so, now and then a pause."""
    start_s = random.uniform(OPENS_S, CLOSES_S - lasts_s)
    at_s, acts = start_s, []
    while at_s < start_s + lasts_s:
        acts.append(Act(at_s, random.choice(faces), None))
        at_s += random.uniform(2, 5) if random.random() < 0.03 else _about(random, 0.7, 0.25)
    return acts


def child_at_every_face(random: Random) -> list[Act]:
    """The same with all faces."""
    return child(random, faces=_FACES)


def child_in_passing(random: Random) -> list[Act]:
    """Three or four presses on the way out, twice a day."""
    return [act for _ in range(2) for act in child(random, lasts_s=2.6)]


def stuffing(random: Random, *, gap_s: float, spread: float, presses: int = 30) -> list[Act]:
    """Somebody presses the best face, so many times until closing."""
    gaps = [_about(random, gap_s, spread) for _ in range(presses)]
    start_s = CLOSES_S - sum(gaps)
    return [Act(start_s + sum(gaps[:number]), 4, None) for number in range(presses)]


def stuffing_fast(random: Random) -> list[Act]:
    """A press every second and a half."""
    return stuffing(random, gap_s=1.5, spread=0.2)


def stuffing_steadily(random: Random) -> list[Act]:
    """A press every 20 seconds, for ten minutes."""
    return stuffing(random, gap_s=20, spread=0.08)


def stuffing_patiently(random: Random) -> list[Act]:
    """A press a minute, without rhythm: as visitors come, only more of them."""
    start_s = CLOSES_S - 1800
    times_s = sorted(random.uniform(start_s, CLOSES_S) for _ in range(30))
    return [Act(at_s, 4, None) for at_s in times_s]


def worn_contact(random: Random) -> list[Act]:
    """A button that closes by itself every 12 seconds, for ten minutes."""
    start_s = random.uniform(OPENS_S, CLOSES_S - 600)
    return [Act(start_s + 12 * beat + random.gauss(0, 0.01), 1, None) for beat in range(50)]


def after_hours(random: Random) -> list[Act]:
    """A dozen presses of the best face between one hour and two after closing."""
    times_s = sorted(random.uniform(CLOSES_S + 3600, CLOSES_S + 7200) for _ in range(12))
    return [Act(at_s, 4, None) for at_s in times_s]


def _about(random: Random, mean_s: float, spread: float) -> float:
    """A gap of a hand: a third at least, so that no hand is too quick."""
    return max(mean_s / 3, random.gauss(mean_s, spread * mean_s))


def in_order(*groups: Sequence[Act]) -> Iterator[Act]:
    """What several people do at one panel, in order of time."""
    return iter(sorted((act for group in groups for act in group), key=lambda act: act.at_s))


def strangers(random: Random, visitors: int, mix: Mix = CONTENT) -> list[Act]:
    """A day on which everybody comes alone and presses once: what formulas are about."""
    values = mix.values(visitors)
    random.shuffle(values)
    return sorted(
        (Act(_arrival(random), value, visitor) for visitor, value in enumerate(values)),
        key=lambda act: act.at_s,
    )
