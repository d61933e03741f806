"""The timetable: held to a clock that is walked minute by minute, and to days that people know."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from broker.wire.configuration import (
    EVERY_DAY,
    Configuration,
    Hours,
    OpeningHours,
    PlannedSurvey,
    SpecialDay,
    WeeklyHours,
)
from broker.wire.messages import VERSION
from broker.wire.surveys import Survey
from kiosk.timetable import Timetable
from tests.kiosk.builders import ONE, THREE, TWO_RATINGS, WITH_CHOICE

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
SOFIA = ZoneInfo("Europe/Sofia")
WORKDAYS = (1, 2, 3, 4, 5)
CHRISTMAS = {"bg": "Бъдни вечер", "en": "Christmas Eve"}
HALL = OpeningHours(
    weekly=(
        WeeklyHours(opens_at="13:00", closes_at="17:00", days=WORKDAYS),
        WeeklyHours(opens_at="08:30", closes_at="12:00", days=WORKDAYS),
    ),
    special_days=(
        SpecialDay(on=date(2026, 12, 24), texts=CHRISTMAS),
        SpecialDay(on=date(2026, 12, 25)),
        SpecialDay(on=date(2026, 12, 12), hours=(Hours(opens_at="09:00", closes_at="12:00"),)),
    ),
    grace_min=30,
)


def configured(
    opening: OpeningHours | None,
    *planned: PlannedSurvey,
    timezone: str = "Europe/Sofia",
) -> Configuration:
    """A configuration with a calendar."""
    return Configuration(
        v=VERSION,
        revision=1,
        touchpoint="desk-1",
        survey=ONE,
        opening=opening,
        planned=planned,
        timezone=timezone,
    )


def sofia(text: str) -> datetime:
    """A time of the wall clock in Sofia."""
    return datetime.fromisoformat(text).replace(tzinfo=SOFIA)


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        ("2026-11-23T08:29:59", False),  # a Monday
        ("2026-11-23T08:30:00", True),
        ("2026-11-23T12:29:59", True),  # grace of the morning
        ("2026-11-23T12:30:00", False),
        ("2026-11-23T13:00:00", True),
        ("2026-11-23T17:29:59", True),
        ("2026-11-23T17:30:00", False),
        ("2026-11-22T10:00:00", False),  # a Sunday
        ("2026-12-24T10:00:00", False),  # a holiday, a Thursday
        ("2026-12-12T10:00:00", True),  # a working Saturday
        ("2026-12-12T14:00:00", False),
    ],
)
def test_the_hall_is_open_by_the_hours_of_its_day(at: str, is_open: bool) -> None:
    """Weekly hours with a lunch break, grace after each closing, and special days instead."""
    assert Timetable(configured(HALL)).is_open(sofia(at)) is is_open


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        ("2026-11-20T18:00:00", "2026-11-23T08:30:00"),  # Friday evening
        ("2026-11-23T12:45:00", "2026-11-23T13:00:00"),
        ("2026-11-23T08:30:00", "2026-11-23T13:00:00"),  # open: the opening after this one
        ("2026-12-11T18:00:00", "2026-12-12T09:00:00"),
        ("2026-12-23T18:00:00", "2026-12-28T08:30:00"),  # over the holidays and a weekend
    ],
)
def test_it_tells_when_the_hall_opens_next(at: str, opens: str) -> None:
    """Over lunch, nights, weekends and holidays."""
    assert Timetable(configured(HALL)).opens_next(sofia(at)) == sofia(opens)


def test_it_tells_why_the_hall_is_closed() -> None:
    """The special day's reason, while it is closed and on that day only."""
    table = Timetable(configured(HALL))
    assert table.closed_because(sofia("2026-12-24T10:00:00")) == CHRISTMAS
    assert table.closed_because(sofia("2026-12-25T10:00:00")) == {}
    assert table.closed_because(sofia("2026-12-23T20:00:00")) == {}
    assert table.closed_because(sofia("2026-12-12T10:00:00")) == {}
    assert table.closed_because(None) == {}


def test_an_unknown_time_closes_nothing() -> None:
    """A kiosk whose clock is not set takes votes, and asks what is always asked."""
    table = Timetable(configured(HALL, PlannedSurvey(survey=THREE)))
    assert table.is_open(None)
    assert table.survey_at(None) is ONE
    assert table.next_change_at(None) is None
    assert table.opens_next(None) is None


def test_without_hours_the_hall_is_always_open() -> None:
    """And nothing ever changes."""
    table = Timetable(configured(None))
    assert table.is_open(sofia("2026-12-25T03:00:00"))
    assert table.next_change_at(sofia("2026-12-25T03:00:00")) is None
    assert table.opens_next(sofia("2026-12-25T03:00:00")) is None


