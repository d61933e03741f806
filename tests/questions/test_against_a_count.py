"""The rollups answer as a count of the votes themselves does, whatever was said and is asked."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from analytics.measures.shares import DISSATISFIED_TO
from analytics.period import Period
from analytics.questions.asked import Choice, read_scope
from analytics.questions.figures import compared, key_figures
from analytics.questions.hours import WHOLE_BLOCKS_FROM_DAYS, hour_grids
from analytics.questions.reasons import reasons
from analytics.questions.recent import RECENTLY, recent
from analytics.questions.trend import trends
from broker.store.database import Database
from broker.store.places import Place
from broker.store.scales import SCALES
from tests.questions.naive import SOFIA, Asker, answers_of, by_place, votes_of
from tests.questions.town import ANNEX, DESKS, HALL, SITE, Said, say

FIRST: Final = datetime(2026, 2, 10, tzinfo=UTC)
_AT: Final = st.integers(0, 400 * 24 * 4).map(lambda n: FIRST + timedelta(minutes=15 * n + 1))
_SCALE_AND_VALUE: Final = st.sampled_from(
    [("faces-4", value) for value in SCALES["faces-4"].values] * 3 + [("nps-11", 10), ("nps-11", 6)]
)


@st.composite
def _said(draw: st.DrawFn) -> Said:
    scale, value = draw(_SCALE_AND_VALUE)
    return Said(
        at=draw(_AT),
        kind=draw(st.sampled_from(["rating"] * 5 + ["correction", "answer", "answer"])),
        desk=draw(st.sampled_from(DESKS)),
        value=value,
        survey=draw(st.sampled_from(["reception", "reception", "winter"])),
        scale=scale,
        channel=draw(st.sampled_from(["device", "device", "web"])),
        clock=draw(st.sampled_from(["synced", "synced", "unknown"])),
        precision=draw(st.sampled_from(["instant", "instant", "day"])),
        options=tuple(
            draw(st.sets(st.sampled_from(["noise", "staff", "waiting-time"]), min_size=1))
        ),
        outcome=draw(st.sampled_from(["answered", "answered", "skipped", "timeout"])),
        doubt=draw(st.sampled_from([None] * 5 + ["burst", "clock-unknown", "foreign-touchpoint"])),
    )


PLACES: Final = st.lists(
    st.sampled_from([SITE, HALL, ANNEX, *(Place("touchpoint", code) for code in DESKS)]),
    min_size=1,
    max_size=4,
    unique=True,
)
PERIODS: Final = st.builds(
    lambda start, days: Period(start, start + timedelta(days=days - 1)),
    st.dates(date(2026, 2, 1), date(2026, 12, 31)),
    st.sampled_from([1, 7, 30, 90, 200, 365]),
)
ASKERS: Final = st.builds(
    Asker,
    st.one_of(st.none(), st.frozensets(st.sampled_from(DESKS))),
    st.booleans(),
)


@given(
    said=st.lists(_said(), max_size=40),
    places=PLACES,
    period=PERIODS,
    asker=ASKERS,
    survey=st.sampled_from([None, None, "winter"]),
    channel=st.sampled_from([None, None, "web"]),
    scale=st.sampled_from([None, "faces-4", "nps-11"]),
    is_filtered=st.booleans(),
)
@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
)
def test_every_question(  # noqa: PLR0913  # each is drawn by itself
    town: Database,
    *,
    said: list[Said],
    places: list[Place],
    period: Period,
    asker: Asker,
    survey: str | None,
    channel: str | None,
    scale: str | None,
    is_filtered: bool,
) -> None:
    """Key figures, comparison, trend, hours, reasons and the last minutes."""
    say(town, said)
    wide = Period(period.before.from_on, period.to_on)
    with town.reading() as connection:
        scope = read_scope(
            connection,
            wide,
            places,
            visible=asker.visible,
            is_test_included=asker.is_test_included,
        )
        rated = Choice(scope, survey, "overall", channel, is_filtered, scale)
        _check_figures(connection, rated, asker, period)
        _check_trend(connection, rated, asker, period)
        _check_hours(connection, rated, asker, period)
        answered = Choice(scope, survey, "reason", channel, is_filtered=is_filtered)
        _check_reasons(connection, answered, asker, period)
        at = said[-1].at + timedelta(minutes=5) if said else FIRST
        today = at.astimezone(SOFIA).date()
        day = read_scope(
            connection,
            Period(today, today),
            places,
            visible=asker.visible,
            is_test_included=asker.is_test_included,
        )
        now = Choice(day, survey, "overall", channel, is_filtered, scale)
        _check_recent(connection, now, asker, at)


def _check_figures(connection: Connection, choice: Choice, asker: Asker, days: Period) -> None:
    now, before = (
        by_place(votes_of(connection, choice, asker, each), lambda vote: vote.value)
        for each in (days, days.before)
    )
    found = key_figures(connection, choice, days)
    assert {(each.place, each.scale): +Counter(each.counts) for each in found} == now
    assert all(each.n == now[each.place, each.scale].total() for each in found)
    both = compared(connection, choice, days)
    assert {(each.now.place, each.now.scale) for each in both} == now.keys() | before.keys()
    for each in both:
        key = (each.now.place, each.now.scale)
        assert +Counter(each.now.counts) == now.get(key, Counter())
        assert +Counter(each.before.counts) == before.get(key, Counter())


def _check_trend(connection: Connection, choice: Choice, asker: Asker, days: Period) -> None:
    expected = by_place(
        votes_of(connection, choice, asker, days),
        lambda vote: (vote.day, _mood(vote.scale, vote.value)),
    )
    found = trends(connection, choice, days)
    assert {(each.place, each.scale) for each in found} == expected.keys()
    for each in found:
        counts = expected[each.place, each.scale]
        for number, day in enumerate(days.days):
            moods = (each.satisfied[number], each.dissatisfied[number])
            assert moods == (counts[day, 1], counts[day, -1])
            assert each.votes[number] == sum(counts[day, mood] for mood in (-1, 0, 1))


def _check_hours(connection: Connection, choice: Choice, asker: Asker, days: Period) -> None:
    grids = hour_grids(connection, choice, days)
    for grid in grids:
        assert days.length < WHOLE_BLOCKS_FROM_DAYS or grid.period.length % 28 == 0
        assert days.length - grid.period.length < 55
    covered = grids[0].period if grids else days
    votes = (v for v in votes_of(connection, choice, asker, covered) if v.hour is not None)
    expected = by_place(votes, lambda vote: (vote.hour, _mood(vote.scale, vote.value)))
    if grids or days.length < WHOLE_BLOCKS_FROM_DAYS:
        assert {(each.place, each.scale) for each in grids} == expected.keys()
    for each in grids:
        counts = expected[each.place, each.scale]
        assert sum(each.votes) == counts.total()
        for hour in range(168):
            moods = (each.satisfied[hour], each.dissatisfied[hour])
            assert moods == (counts[hour, 1], counts[hour, -1])


def _check_reasons(connection: Connection, choice: Choice, asker: Asker, days: Period) -> None:
    expected = answers_of(connection, choice, asker, days)
    found: Counter[tuple[Place, str, str]] = Counter()
    for each in reasons(connection, choice, days):
        assert list(each.options.values()) == sorted(each.options.values(), reverse=True)
        outcomes = (each.answered, each.skipped, each.timed_out)
        for outcome, n in zip(("answered", "skipped", "timeout"), outcomes, strict=True):
            found[each.place, outcome, ""] += n
        for option, n in each.options.items():
            found[each.place, "answered", option] += n
    assert +found == expected


def _check_recent(connection: Connection, choice: Choice, asker: Asker, now: datetime) -> None:
    days = Period(now.date() - timedelta(days=2), now.date() + timedelta(days=2))
    votes = (
        vote
        for vote in votes_of(connection, choice, asker, days)
        if now - RECENTLY < vote.at <= now and vote.is_exact
    )
    found = recent(connection, choice, now)
    counts = {(each.place, each.scale): +Counter(each.counts) for each in found}
    assert counts == by_place(votes, lambda vote: vote.value)


def _mood(scale: str, value: int) -> int:
    """1 satisfied, −1 dissatisfied, 0 neither."""
    if value >= SCALES[scale].satisfied_from:
        return 1
    return -1 if value <= DISSATISFIED_TO[SCALES[scale]] else 0


def test_nothing_was_ever_said(town: Database) -> None:
    """An empty store has no figures, and no errors."""
    days = Period(date(2026, 1, 1), date(2026, 12, 31))
    with town.reading() as connection:
        choice = Choice(read_scope(connection, days, [SITE, Place("location", "nowhere")]))
        for question in (key_figures, compared, trends, hour_grids, reasons):
            assert question(connection, choice, days) == []
        assert recent(connection, choice, FIRST) == []


@pytest.mark.parametrize("places", [[], [Place("location", "nowhere")]])
def test_nobody_was_asked_about(town: Database, places: list[Place]) -> None:
    """No places, or one that is not there: no figures either."""
    say(town, [Said(FIRST)])
    days = Period(FIRST.date(), FIRST.date())
    with town.reading() as connection:
        choice = Choice(read_scope(connection, days, places))
        assert key_figures(connection, choice, days) == []
        assert reasons(connection, choice, days) == []
