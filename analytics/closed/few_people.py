"""Surveys, scales and channels that only a few people's desks have: their votes name those people.

A hall of seven desks may be shown, and one desk of it where two serve may not. If that desk alone
has a survey, a scale or a tablet, the filter that chooses it would show the desk. So its votes are
in no figure; only what is entered is judged, since at a web page nobody serves.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import TypeAlias

from analytics.closed.standing import Standing
from analytics.measures.minima import MIN_STAFF

Trait: TypeAlias = tuple[Standing, int, str]
"""Where votes count, which of their traits is meant, and what it is."""


def of_few_people(
    votes: Iterable[tuple[Standing, str, tuple[str, ...]]], staff: Mapping[str, int]
) -> frozenset[Trait]:
    """The traits that would name few people.

    Args:
        votes: where they count, their touchpoint, and their traits (survey, channel …).
        staff: touchpoint → the fewest people who served there, where that is entered.
    """
    having: dict[Trait, set[str]] = defaultdict(set)
    everywhere: dict[Standing, set[str]] = defaultdict(set)
    for standing, touchpoint, traits in votes:
        everywhere[standing].add(touchpoint)
        for number, trait in enumerate(traits):
            having[standing, number, trait].add(touchpoint)
    return frozenset(
        trait
        for trait, touchpoints in having.items()
        if touchpoints != everywhere[trait[0]] and are_few(touchpoints, staff)
    )


def is_hidden(standing: Standing, traits: tuple[str, ...], hidden: AbstractSet[Trait]) -> bool:
    """Whether votes with these traits are in no figure."""
    return any((standing, number, trait) in hidden for number, trait in enumerate(traits))


def are_few(touchpoints: AbstractSet[str], staff: Mapping[str, int]) -> bool:
    """Whether fewer people than may be named serve at ``touchpoints``, all together."""
    known = [staff[each] for each in touchpoints if each in staff]
    return len(known) == len(touchpoints) and 0 < sum(known) < MIN_STAFF