def test_the_first_planned_survey_that_fits_is_asked() -> None:
    """By days of the week and by dates, both ends included; else the standing one."""
    table = Timetable(
        configured(
            None,
            PlannedSurvey(
                survey=TWO_RATINGS, first_on=date(2026, 12, 1), last_on=date(2026, 12, 2)
            ),
            PlannedSurvey(survey=THREE, days=(2,)),
        )
    )
    asked = [table.survey_at(sofia(f"2026-12-{day:02}T12:00:00")) for day in (1, 2, 3, 7, 8)]
    assert asked == [TWO_RATINGS, TWO_RATINGS, ONE, ONE, THREE]
    assert table.survey_at(sofia("2026-11-30T23:59:59")) is ONE
    assert table.next_change_at(sofia("2026-11-30T23:59:59")) == sofia("2026-12-01T00:00:00")


def test_a_hundred_special_days_in_a_row_are_looked_beyond() -> None:
    """A hall open on Mondays, closed on a hundred of them, opens on the next."""
    monday = date(2026, 11, 23)
    closed = tuple(SpecialDay(on=monday + 7 * number * DAY) for number in range(100))
    weekly = (WeeklyHours(opens_at="09:00", closes_at="10:00", days=(1,)),)
    table = Timetable(configured(OpeningHours(weekly=weekly, special_days=closed)))
    opens = table.opens_next(sofia("2026-11-22T12:00:00"))
    assert opens == datetime.combine(monday + 700 * DAY, time(9), SOFIA)


def test_hours_on_special_days_only_are_found_and_end() -> None:
    """A hall that opens on single days opens on the next of them, and after the last never."""
    days = tuple(
        SpecialDay(on=on, hours=(Hours(opens_at="09:00", closes_at="12:00"),))
        for on in (date(2031, 1, 10), date(2027, 5, 5))
    )
    table = Timetable(configured(OpeningHours(weekly=(), special_days=days)))
    assert table.opens_next(sofia("2026-11-22T12:00:00")) == sofia("2027-05-05T09:00:00")
    assert table.opens_next(sofia("2027-05-05T09:00:00")) == sofia("2031-01-10T09:00:00")
    assert table.opens_next(sofia("2031-01-10T09:00:00")) is None


def test_a_kiosk_that_rests_is_never_open() -> None:
    """Whatever its hours say, and without a clock; nor does it promise when it will be."""
    table = Timetable(replace(configured(HALL), is_resting=True))
    for at in (None, sofia("2026-11-23T09:00:00"), sofia("2026-12-24T09:00:00")):
        assert not table.is_open(at)
        assert (table.opens_next(at), table.closed_because(at)) == (None, {})


def test_months_are_counted_on_the_wall() -> None:
    """Not in UTC, and over the turn of a year."""
    table = Timetable(configured(None))
    october = date(2026, 10, 1)
    assert table.months_since(october, sofia("2026-10-31T23:59:59")) == 0
    assert table.months_since(october, sofia("2026-11-01T00:00:00")) == 1
    assert table.months_since(october, sofia("2027-01-15T12:00:00")) == 3
    assert table.months_since(october, sofia("2026-09-30T12:00:00")) == -1


SHIFTS = [
    ("Europe/Sofia", date(2026, 3, 29)),
    ("Europe/Sofia", date(2026, 10, 25)),
    ("Europe/Sofia", date(2026, 12, 24)),
    ("Africa/Cairo", date(2026, 4, 24)),  # midnight is skipped
    ("Africa/Cairo", date(2026, 10, 29)),  # the day's last hour comes twice
    ("America/Havana", date(2026, 3, 8)),
    ("America/Havana", date(2026, 11, 1)),  # midnight comes twice
    ("Australia/Lord_Howe", date(2026, 4, 5)),  # half an hour
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("Pacific/Apia", date(2011, 12, 30)),  # a day that never was
]
"""Days on which the wall clock does odd things, and one on which it doesn't."""

_minutes = st.integers(0, 24 * 60) | st.integers(0, 4 * 12).map(lambda each: each * 5)
_times = st.lists(_minutes, min_size=2, max_size=6, unique=True).map(sorted)


def _hours(times: list[int]) -> list[dict[str, str]]:
    """Hours that don't overlap: each two of ``times``."""
    said = [f"{minute // 60:02}:{minute % 60:02}" for minute in times]
    return [
        {"opens_at": opens, "closes_at": closes}
        for opens, closes in zip(said[::2], said[1::2], strict=False)
    ]


@st.composite
def calendars(draw: st.DrawFn, on: date, timezone: str) -> Configuration:
    """A calendar about the day ``on``."""
    days = st.lists(st.sampled_from(EVERY_DAY), min_size=1, max_size=7, unique=True).map(tuple)
    weekly = [WeeklyHours(**hours, days=draw(days)) for hours in _hours(draw(_times))]
    around = st.integers(-1, 1).map(lambda each: on + each * DAY)
    special = [
        SpecialDay(
            on=each, hours=tuple(Hours(**hours) for hours in _hours(draw(_times | st.just([]))))
        )
        for each in draw(st.lists(around, max_size=2, unique=True))
    ]
    planned = [
        PlannedSurvey(survey=survey, days=draw(days), first_on=draw(st.none() | around))
        for survey in draw(st.sampled_from([(), (THREE,), (THREE, WITH_CHOICE)]))
    ]
    opening = OpeningHours(
        weekly=tuple(weekly), special_days=tuple(special), grace_min=draw(st.integers(0, 240))
    )
    return configured(draw(st.sampled_from([opening, opening, None])), *planned, timezone=timezone)


