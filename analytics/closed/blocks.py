"""Days put together until they have five votes: pure, and the same for everyone."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, TypeAlias

from analytics.measures.minima import MIN_VOTES, Release, released

Counts: TypeAlias = tuple[int, ...]
"""Votes by value, or answers by option: as many numbers as the series tells apart."""

VOTES: Final = slice(None)
"""Where each vote counts once: anywhere."""

ANSWERS: Final = slice(1)
"""Where each answer counts once: in the first number; the others are what was chosen."""


@dataclass(frozen=True, slots=True)
class Day:
    """The votes of a local day: as the rules leave them, and as first pressed.

    Attributes:
        where: the touchpoints at which they were given.
    """

    on: date
    filtered: Counts
    raw: Counts
    where: AbstractSet[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Atom:
    """Days whose votes are shown together or not at all; both ends are in it."""

    first_on: date
    last_on: date
    counts: Counts


@dataclass(frozen=True, slots=True)
class Closed:
    """The atoms of one series: as the rules leave the votes, and as first pressed."""

    filtered: tuple[Atom, ...]
    raw: tuple[Atom, ...]


NOTHING: Final = Closed((), ())


def _nobody(_where: AbstractSet[str]) -> bool:
    """Where nobody's staff is known."""
    return False


def closed(
    days: Sequence[Day],
    before: Closed = NOTHING,
    heads: slice = VOTES,
    names: Callable[[AbstractSet[str]], bool] = _nobody,
) -> Closed:
    """The atoms of a series; what comes after the last one waits for more votes.

    As first pressed, atoms are put together until they differ from the filtered ones by five votes
    or by none: else what a rule took out, or somebody corrected, would be told one by one.

    Args:
        days: those that have votes, in order.
        before: what was made of these days earlier. Its atoms keep their days, and each keeps its
            counts too until five votes differ: so who looks twice sees no single late vote.
        heads: the numbers in which everybody counts once.
        names: whether votes of these touchpoints alone would name the few people who serve there;
            then the days wait for those of others. A channel that only one desk had in January is
            told together with that of the next desk that gets it.
    """
    filtered = tuple(_renewed(days, before.filtered, heads, names))
    return Closed(filtered, tuple(_as_pressed(days, filtered, before.raw, heads)))


def _renewed(
    days: Sequence[Day],
    before: Sequence[Atom],
    heads: slice,
    names: Callable[[AbstractSet[str]], bool],
) -> Iterator[Atom]:
    """The atoms of earlier with what came since, and new ones after the last of them."""
    lasts = [atom.last_on for atom in before]
    parts: list[list[Day]] = [[] for _ in before]
    later: list[Day] = []
    for day in days:
        at = bisect_left(lasts, day.on)
        (parts[at] if at < len(before) else later).append(day)
    for atom, part in zip(before, parts, strict=True):
        now = _release(atom, _sum(day.filtered for day in part), heads)
        if now is not None:
            yield now
    yield from _new(later, heads, names)


def _release(atom: Atom, counts: Counts, heads: slice) -> Atom | None:
    """The atom with new ``counts`` if these may be shown, else as it was; ``None`` for too few."""
    shown = Release(dict(enumerate(atom.counts[heads])), is_shown=True)
    found = released(shown, dict(enumerate(counts[heads])))
    if not found.is_shown:
        return None
    return atom if found.counts == shown.counts else replace(atom, counts=counts)


def _new(
    days: Iterable[Day], heads: slice, names: Callable[[AbstractSet[str]], bool]
) -> Iterator[Atom]:
    """Whole days in order, each with those after it until votes and people are enough."""
    waiting: list[Day] = []
    where: set[str] = set()
    n = 0
    for day in days:
        waiting.append(day)
        where |= day.where
        n += sum(day.filtered[heads])
        if n >= MIN_VOTES and not names(where):
            yield Atom(waiting[0].on, day.on, _sum(each.filtered for each in waiting))
            waiting, where, n = [], set(), 0


def _as_pressed(
    days: Sequence[Day], filtered: Sequence[Atom], before: Sequence[Atom], heads: slice
) -> Iterator[Atom]:
    """The same days as first pressed, so many atoms together as it takes."""
    shown = {(atom.first_on, atom.last_on): atom for atom in before}
    at, first_on = 0, None
    pressed: Counts = ()
    left: Counts = ()
    for atom in filtered:
        first_on = first_on or atom.first_on
        left = _sum((left, atom.counts))
        while at < len(days) and days[at].on <= atom.last_on:
            pressed = _sum((pressed, days[at].raw))
            at += 1
        old = shown.get((first_on, atom.last_on))
        now = _release(old, pressed, heads) if old else Atom(first_on, atom.last_on, pressed)
        if now and _differing(now.counts[heads], left[heads]) not in range(1, MIN_VOTES):
            yield now
            first_on, pressed, left = None, (), ()


def _differing(one: Counts, other: Counts) -> int:
    """How many votes differ; one that moved to another value does once."""
    width = max(len(one), len(other))
    pairs = zip(_wide(one, width), _wide(other, width), strict=True)
    changes = [here - there for here, there in pairs]
    return max(sum(n for n in changes if n > 0), -sum(n for n in changes if n < 0))


def _sum(several: Iterable[Counts]) -> Counts:
    rows = list(several)
    width = max(map(len, rows), default=0)
    return tuple(map(sum, zip(*(_wide(row, width) for row in rows), strict=True)))


def _wide(counts: Counts, width: int) -> Counts:
    return counts + (0,) * (width - len(counts))
