"""The debouncer finds what the table "What counts as a press" says, to the millisecond."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.debounce import CLOSED_MS, OPEN_MS, STUCK_MS, WINDOW_MS, Change, Debouncer

Found = list[tuple[str, float]]


def debounce(flips_ms: list[float], until_ms: float) -> Found:
    """What is found of a contact that closes, opens, closes … at ``flips_ms``, until then."""
    debouncer = Debouncer()
    changes: list[Change] = []
    for number, at_ms in enumerate(flips_ms):
        changes += debouncer.edge(is_closed=number % 2 == 0, at_ms=at_ms)
    changes += debouncer.tick(until_ms)
    return [(change.kind, change.at_ms) for change in changes]


@pytest.mark.parametrize(
    ("flips_ms", "until_ms", "found"),
    [
        # One pulse.
        ([0], 7.9, []),
        ([0], 8, [("closed", 0)]),
        ([0, 3], 100, []),
        ([0, 7.9], 100, []),
        ([0, 8], 30, [("closed", 0)]),
        # Several within 12 ms of the first edge.
        ([0, 4, 8], 12, [("closed", 0)]),
        ([0, 4, 8.5], 12, []),
        ([0, 2, 3, 5, 6], 9, []),
        ([0, 2, 3, 5, 6], 10, [("closed", 0)]),
        ([0, 3, 6, 9, 12, 15], 200, []),
        # The first edge did not come to enough: a later one begins the 12 ms.
        ([0, 4, 8.5], 16, []),
        ([0, 4, 8.5], 16.5, [("closed", 8.5)]),
        ([0, 1, 5, 6, 11], 18, []),
        ([0, 1, 5, 6, 11], 19, [("closed", 11)]),
        ([0, 1, 5, 6, 10], 17, [("closed", 5)]),
        # Two spikes far from each other.
        ([0, 3, 40, 43], 200, []),
        # Release.
        ([0, 100], 129.9, [("closed", 0)]),
        ([0, 100], 130, [("closed", 0), ("released", 100)]),
        ([0, 100, 129.9, 140], 169.9, [("closed", 0)]),
        ([0, 100, 129.9, 140], 170, [("closed", 0), ("released", 140)]),
        ([0, 100, 101, 102, 103, 104], 200, [("closed", 0), ("released", 104)]),
        # The next press of the same button.
        ([0, 100, 129.9], 200, [("closed", 0)]),
        ([0, 100, 130], 137.9, [("closed", 0), ("released", 100)]),
        ([0, 100, 130], 138, [("closed", 0), ("released", 100), ("closed", 130)]),
        # Stuck.
        ([0], 9_999.9, [("closed", 0)]),
        ([0], 10_000, [("closed", 0), ("stuck", 10_000)]),
        ([0], 3_600_000, [("closed", 0), ("stuck", 10_000)]),
        ([0, 9_999], 20_000, [("closed", 0), ("released", 9_999)]),
        ([0, 9_990, 10_010], 10_010, [("closed", 0), ("stuck", 10_010)]),
        (
            [0, 11_000],
            12_000,
            [("closed", 0), ("stuck", 10_000), ("released", 11_000), ("freed", 11_000)],
        ),
    ],
)
def test_each_boundary(flips_ms: list[float], until_ms: float, found: Found) -> None:
    """Each line of the table holds on both sides of its boundary."""
    assert debounce(flips_ms, until_ms) == found


def test_a_button_that_is_closed_at_the_start_is_no_press() -> None:
    """A key jammed over a restart counts nothing, is reported, and works again after release."""
    debouncer = Debouncer(is_closed=True, at_ms=5_000)
    assert debouncer.tick(14_999) == []
    assert debouncer.tick(15_000) == [Change("stuck", 15_000)]
    debouncer.edge(is_closed=False, at_ms=16_000)
    assert [change.kind for change in debouncer.tick(16_030)] == ["released", "freed"]
    debouncer.edge(is_closed=True, at_ms=17_000)
    assert debouncer.tick(17_008) == [Change("closed", 17_000)]


def test_the_deadline_is_when_the_next_change_is_certain() -> None:
    """``next_deadline_ms`` follows the contact: 8 ms in sum, 10 s held, 30 ms open, then never."""
    debouncer = Debouncer()
    deadlines = [debouncer.next_deadline_ms]
    for is_closed, at_ms in [(True, 100.0), (False, 103.0), (True, 104.0), (None, 109.0)]:
        if is_closed is None:
            debouncer.tick(at_ms)
        else:
            debouncer.edge(is_closed=is_closed, at_ms=at_ms)
        deadlines.append(debouncer.next_deadline_ms)
    debouncer.edge(is_closed=False, at_ms=500)
    deadlines.append(debouncer.next_deadline_ms)
    debouncer.tick(530)
    deadlines.append(debouncer.next_deadline_ms)
    assert deadlines == [None, 108, None, 109, 10_100, 530, None]


def test_a_repeated_level_changes_nothing() -> None:
    """An edge that was reported twice neither restarts the 8 ms nor ends them."""
    debouncer = Debouncer()
    debouncer.edge(is_closed=True, at_ms=0)
    debouncer.edge(is_closed=True, at_ms=5)
    assert debouncer.tick(8) == [Change("closed", 0)]


# Times are sixteenths of a millisecond: exact as floats, so that sums are too.
_gaps = st.lists(st.integers(1, 40 * 16), min_size=1, max_size=60)


def _flips(gaps: list[int]) -> list[float]:
    flips, at = [], 1_000 * 16
    for gap in gaps:
        at += gap
        flips.append(at / 16)
    return flips


def _closed_ms(flips: list[float], start_ms: float, end_ms: float) -> float:
    """For how long the contact is closed between two times; the plain reckoning."""
    ends = [*flips, float("inf")]
    pulses = zip(ends[0::2], ends[1::2], strict=False)
    return sum(max(0.0, min(end, end_ms) - max(start, start_ms)) for start, end in pulses)


@given(_gaps)
def test_no_closure_without_eight_milliseconds(gaps: list[int]) -> None:
    """Whatever the chatter, a closure has a closing edge and 8 ms closed within 12 ms of it."""
    flips = _flips(gaps)
    for kind, at_ms in debounce(flips, flips[-1] + 5_000):
        if kind == "closed":
            assert at_ms in flips[0::2]
            assert _closed_ms(flips, at_ms, at_ms + WINDOW_MS) >= CLOSED_MS


@given(_gaps)
def test_a_press_is_never_missed(gaps: list[int]) -> None:
    """Whatever the chatter, 8 ms closed within 12 ms of an edge mean that the button is held."""
    flips = _flips(gaps)
    found = debounce(flips, flips[-1] + 5_000)
    held = list(
        zip(
            [at_ms for kind, at_ms in found if kind == "closed"],
            [*(at_ms for kind, at_ms in found if kind == "released"), float("inf")],
            strict=False,
        )
    )
    for start_ms in flips[0::2]:
        if _closed_ms(flips, start_ms, start_ms + WINDOW_MS) >= CLOSED_MS:
            assert any(closed - WINDOW_MS <= start_ms <= released for closed, released in held)


@given(_gaps)
def test_no_two_closures_without_a_stable_release(gaps: list[int]) -> None:
    """Closures and releases take turns, and 30 ms open lie between."""
    flips = _flips(gaps)
    found = [change for change in debounce(flips, flips[-1] + 5_000) if change[0] != "stuck"]
    assert [kind for kind, _ in found] == (["closed", "released"] * len(found))[: len(found)]
    for (kind, at_ms), (_, next_ms) in pairwise(found):
        if kind == "released":
            assert next_ms >= at_ms + OPEN_MS
            assert _closed_ms(flips, at_ms, at_ms + OPEN_MS) == 0


@given(
    st.lists(st.integers(1, 24), max_size=40),
    st.lists(st.integers(1, 24), max_size=40),
    st.integers(50, 5_000),
)
def test_one_press_with_any_bounce_is_one_closure(
    going_down: list[int], going_up: list[int], held_ms: int
) -> None:
    """Chatter of up to 1.5 ms a piece before and after a press adds none and hides none."""
    settle = going_down if len(going_down) % 2 == 0 else going_down[1:]
    chatter = going_up if len(going_up) % 2 == 0 else going_up[1:]
    flips = _flips([*settle, 1, held_ms * 16, *chatter])
    found = debounce(flips, flips[-1] + OPEN_MS)
    assert [kind for kind, _ in found] == ["closed", "released"]
    assert found[0][1] <= flips[len(settle)]
    assert found[1][1] == flips[-1]


@given(_gaps, st.lists(st.integers(0, 3_000 * 16), max_size=50))
def test_looking_more_often_finds_the_same_in_order(gaps: list[int], looks: list[int]) -> None:
    """What is found does not hang on when we look, and is found when it was announced."""
    flips = _flips(gaps)
    end_ms = flips[-1] + STUCK_MS
    events: list[tuple[float, bool | None]] = [
        (at_ms, number % 2 == 0) for number, at_ms in enumerate(flips)
    ]
    events += [(1_000 + look / 16, None) for look in looks if 1_000 + look / 16 < end_ms]
    debouncer = Debouncer()
    found: Found = []
    for at_ms, is_closed in sorted(events, key=lambda event: event[0]):
        deadline_ms = debouncer.next_deadline_ms
        changes = (
            debouncer.tick(at_ms)
            if is_closed is None
            else debouncer.edge(is_closed=is_closed, at_ms=at_ms)
        )
        if changes and changes[0].kind != "stuck":
            assert deadline_ms is not None
            assert deadline_ms <= at_ms
        found += [(change.kind, change.at_ms) for change in changes]
    found += [(change.kind, change.at_ms) for change in debouncer.tick(end_ms)]
    assert found == debounce(flips, end_ms)
    assert [at_ms for _, at_ms in found] == sorted(at_ms for _, at_ms in found)


@given(_gaps, st.integers(1, 1_000))
def test_a_clock_that_steps_back_does_no_harm(gaps: list[int], back_ms: int) -> None:
    """A time before the last one counts as the last one: nothing is found twice or undone."""
    debouncer = Debouncer()
    kinds = []
    for number, at_ms in enumerate(_flips(gaps)):
        for time_ms in (at_ms, at_ms - back_ms):
            changes = debouncer.edge(is_closed=number % 2 == 0, at_ms=time_ms)
            kinds += [change.kind for change in changes]
    assert kinds == (["closed", "released"] * len(kinds))[: len(kinds)]
