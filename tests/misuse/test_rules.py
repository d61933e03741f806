"""Each rule: what it doubts, and what it lets pass."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from broker.misuse.counts import upper_tail
from broker.misuse.opening import Door
from broker.misuse.rules import CURRENT, RULES, Day, UnknownRulesError, judge
from broker.misuse.visits import Visit
from broker.wire.configuration import OpeningHours, SpecialDay, WeeklyHours
from tests.misuse.pressing import MINUTE, SECOND, a_day, visit

HOUR = 60 * MINUTE


def doubted(*visits: Visit) -> dict[str, set[str]]:
    """What version 1 says of a day with these visits only."""
    return dict(judge(a_day(visits), 1))


def test_a_burst_is_one_episode_and_no_vote() -> None:
    """All of a chain is doubted, not only what comes after the first."""
    burst = [visit(number * SECOND, 1) for number in range(4)]
    assert doubted(*burst) == {each.id: {"burst"} for each in burst}


def test_a_family_of_three_counts() -> None:
    """Three people within four seconds are three votes."""
    assert doubted(visit(0, 4), visit(1200, 3), visit(4000, 4)) == {}


def test_a_burst_takes_in_what_lingers_about_it() -> None:
    """A child takes a breath and goes on; visitors a minute away are others."""
    burst = [visit(number * SECOND, 1) for number in range(10, 15)]
    before, after, other = visit(6 * SECOND, 1), visit(20 * SECOND, 1), visit(80 * SECOND, 1)
    found = doubted(before, *burst, after, other)
    assert found[before.id] == found[after.id] == {"burst"}
    assert other.id not in found


def test_corrections_are_presses_of_a_chain() -> None:
    """A child at all faces makes corrections; they count towards the burst."""
    assert set(doubted(visit(0, 1, (700, 2), (1400, 3)), visit(2100, 4))) == {"0", "2100"}


def test_panels_have_chains_of_their_own() -> None:
    """Two panels at one touchpoint are two rows of visitors."""
    here = [visit(number * SECOND, 1) for number in range(0, 4, 2)]
    there = [visit(number * SECOND, 1, device="b") for number in range(1, 4, 2)]
    assert doubted(*here, *there) == {}


def test_times_that_were_rounded_say_nothing_of_gaps() -> None:
    """A table that was read in may tell the minute only: many votes at once, or a minute apart."""
    one_a_minute = [visit(number * MINUTE, 4) for number in range(30)]
    five_at_once = [replace(visit(500, 4), id=f"{number}") for number in range(5)]
    assert doubted(*one_a_minute) == {}
    assert doubted(*five_at_once) == {}


def test_the_same_finger_twice_counts_once() -> None:
    """Half a second later it is a repeat; the first one stays."""
    assert doubted(visit(0, 4), visit(500, 4)) == {"500": {"repeat"}}
    assert doubted(visit(0, 4), visit(900, 4)) == {}


def test_a_flat_hand_is_no_vote() -> None:
    """Different faces within a quarter of a second, or three in a second; a slower correction is
    honest.
    """
    assert doubted(visit(0, 1, (400, 2), (900, 3))) == {"0": {"several-buttons"}}
    assert doubted(visit(0, 1, (200, 2))) == {"0": {"several-buttons"}}
    assert doubted(visit(0, 1, (700, 2))) == {}


def test_a_stuck_key_is_told_by_its_even_gaps() -> None:
    """A press every 40 s to the hundredth; others press in between and count."""
    stuck = [visit(number * 40 * SECOND + number % 2 * 10, 1) for number in range(20)]
    others = [visit(number * 170 * SECOND + 7 * SECOND, 4) for number in range(4)]
    found = doubted(*stuck, *others)
    assert all("stuck-key" in found[each.id] for each in stuck)
    assert not any(each.id in found for each in others)


def test_stuffing_is_told_by_its_rhythm() -> None:
    """Every 20 s or so by hand, on a day with other visitors."""
    wobble = (0, 900, -700, 400, -1100, 1300, -300, 600, -900, 200, 800, -500)
    stuffed = [visit(8 * HOUR + n * 20 * SECOND + w, 4) for n, w in enumerate(wobble)]
    honest = [visit(n * 9 * MINUTE + n * n * 100, 4) for n in range(50)]
    found = doubted(*honest, *stuffed)
    assert all(found[each.id] == {"monotone"} for each in stuffed)
    assert not any(each.id in found for each in honest)


def test_a_press_while_closed_is_doubted() -> None:
    """Where nobody said when it is open, the rule is silent."""
    closed, opened, unknown = (judge(a_day([visit(0)], is_open=is_open), 1) for is_open in STATES)
    assert closed == {"0": {"out-of-hours"}}
    assert not opened
    assert not unknown


STATES = (False, True, None)


def history(weeks: int, an_hour: int) -> list[dict[int, Counter[int]]]:
    """Weeks with so many ratings of each of two faces in each hour."""
    return [{hour: Counter({3: an_hour, 4: an_hour}) for hour in range(8)} for _ in range(weeks)]


def spread_out(hour: int, count: int, value: int) -> list[Visit]:
    """So many visits over an hour, without rhythm."""
    places = sorted((number * 7919 + number**3 * 13) % 3600 for number in range(count))
    return [visit(hour * HOUR + at * SECOND + value, value) for at in sorted(set(places))]


def counted(visits: list[Visit], weeks: int) -> Counter[str]:
    """How often each reason is given to a day after so many weeks."""
    day = Day(visits, history(weeks, 10), lambda at_ms: at_ms // HOUR, lambda _at: None)
    return Counter(reason for reasons in judge(day, 1).values() for reason in reasons)


def test_an_improbable_hour_is_cut_to_its_usual_number() -> None:
    """Ten of a face are usual: of sixty, about ten stay; without history nothing is said."""
    visits = spread_out(2, 60, 4)
    cut = counted(visits, 6)
    assert 40 <= cut["improbable-count"] <= 50
    assert counted(visits, 3)["improbable-count"] == 0


def test_a_busy_hour_and_a_change_of_mood_are_no_misuse() -> None:
    """Half as many again pass; so does an hour in which everybody presses the same face."""
    busy = [*spread_out(2, 15, 4), *spread_out(2, 15, 3)]
    assert counted(busy, 6)["improbable-count"] == 0
    assert counted(spread_out(2, 20, 3), 6)["improbable-count"] == 0


def test_the_tail_is_the_negative_binomials() -> None:
    """Mean 2 and variance 4: r = 2, p = 1/2, so that none has the probability 1/4."""
    assert upper_tail(0, 2, 2) == pytest.approx(1)
    assert upper_tail(1, 2, 2) == pytest.approx(3 / 4)
    assert upper_tail(2, 2, 2) == pytest.approx(1 / 2)


OPENING = OpeningHours(
    weekly=(WeeklyHours(days=(1, 2, 3, 4, 5), opens_at="09:00", closes_at="17:00"),),
    special_days=(SpecialDay(on=datetime(2026, 12, 24, tzinfo=UTC).date()),),
    grace_min=20,
)


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        ("2026-11-20T08:20", False),
        ("2026-11-20T08:31", True),
        ("2026-11-20T17:19", True),
        ("2026-11-20T17:21", False),
        ("2026-11-21T12:00", False),  # a Saturday
        ("2026-12-24T12:00", False),  # a special day
        ("2026-10-26T08:31", True),  # the first day of winter time
    ],
)
def test_the_door_is_open_by_the_wall_clock(at: str, is_open: bool) -> None:
    """Half an hour before opening until the grace is over, weekly hours and special days."""
    zone = ZoneInfo("Europe/Sofia")
    moment = datetime.fromisoformat(at).replace(tzinfo=zone).astimezone(UTC)
    assert Door(OPENING, zone).is_open(moment) is is_open
    assert Door(None, zone).is_open(moment) is None


def test_unknown_rules_are_told_with_those_there_are() -> None:
    """And version 0 doubts nothing."""
    with pytest.raises(UnknownRulesError, match="version 9: there are 0, 1"):
        judge(a_day([]), 9)
    burst = [visit(number * SECOND, 1) for number in range(9)]
    assert judge(a_day(burst), 0) == {}
    assert CURRENT in RULES
