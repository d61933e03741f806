"""Sample years: plausible counts, in open hours, the same for the same seed."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest

from otziv.sample_years.town import Shift
from otziv.sample_years.towns import LARGE, SMALL
from otziv.sample_years.votes import HOUR_MS
from tests.demo.tallies import HALL, Tallies, local, year_of

DAYS = 84
CHRISTMAS = date(2025, 12, 31)


@pytest.fixture(scope="module")
def large() -> Tallies:
    """Twelve weeks of the large town."""
    return Tallies.of(year_of(LARGE, DAYS))


def _is_within(shift: Shift, vote_at_ms: int) -> bool:
    at = local(vote_at_ms)
    hours = at.hour + at.minute / 60 + at.second / 3600
    return at.isoweekday() in shift.days and shift.opens <= hours < shift.closes


def test_each_town_has_as_many_votes_as_it_says(large: Tallies) -> None:
    """In the hall 160 a day and touchpoint, over all days; in the small town 15 altogether."""
    small = Tallies.of(year_of(SMALL, DAYS))
    for made, a_day in ((large, 160 * 12), (small, 15)):
        in_hall = [vote for each in made.votes.values() for vote in each if vote.channel in HALL]
        misused = sum(each.size for each in made.year.planted if each.is_misuse)
        silent = sum(  # what a broken device did not count
            made.year.span.visits(made.year.town, desk)[on]
            for desk in made.year.town.desks
            for each in made.year.planted
            if each.kind == "broken-device" and each.touchpoint == desk.code
            for on in made.year.span.open_days(desk)
            if each.is_on(on)
        )
        assert len(in_hall) - misused + silent == pytest.approx(a_day * DAYS, rel=0.06)


def test_nobody_votes_in_a_hall_that_is_closed(large: Tallies) -> None:
    """Not at night, not on a Sunday, not on a public holiday; across a change of the clock."""
    assert large.year.span.first_on < date(2026, 3, 29)
    for desk in large.year.town.desks:
        for vote in large.votes[desk.code]:
            if vote.channel in HALL:
                assert any(_is_within(shift, vote.at_ms) for shift in desk.shifts), vote
        voted = set(large.unhappy(desk.code))
        assert voted <= set(large.year.span.open_days(desk))
        assert date(2026, 5, 25) not in voted  # a Monday off in a Sunday's stead


def test_every_channel_and_outcome_occurs(large: Tallies) -> None:
    """Device, tablet, web, code and paper; why is asked of the unhappy only."""
    votes = [vote for each in large.votes.values() for vote in each]
    assert {vote.channel for vote in votes} == {"device", "tablet", "web", "qr", "paper"}
    assert {vote.outcome for vote in votes} == {None, "answered", "skipped", "timeout"}
    for vote in votes:
        is_unhappy = (vote.corrected or vote.value) <= 2
        assert (vote.outcome is not None) == is_unhappy
        assert (vote.reason is not None) == (vote.outcome == "answered")
        assert vote.is_day == (vote.channel == "paper")


def test_people_served_are_never_fewer_than_voted(large: Tallies) -> None:
    """Hour by hour, where they are counted at all and nobody presses for fun."""
    misused = {each.touchpoint for each in large.year.planted if each.is_misuse}
    counted = {desk.code for desk in LARGE.desks if desk.people_a_vote is not None}
    assert {code for code, served in large.served.items() if served} == counted
    for code in counted - misused:
        in_hall = [vote.at_ms for vote in large.votes[code] if vote.channel in HALL]
        voted = Counter(at_ms // HOUR_MS * HOUR_MS for at_ms in in_hall)
        assert all(large.served[code][hour] >= votes for hour, votes in voted.items())


def test_growth_weekdays_and_seasons_show() -> None:
    """There is more by and by, more on Mondays than on Fridays, more where taxes fall due."""
    span = year_of(LARGE, 365, last_on=CHRISTMAS).span
    desk = next(each for each in LARGE.desks if each.code == "gorna-04")
    visits = span.visits(LARGE, desk)
    by_month = {m: sum(n for on, n in visits.items() if on.month == m) for m in range(1, 13)}
    assert by_month[4] > 2 * by_month[8]
    mondays = [n for on, n in visits.items() if on.weekday() == 0 and on.month == 9]
    fridays = [n for on, n in visits.items() if on.weekday() == 4 and on.month == 9]
    assert min(mondays) > max(fridays)
    steady = next(each for each in LARGE.desks if each.code == "gorna-01")
    level = {on: n for on, n in span.visits(LARGE, steady).items() if on.weekday() == 1}
    first, last = min(level), max(on for on in level if on.month == 11)
    assert level[last] > 1.05 * level[first]


def test_the_same_seed_gives_the_same_votes() -> None:
    """To the last millisecond; another seed gives others."""

    def votes(seed: int) -> object:
        return list(year_of(SMALL, 40, seed=seed).days())

    assert votes(5) == votes(5)
    assert votes(5) != votes(6)


def test_what_is_planted_at_a_desk_leaves_the_others_as_they_are() -> None:
    """Each day of each desk has chance of its own."""
    few = replace(LARGE, desks=LARGE.desks[:3], seeds=())
    bare = Tallies.of(year_of(few, 30))
    full = Tallies.of(year_of(replace(few, seeds=LARGE.seeds[:1]), 30))
    planted = full.planted("incident")
    for code in ("gorna-01", "gorna-03"):
        assert full.votes[code] == bare.votes[code]
    changed = [on for on, day in full.unhappy("gorna-02").items() if planted.is_on(on)]
    assert len(changed) == 5
    assert full.votes["gorna-02"] != bare.votes["gorna-02"]


def test_late_votes_come_in_after_their_days(large: Tallies) -> None:
    """All of the planted days arrive the morning after the last of them, in order of time."""
    planted = large.planted("late-upload")
    late = [
        (on, vote)
        for on, vote in large.received
        if vote.touchpoint == planted.touchpoint
        and vote.channel == "device"
        and planted.is_on(local(vote.at_ms).date())
    ]
    assert len({local(vote.at_ms).date() for _, vote in late}) == planted.size
    assert {on for on, _ in late} == {planted.until_on + timedelta(days=1)}
    assert [vote.at_ms for _, vote in late] == sorted(vote.at_ms for _, vote in late)


def test_a_broken_device_is_silent_while_people_are_served(large: Tallies) -> None:
    """No press on any of its days, presses before and after, and the queue goes on."""
    planted = large.planted("broken-device")
    pressed = {
        local(vote.at_ms).date()
        for vote in large.votes[planted.touchpoint]
        if vote.channel == "device"
    }
    assert not any(planted.is_on(on) for on in pressed)
    assert min(pressed) < planted.from_on < planted.until_on < max(pressed)
    served = {local(hour).date() for hour in large.served[planted.touchpoint]}
    assert sum(planted.is_on(on) for on in served) == planted.size


def test_a_child_presses_the_worst_face_within_a_minute(large: Tallies) -> None:
    """As many times as is said, one after another."""
    planted = large.planted("child")
    worst = [
        vote.at_ms
        for vote in large.votes[planted.touchpoint]
        if planted.is_on(local(vote.at_ms).date()) and vote.value == 1
    ]
    fastest = min(
        later - at for at, later in zip(worst, worst[int(planted.size) - 1 :], strict=False)
    )
    assert 50 < planted.size <= len(worst)
    assert fastest <= 60_000