class Walk:
    """A week about ``on``, minute by minute, looked up on the wall clock of a zone."""

    def __init__(self, configuration: Configuration, on: date) -> None:
        self._configuration = configuration
        zone = ZoneInfo(configuration.timezone)
        start = datetime.combine(on, time(), UTC) - 3 * DAY
        self._minutes = [start + number * MINUTE for number in range(7 * 24 * 60)]
        self._walls = [at.astimezone(zone).replace(tzinfo=None) for at in self._minutes]
        self.minutes = self._minutes[2 * 24 * 60 : 4 * 24 * 60]
        self.spans = sorted(self._spans(on))

    def is_open(self, at: datetime) -> bool:
        """Whether one of the spans holds ``at``."""
        if self._configuration.opening is None:
            return True
        return any(opens <= at < closes for opens, closes in self.spans)

    def survey_at(self, at: datetime) -> Survey:
        """The first planned one whose days and dates hold the date on the wall."""
        on = self._walls[self._minutes.index(at)].date()
        for planned in self._configuration.planned:
            if planned.first_on is not None and on < planned.first_on:
                continue
            if on.isoweekday() in planned.days:
                return planned.survey
        return self._configuration.survey

    def _spans(self, on: date) -> Iterator[tuple[datetime, datetime]]:
        opening = self._configuration.opening
        if opening is None:
            return
        special = {day.on: day.hours for day in opening.special_days}
        for day in (on + number * DAY for number in (-2, -1, 0, 1, 2)):
            weekly = [each for each in opening.weekly if day.isoweekday() in each.days]
            for hours in special.get(day, weekly):
                opens, closes = self._first(day, hours.opens_at), self._last(day, hours.closes_at)
                if opens < closes:
                    yield opens, closes + opening.grace_min * MINUTE

    def _first(self, day: date, time_of_day: str) -> datetime:
        """The first minute at which the wall clock says ``time_of_day``, or is past it."""
        wall = _wall(day, time_of_day)
        return next(at for at, said in zip(self._minutes, self._walls, strict=True) if said >= wall)

    def _last(self, day: date, time_of_day: str) -> datetime:
        """The last minute at which it says so; where it never does, the first one past it."""
        wall = _wall(day, time_of_day)
        shown = [at for at, said in zip(self._minutes, self._walls, strict=True) if said == wall]
        return shown[-1] if shown else self._first(day, time_of_day)


def _wall(day: date, time_of_day: str) -> datetime:
    hour, minute = map(int, time_of_day.split(":"))
    return datetime.combine(day, time()) + timedelta(hours=hour, minutes=minute)


@given(st.sampled_from(SHIFTS), st.data())
@settings(max_examples=40, deadline=None)
def test_every_minute_is_as_the_wall_clock_says(
    shift: tuple[str, date], data: st.DataObject
) -> None:
    """Open or closed and which survey, on days with skipped and repeated hours, lunch, holidays."""
    timezone, on = shift
    configuration = data.draw(calendars(on, timezone))
    table, walk = Timetable(configuration), Walk(configuration, on)
    for at in walk.minutes:
        assert table.is_open(at) == walk.is_open(at), at
    for at in walk.minutes[:: 60 * 3 + 7]:
        assert table.survey_at(at) == walk.survey_at(at), at
        later = [opens for opens, _ in walk.spans if opens > at]
        if later and configuration.opening is not None:
            assert table.opens_next(at) == later[0], at


@given(st.sampled_from(SHIFTS), st.data())
@settings(max_examples=40, deadline=None)
def test_nothing_changes_before_the_next_change(
    shift: tuple[str, date], data: st.DataObject
) -> None:
    """A kiosk that sleeps until then misses no opening, no closing and no survey."""
    timezone, on = shift
    table = Timetable(data.draw(calendars(on, timezone)))
    at = datetime.combine(on, time(), UTC) - DAY + data.draw(st.integers(0, 1440)) * MINUTE
    moments = [at]
    while moments[-1] < at + 2 * DAY:
        change = table.next_change_at(moments[-1])
        assert change is None or moments[-1] < change <= moments[-1] + timedelta(hours=26)
        moments.append(change or at + 2 * DAY)
    for begin, end in pairwise(moments):
        quarters = [begin + part * (end - begin) / 4 for part in range(4)]
        said = [(table.is_open(each), table.survey_at(each).version) for each in quarters]
        said.append((table.is_open(end - MINUTE / 60), table.survey_at(end - MINUTE / 60).version))
        assert len(set(said)) == 1, (begin, end)
