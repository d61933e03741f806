"""The two minima that protect people, and how figures grow in time.

*Respondents*: a slice is shown from five votes. *Staff*: below the level of a unit a slice is shown
only where three or more people serve. The numbers stand here and nowhere else; which figures of
one page fit together is reckoned in ``analytics.measures.suppression``.

What protects against whom: anybody may look today and tomorrow, choose two periods that differ by
a day, and take figures from one another. So a figure changes by five votes or not at all
(:func:`released`), and a period consists of whole blocks that are the same for everyone
(:func:`blocks_of`): then two periods differ by blocks, each of which was fit to be shown anyway.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeVar

MIN_VOTES: Final = 5
"""k of the respondents: a slice of fewer votes is not shown."""

MIN_STAFF: Final = 3
"""Below the level of a unit, a slice is shown only where so many people serve."""

PlaceT = TypeVar("PlaceT", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Release:
    """What has been shown of a figure, value → votes, and whether it stands on the page now."""

    counts: Mapping[int, int]
    is_shown: bool


UNSEEN: Final = Release({}, is_shown=False)
"""Nothing was shown yet."""


def released(before: Release, now: Mapping[int, int]) -> Release:
    """What to show of a figure that has the votes ``now``, after ``before`` was shown.

    It is renewed as soon as five votes or more differ; a vote that moved from one value to another
    (a correction) differs once, not twice. Where fewer than five votes are left of what was shown,
    nothing is shown, and what comes after is still compared with what people saw.
    """
    old, new = Counter(before.counts), Counter(now)
    if max((new - old).total(), (old - new).total()) < MIN_VOTES:
        return Release(before.counts, is_shown=bool(before.counts))
    if new.total() < MIN_VOTES:
        return Release(before.counts, is_shown=False)
    return Release({value: n for value, n in new.items() if n}, is_shown=True)


@dataclass(frozen=True, slots=True)
class Block:
    """Days that are shown together or not at all; both ends are in it."""

    first_on: date
    last_on: date


def blocks_of(votes: Mapping[date, int]) -> list[Block]:
    """Whole days in order, each with those after it until the block has five votes.

    What comes after the last block waits for more. Blocks depend on nothing but the days, so they
    stay as they are while days are added at the end; votes that come late don't move them if the
    caller keeps the blocks he once used.

    Args:
        votes: local day → votes; days without votes may be left out.
    """
    blocks, first_on, n = [], None, 0
    for on in sorted(day for day, count in votes.items() if count):
        first_on, n = first_on or on, n + votes[on]
        if n >= MIN_VOTES:
            blocks.append(Block(first_on, on))
            first_on, n = None, 0
    return blocks


def blocks_within(blocks: Iterable[Block], from_on: date, to_on: date) -> list[Block]:
    """The blocks that lie in a period with all their days; both ends are in it."""
    return [each for each in blocks if from_on <= each.first_on and each.last_on <= to_on]


def named_places(
    unit: PlaceT, below: Mapping[PlaceT, Sequence[PlaceT]], staff: Mapping[PlaceT, int]
) -> frozenset[PlaceT]:
    """The places under ``unit`` that may have figures of their own; all others merge upward.

    A place where fewer than three serve has no figure, nor has anything in it: its votes count in
    the place above. If a place's named parts leave a rest where fewer than three serve, the rest
    would follow by subtraction: then the part where fewest serve loses its name too.

    Since places lie within each other, all that can be had by adding and subtracting named places
    and the unit consists of such rests and of places without named parts, and at each of them
    three or more serve. People who serve at two places of one rest count there twice: whoever
    enters the numbers enters each person once.

    Args:
        unit: always shown; the number of its people doesn't matter.
        below: place → the places directly in it.
        staff: place → how many serve there in the period. A place that isn't entered has as many
            as the places in it together, and none if there are none.
    """
    return frozenset(_named(unit, below, staff))


def _named(
    place: PlaceT, below: Mapping[PlaceT, Sequence[PlaceT]], staff: Mapping[PlaceT, int]
) -> Iterator[PlaceT]:
    parts = sorted(below.get(place, ()), key=lambda part: _serving(part, below, staff))
    merged = [part for part in parts if _serving(part, below, staff) < MIN_STAFF]
    while merged and sum(_serving(part, below, staff) for part in merged) < MIN_STAFF:
        if len(merged) == len(parts):
            break
        merged.append(parts[len(merged)])
    for part in parts[len(merged) :]:
        yield part
        yield from _named(part, below, staff)


def _serving(
    place: PlaceT, below: Mapping[PlaceT, Sequence[PlaceT]], staff: Mapping[PlaceT, int]
) -> int:
    if place in staff:
        return staff[place]
    return sum(_serving(part, below, staff) for part in below.get(place, ()))
