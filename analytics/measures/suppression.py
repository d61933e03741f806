"""Which figures of one page may stand beside each other, so that none gives a small one away.

A figure is of a *slice*: a set of atoms, the smallest pieces that the page tells apart (say, a
touchpoint × channel × block of days). Totals, rows, columns, filters and periods are all slices, so
one rule holds for all. Slices of one to four votes are not shown (primary suppression); others are
kept back as far as needed, so that nobody can reckon a small one from what is shown (secondary).

Source of the idea: L. H. Cox, "Suppression methodology and statistical disclosure control", JASA
75 (1980); A. Hundepool et al., *Statistical Disclosure Control*, Wiley 2012, ch. 4. There the
figures to hide are chosen at least cost; here greedily, the smallest first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple, TypeVar

from analytics.measures.minima import MIN_VOTES

AtomT = TypeVar("AtomT", bound=Hashable)
SliceT = TypeVar("SliceT", bound=Hashable)

_TOLERANCE: Final = 1e-6
"""Votes are whole numbers; the programme's rounding errors are far below."""


def showable(
    votes: Mapping[AtomT, int], slices: Mapping[SliceT, Collection[AtomT]]
) -> frozenset[SliceT]:
    """The ``slices`` that may be shown together.

    Slices without votes may: nobody is in them. Whoever knows all slices shown, and that votes
    are not negative, can't reckon the sum of any one to four votes, by whatever adding and
    subtracting: no atom with so few has an upper bound below five. Every set that follows and has
    fewer than five would give its atoms such a bound. So where one slice in a shown total is
    hidden, at least two are, and those hidden have five votes or more together.

    It is not proof against who knows the rule by which the next slice to hide is chosen and
    reckons backward from that.

    Args:
        votes: atom → votes, for every atom that could have had some; those known to be impossible
            are left out.
        slices: what the page would like to show. Slices of equal votes are kept in their order.

    Raises:
        KeyError: a slice has an atom that ``votes`` lacks.
    """
    sums = {name: sum(votes[atom] for atom in set(atoms)) for name, atoms in slices.items()}
    fit = [name for name in slices if sums[name] == 0 or sums[name] >= MIN_VOTES]
    shown = {name: frozenset(slices[name]) for name in fit}
    hidden: list[SliceT] = []
    safe: set[AtomT] = set()  # hiding more never makes an atom unsafe
    while leak := _leak(votes, shown, safe):
        least = min((name for name in leak if sums[name]), key=lambda name: sums[name])
        hidden.append(least)
        del shown[least]
    for name in sorted(hidden, key=lambda name: -sums[name]):
        again = {**shown, name: frozenset(slices[name])}
        if not _leak(votes, again, set()):
            shown = again
    return frozenset(shown)


def in_all_blocks(shown: Iterable[frozenset[SliceT]]) -> frozenset[SliceT]:
    """The slices that a period of several blocks may show: those that each of its blocks shows.

    So a figure of a period is the sum of figures of blocks that are shown, and tells no more than
    these do, whichever periods are compared.
    """
    sets = list(shown)
    return frozenset.intersection(*sets) if sets else frozenset()


class _Class(NamedTuple):
    """Atoms that lie in the same slices: nothing tells them apart."""

    within: frozenset[Any]
    votes: int
    small: frozenset[Any]


def _leak(
    votes: Mapping[AtomT, int], shown: Mapping[SliceT, frozenset[AtomT]], safe: set[AtomT]
) -> list[SliceT]:
    """Slices from which a bound below five follows for an atom of one to four votes.

    ``safe`` are atoms of which it is known that there is none; those found so are added.
    """
    classes = [each for each in _classes(votes, shown) if each.within]
    page: _Page | None = None
    for number, each in enumerate(classes):
        if not each.small <= safe:
            page = page or _page(classes, list(shown))
            found, possible = _most(page, number)
            if found:
                return found
            for other, most in zip(classes, possible, strict=True):
                if most > MIN_VOTES - _TOLERANCE:
                    safe |= other.small
    return []


class _Page(NamedTuple):
    """What is shown, as equations: slices × classes, and the sums."""

    names: Sequence[Any]
    holds: Any
    sums: Any


def _page(classes: Sequence[_Class], names: Sequence[SliceT]) -> _Page:
    import numpy as np  # noqa: PLC0415 - comes with scipy, see below

    row = {name: at for at, name in enumerate(names)}
    holds = np.zeros((len(names), len(classes)))
    for column, each in enumerate(classes):
        holds[[row[name] for name in each.within], column] = 1
    return _Page(names, holds, holds @ np.array([each.votes for each in classes], dtype=float))


def _most(page: _Page, number: int) -> tuple[list[Any], Sequence[float]]:
    """The slices that hold the class ``number`` below five; none if it could have as many.

    With them the votes of all classes when this one has the most, given the sums shown (linear
    programming). The slices whose sums the bound hangs on have a multiplier other than zero.
    """
    from scipy.optimize import linprog  # noqa: PLC0415 - half a second, and not every page hides

    gain = [0.0] * page.holds.shape[1]
    gain[number] = -1.0
    found: Any = linprog(gain, A_eq=page.holds, b_eq=page.sums, method="highs")
    if -found.fun > MIN_VOTES - _TOLERANCE:
        return [], found.x
    multipliers = zip(page.names, found.eqlin.marginals, strict=True)
    on = [name for name, multiplier in multipliers if abs(multiplier) > _TOLERANCE]
    return on or list(page.names), found.x


def _classes(votes: Mapping[AtomT, int], shown: Mapping[SliceT, frozenset[AtomT]]) -> list[_Class]:
    within: dict[AtomT, set[SliceT]] = defaultdict(set)
    for name, atoms in shown.items():
        for atom in atoms:
            within[atom].add(name)
    alike: dict[frozenset[SliceT], list[AtomT]] = defaultdict(list)
    for atom in votes:
        alike[frozenset(within.get(atom, ()))].append(atom)
    return [
        _Class(
            names,
            sum(votes[atom] for atom in atoms),
            frozenset(atom for atom in atoms if 0 < votes[atom] < MIN_VOTES),
        )
        for names, atoms in alike.items()
    ]
