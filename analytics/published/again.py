"""Publishing a month again: never so that few votes could be told from the difference.

A kiosk that was offline delivers late, a ruling takes votes out: a month reckoned anew may differ
by one vote from what everybody has read, and who compares the two editions would know that vote.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from analytics.measures.minima import MIN_VOTES
from analytics.published.results import WHOLE, Results, Share

Name: TypeAlias = tuple[str, ...]
Counted: TypeAlias = Mapping[str, int]
"""What is counted → how many; figures that are told together."""


def exposes(before: Mapping[str, Results], now: Mapping[str, Results]) -> bool:
    """Whether some figure of a month, or the rest beside several, changes by one to four votes.

    Args:
        before: what is published, by unit.
        now: what would be published instead.
    """
    old, new = _all_counted(before), _all_counted(now)
    return any(_is_few(old.get(name, {}), new.get(name, {})) for name in old.keys() | new.keys())


def _all_counted(results: Mapping[str, Results]) -> dict[Name, Counted]:
    found = {
        (unit, *name): counts for unit, each in results.items() for name, counts in _counted(each)
    }
    return {**found, **_rests(found)}


def _rests(found: Mapping[Name, Counted]) -> dict[Name, Counted]:
    """What is left of the municipality's figures beside those of all units."""
    rests = {}
    for (unit, *name), counts in found.items():
        if unit == WHOLE:
            of_units = [each for key, each in found.items() if key[0] and list(key[1:]) == name]
            rests["rest", *name] = _less(counts, of_units)
    return rests


def _counted(results: Results) -> Iterator[tuple[Name, Counted]]:
    for figure in results.figures:
        yield ("figure", figure.scale), figure.counts
        by_channel = [
            _halves(each.satisfied) for each in results.channels if each.scale == figure.scale
        ]
        yield ("other-channels", figure.scale), _less(_halves(figure.satisfied), by_channel)
    for channel in results.channels:
        yield ("channel", channel.channel, channel.scale), _halves(channel.satisfied)
    for told in results.told:
        yield ("answered", told.survey, told.question), {"": told.answered}
        for option in told.options:
            # Who answered may choose several, so each option is a figure of its own.
            name = ("option", told.survey, told.question, option.code)
            yield name, {"": option.chosen.count}


def _halves(share: Share) -> Counted:
    return {"satisfied": share.count, "others": share.n - share.count}


def _less(counts: Counted, parts: Sequence[Counted]) -> Counted:
    return {value: n - sum(part.get(value, 0) for part in parts) for value, n in counts.items()}


def _is_few(was: Counted, becomes: Counted) -> bool:
    values = was.keys() | becomes.keys()
    steps = [becomes.get(value, 0) - was.get(value, 0) for value in values]
    most = max(sum(step for step in steps if step > 0), -sum(step for step in steps if step < 0))
    return 0 < most < MIN_VOTES
