"""When visitors come: a steady stream, or the day of an office, one after another at one panel."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from random import Random
from typing import Final, NamedTuple, Protocol

from broker.wire.surveys import Survey
from kiosk.simulator.people import Act, Habits, Visitor, buttons_of

BURST_SHARE: Final = 0.1
"""Of arrivals, those that are a group leaving together; each is of two to six people."""

MEAN_MOOD: Final = 0.75
BUSY_SHARE: Final = 0.7
"""A panel that were busy all the time would have an endless queue; so people hurry before that."""

CROWDED_SHARE: Final = 0.95
"""The same where they can't hurry more but by pressing faster than people do."""

QUIET: Final = 0.3
RUSHES: Final = ((10.5, 1.0, 1.2), (14.5, 0.7, 1.2))
"""Hour, height and width in hours of the rushes of an office day, above the quiet level."""

_SAMPLE: Final = 400


class Intent(NamedTuple):
    """Somebody wants to press ``button``, ``at_s`` seconds after the beginning."""

    at_s: float
    button: str


class Profile(Protocol):
    """How much is going on."""

    @property
    def peak(self) -> float:
        """The greatest rate there is, presses/s."""

    def rate(self, at_s: float) -> float:
        """The rate at a time, presses/s."""


@dataclass(frozen=True, slots=True)
class Steady:
    """The same all the time.

    Attributes:
        peak: presses/s.
    """

    peak: float

    def rate(self, at_s: float) -> float:  # noqa: ARG002  # the same all the time
        """The rate at a time, presses/s."""
        return self.peak


class OfficeDay:
    """A working day of a hall; time counts from midnight, local time.

    Attributes:
        peak: the greatest rate there is, presses/s.
    """

    def __init__(self, presses: float, *, opens_h: float = 8.5, closes_h: float = 17.0) -> None:
        """Expect ``presses`` in the day, between the hours ``opens_h`` and ``closes_h``."""
        self._opens_h = opens_h
        self._closes_h = closes_h
        weights = [self._weight(minute / 60) for minute in range(24 * 60)]
        self._unit = presses / (sum(weights) * 60)
        self.peak = self._unit * max(weights)

    def rate(self, at_s: float) -> float:
        """The rate at a time, presses/s."""
        return self._unit * self._weight(at_s / 3600 % 24)

    def _weight(self, hour: float) -> float:
        if not self._opens_h <= hour < self._closes_h:
            return 0.0
        return QUIET + sum(
            height / (1 + ((hour - at) / width) ** 4) for at, height, width in RUSHES
        )


def crowd(
    survey: Survey,
    profile: Profile,
    *,
    seed: int,
    habits: Habits | None = None,
    buttons: Collection[str] | None = None,
) -> Iterator[Intent]:
    """Presses at one panel, in order of time, without end.

    Visitors come by chance (a Poisson process whose rate follows ``profile``), some in groups,
    and use the panel one after another. Where the rate leaves no time for thinking they hurry,
    so that it is kept. Moods drift: a bad hour is bad for many.

    Args:
        survey: what the panel asks.
        profile: how much is going on.
        seed: the same one gives the same presses.
        habits: how often people do what.
        buttons: those that the panel has; all that the survey needs if left out.

    Raises:
        ValueError: the panel lacks a face that the survey needs.
    """
    chance = Random(seed)
    habits, buttons = habits or Habits(), buttons or buttons_of(survey)
    visitor = Visitor(survey, habits, chance, buttons)
    load = _measure(Visitor(survey, habits, Random(0), buttons))
    haste = load.haste(profile.peak)
    mood = MEAN_MOOD
    free_at_s = 0.0
    for arrived_s in _arrivals(profile, load.presses, chance):
        mood += 0.05 * (MEAN_MOOD - mood) + chance.gauss(0.0, 0.04)
        at_s = max(arrived_s, free_at_s)
        for act in visitor.acts(min(max(mood, 0.02), 0.98)):
            at_s += act.think_s * haste.think + act.gap_s * haste.hand
            yield Intent(at_s, act.button)
        free_at_s = at_s


class _Haste(NamedTuple):
    """The shares of their usual time that visitors take for thinking and for pressing."""

    think: float = 1.0
    hand: float = 1.0


class _Load(NamedTuple):
    """What an average visitor takes: presses, seconds of thought, seconds of the hand."""

    presses: float
    think_s: float
    hand_s: float

    def haste(self, rate: float) -> _Haste:
        """How visitors must hurry to make ``rate`` presses/s: first they think less."""
        left_s = BUSY_SHARE * self.presses / rate - self.hand_s
        if left_s >= 0:
            return _Haste(think=min(1.0, left_s / self.think_s) if self.think_s else 1.0)
        return _Haste(0.0, min(1.0, CROWDED_SHARE * self.presses / rate / self.hand_s))


def _measure(visitor: Visitor) -> _Load:
    acts: list[Act] = []
    for _ in range(_SAMPLE):
        acts += visitor.acts(MEAN_MOOD)
    think_s, hand_s = sum(act.think_s for act in acts), sum(act.gap_s for act in acts)
    return _Load(len(acts) / _SAMPLE, think_s / _SAMPLE, hand_s / _SAMPLE)


def _arrivals(profile: Profile, presses_each: float, chance: Random) -> Iterator[float]:
    """When visitors arrive, in seconds; a varying rate by thinning the greatest one."""
    mean_group = 1 + BURST_SHARE * 3
    peak = profile.peak
    at_s = 0.0
    while True:
        at_s += chance.expovariate(peak / presses_each / mean_group)
        if chance.random() * peak < profile.rate(at_s):
            group = chance.randint(2, 6) if chance.random() < BURST_SHARE else 1
            yield from [at_s] * group
