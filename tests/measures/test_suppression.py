"""Suppression: an attacker who adds and subtracts all that is shown finds nobody."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping
from itertools import product
from typing import Final, TypeAlias

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.measures.minima import MIN_VOTES
from analytics.measures.suppression import in_all_blocks, showable

Atom: TypeAlias = tuple[int, ...]
Slices: TypeAlias = dict[Hashable, list[Atom]]

FEW: Final = st.one_of(st.integers(0, 6), st.integers(0, 30))
PLACES, CHANNELS, DAYS = range(3), range(2), range(2)


def test_a_small_cell_hides_the_next_smallest() -> None:
    """Else it would follow from the total; and if both have too few together, a third one."""
    slices = {"all": "abcd", **{each: each for each in "abcd"}}
    assert showable({"a": 3, "b": 7, "c": 20, "d": 9}, slices) == {"all", "c", "d"}
    assert showable({"a": 1, "b": 2, "c": 20, "d": 9}, slices) == {"all", "c"}
    assert showable({"a": 2, "b": 3, "c": 20, "d": 9}, slices) == {"all", "c", "d"}
    assert showable({"a": 6, "b": 7, "c": 20, "d": 9}, slices) == set(slices)


def test_nobody_in_a_slice_is_nobody_to_hide() -> None:
    """A place without votes is shown as such, and hides no other."""
    slices = {"all": "ab", "a": "a", "b": "b"}
    assert showable({"a": 0, "b": 7}, slices) == {"all", "a", "b"}
    assert showable({"a": 0, "b": 0}, slices) == {"all", "a", "b"}


def test_too_few_in_all_is_nothing() -> None:
    """Four votes in total show nothing but where there are none."""
    assert showable({"a": 4, "b": 0}, {"all": "ab", "a": "a", "b": "b"}) == {"b"}


def test_totals_of_two_groupings_hide_in_both() -> None:
    """Rows and columns both have totals, so one hidden cell takes three others with it."""
    votes: dict[Atom, int] = {
        (row, column): 20 + 4 * row + column for row in range(3) for column in range(3)
    }
    votes[1, 1] = 2
    slices = _table(votes)
    shown = showable(votes, slices)
    hidden = set(slices) - shown
    assert (1, 1) in hidden
    assert len(hidden) == 4
    assert {("row", row) for row in range(3)} <= shown
    assert _attack(votes, slices, shown) == []


def test_the_attacker_of_these_tests_finds_what_is_there_to_find() -> None:
    """Primary suppression alone, or secondary row by row, doesn't hold."""
    votes: dict[Atom, int] = {(row, column): 20 for row in range(3) for column in range(3)}
    votes[1, 1] = 2
    slices = _table(votes)
    assert _attack(votes, slices, set(slices) - {(1, 1)}) == [2]
    assert _attack(votes, slices, set(slices) - {(1, 1), (1, 2)}) == [2]


@settings(max_examples=60)
@given(st.lists(FEW, min_size=9, max_size=9))
def test_no_table_gives_a_cell_away(votes: list[int]) -> None:
    """Rows, columns and everything: no sum of one to four votes follows from what is shown."""
    cells: dict[Atom, int] = dict(zip(product(range(3), range(3)), votes, strict=True))
    slices = _table(cells)
    shown = showable(cells, slices)
    assert _attack(cells, slices, shown) == []
    for name in slices:
        n = sum(cells[cell] for cell in slices[name])
        assert name not in shown or n == 0 or n >= MIN_VOTES
        assert name in shown or n > 0


@settings(max_examples=30)
@given(st.lists(FEW, min_size=12, max_size=12))
def test_no_two_filters_give_a_slice_away(votes: list[int]) -> None:
    """Place, channel and day in every combination, with each of their totals."""
    cells: dict[Atom, int] = dict(zip(product(PLACES, CHANNELS, DAYS), votes, strict=True))
    slices = _filters(cells)
    assert _attack(cells, slices, showable(cells, slices)) == []


@settings(max_examples=60)
@given(st.lists(st.lists(FEW, min_size=4, max_size=4), min_size=1, max_size=3))
def test_no_two_periods_give_a_slice_away(blocks: list[list[int]]) -> None:
    """Any periods of whole blocks, each with its cells and totals: the blocks tell as much."""
    slices: dict[Hashable, list[int]] = {"all": [0, 1, 2, 3], "left": [0, 1], "right": [2, 3]}
    slices |= {cell: [cell] for cell in range(4)}
    shown = [showable(dict(enumerate(block)), slices) for block in blocks]
    atoms: dict[Atom, int] = {
        (block, cell): n for block, row in enumerate(blocks) for cell, n in enumerate(row)
    }
    seen: Slices = {}
    for first, last in _periods(len(blocks)):
        for name in in_all_blocks(shown[first:last]):
            seen[first, last, name] = [
                (block, cell) for block in range(first, last) for cell in slices[name]
            ]
    assert _attack(atoms, seen, seen) == []


@settings(max_examples=40)
@given(st.lists(st.integers(0, 6), min_size=4, max_size=4))
def test_no_small_cell_can_be_held_below_five(votes: list[int]) -> None:
    """Of all tables that fit what is shown, some have five votes or more in each small cell."""
    cells: dict[Atom, int] = dict(zip(product(range(2), range(2)), votes, strict=True))
    slices = _table(cells)
    shown = showable(cells, slices)
    tables = np.indices([max(sum(votes), MIN_VOTES) + 1] * 4).reshape(4, -1)
    for name in shown:
        inside = [number for number, cell in enumerate(cells) if cell in slices[name]]
        tables = tables[:, tables[inside].sum(axis=0) == sum(votes[number] for number in inside)]
    for number, n in enumerate(votes):
        if 0 < n < MIN_VOTES:
            assert tables[number].max() >= MIN_VOTES


def test_no_blocks_show_nothing() -> None:
    """A period too short for a block has no figures."""
    assert in_all_blocks([]) == frozenset()


def test_a_page_of_a_town_is_reckoned_whole() -> None:
    """Twelve places by five channels: all totals stay, and what is hidden holds five or more."""
    chance = np.random.default_rng(14)
    cells: dict[Atom, int] = {
        each: int(chance.choice([0, 2, 4, 9, 30])) for each in product(range(12), range(5))
    }
    slices = _table(cells)
    shown = showable(cells, slices)
    hidden = [cells[cell] for cell in cells if cell not in shown]
    assert ("all",) in shown
    assert sum(("row", row) in shown for row in range(12)) >= 10
    assert len(shown) > len(slices) / 3
    assert sum(hidden) >= MIN_VOTES


def _periods(count: int) -> list[tuple[int, int]]:
    """All periods of one block or more."""
    return [(first, last) for first in range(count) for last in range(first + 1, count + 1)]


def _table(cells: Mapping[Atom, int]) -> Slices:
    """The cells of a table, its rows, its columns and all of it."""
    slices: Slices = {("all",): list(cells)}
    for cell in cells:
        slices.setdefault(("row", cell[0]), []).append(cell)
        slices.setdefault(("column", cell[1]), []).append(cell)
        slices[cell] = [cell]
    return slices


def _filters(cells: Mapping[Atom, int]) -> Slices:
    """Every choice of each dimension, or of none of it."""
    slices: Slices = {}
    for cell in cells:
        for kept in product((False, True), repeat=len(cell)):
            name = tuple(each if keeps else "any" for each, keeps in zip(cell, kept, strict=True))
            slices.setdefault(name, []).append(cell)
    return slices


def _attack(
    votes: Mapping[Atom, int],
    slices: Slices,
    shown: Collection[Hashable],
) -> list[int]:
    """Votes of the sets of atoms that follow from what is shown and have one to four of them.

    Every set is tried whether it is a sum of multiples of shown slices; atoms that must be empty
    are known. Another way than the one that chose what to show.
    """
    atoms = list(votes)
    rows = [
        [atom in set(atoms_of) for atom in atoms]
        for name, atoms_of in slices.items()
        if name in shown
    ]
    for row in list(rows):
        if not sum(votes[atom] for atom, on in zip(atoms, row, strict=True) if on):
            rows += [
                [on and each == number for each in range(len(atoms))]
                for number, on in enumerate(row)
            ]
    if not rows:
        return []
    matrix = np.array(rows, dtype=float)
    onto = np.linalg.pinv(matrix) @ matrix
    sets = (np.arange(1, 2 ** len(atoms))[:, None] >> np.arange(len(atoms)) & 1).astype(float)
    follows = np.abs(sets @ onto - sets).max(axis=1) < 1e-8
    sums = sets @ np.array([votes[atom] for atom in atoms])
    return sorted({int(n) for n in sums[follows & (sums > 0) & (sums < MIN_VOTES)]})
